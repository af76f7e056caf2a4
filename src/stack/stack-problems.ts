import type { Construct, IConstruct } from 'constructs';
import { check, checkShape, type Checks } from '../core/checks';
import { together, usable } from '../core/usable';
import { type Finding, show } from '../core/errors';
import { withoutCredentialsInValue } from '../core/redaction';
import { LABELS, OWN_LABELS } from '../core/identity';
import { dnsLabelProblem, labelValueProblem, serviceNameProblem, STATEFUL_SET_NAME_MAX } from '../core/text';
import { podDefaultsProblems, POD_DEFAULTS_CHECKS } from '../workload/pod-defaults';
import { SELECTOR_KEYS } from '../workload/component';
import { metadataFinding } from '../workload/metadata-finding';
import { annotationProblems, labelProblems } from '../workload/pod-metadata';
import { ruleProblems } from './rule-problems';
import { PODS_ADVICE, STACK_ADVICE } from './advice';
import type { StackNamespace } from './namespace';
import type { PlatformStackProps } from './platform-stack';

const NAME_FIX = 'use a short name in lower-case letters, digits and "-", with a letter first';

/** Path that a construct will have, for problems that are found before it is made. */
export function pathIn(scope: Construct, id: string): string {
  return [scope.node.path, id].filter((part) => part !== '').join('/');
}

/** What a construct says against itself. */
export function constructProblems({ node }: IConstruct): Finding[] {
  return node.validate().map((message) => ({
    id: 'stack/invalid-construct',
    level: 'error',
    path: node.path,
    message,
    fix: 'see the message of the construct',
  }));
}

const REQUIRED = ['profile', 'namespace', 'cluster', 'product'] as const;

const NAMESPACE_CHECKS: Checks<StackNamespace> = {
  name: check.text,
  create: (value) =>
    value === true ? undefined : 'it must be true; a namespace that exists is given by its name alone',
};

/** Every problem of a stack's own properties: whatever has a usable shape is judged in the same report. */
export function stackProblems(path: string, props: PlatformStackProps, checks: Checks<PlatformStackProps>): Finding[] {
  const shape = stackShapeProblems(path, props, checks);
  const missing = REQUIRED.filter((key) => isObject(props) && props[key] === undefined).map((key): Finding => ({
    id: 'core/missing-property',
    level: 'error',
    path: `${path}.${key}`,
    message: `"${key}" is required`,
    fix: `give ${key}`,
  }));
  const { parts, isWhole } = usable(path, props, shape);
  const { namespace, ...others } = parts;
  // A namespace without its name has no other problem than that.
  const judged = namespace !== undefined && isWhole('namespace') ? { ...others, namespace } : others;
  return together([...shape, ...missing], stackContentProblems(path, judged));
}

function stackShapeProblems(path: string, props: PlatformStackProps, checks: Checks<PlatformStackProps>): Finding[] {
  const own = checkShape(path, props, checks, STACK_ADVICE);
  const { parts } = usable(path, props, own);
  return [...own, ...groupShapeProblems(path, parts)];
}

/** Unknown names and wrong types inside of the properties that every stack has. */
export function groupShapeProblems(
  path: string,
  { pods, namespace, rules }: Partial<Pick<PlatformStackProps, 'pods' | 'namespace' | 'rules'>>,
): Finding[] {
  return [
    ...(pods === undefined ? [] : checkShape(`${path}.pods`, pods, POD_DEFAULTS_CHECKS, PODS_ADVICE)),
    ...(isObject(namespace) ? checkShape(`${path}.namespace`, namespace, NAMESPACE_CHECKS) : []),
    ...(rules ?? []).flatMap((rule, index) => ruleProblems(`${path}.rules[${index}]`, rule)),
  ];
}

/** What is wrong with what the properties say; those that are absent are not judged. */
export function stackContentProblems(path: string, props: Partial<PlatformStackProps>): Finding[] {
  const entry = (
    property: 'namespace' | 'product' | 'instance' | 'version',
    problem: (value: never) => string | undefined,
    fix: string,
  ): Finding[] => {
    const value = props[property];
    const message = value === undefined ? undefined : problem(value as never);
    return message === undefined
      ? []
      : [
          {
            id: `stack/invalid-${property}`,
            level: 'error',
            path: `${path}.${property}`,
            message,
            given: show(value),
            fix,
          },
        ];
  };
  return [
    ...entry('namespace', namespaceProblem, namespaceFix(props.namespace)),
    ...entry('product', (product: string) => nameProblem(product, STATEFUL_SET_NAME_MAX), NAME_FIX),
    ...entry('instance', (instance: string) => nameProblem(instance), nameFix('instance', props.instance)),
    ...entry('version', versionProblem, 'use the version of the release'),
    ...stackLabelProblems(`${path}.labels`, props.labels),
    ...annotationProblems(`${path}.annotations`, props.annotations),
    ...(props.pods === undefined ? [] : podDefaultsProblems(`${path}.pods`, props.pods, SELECTOR_KEYS)),
  ];
}

/** Labels that the library sets itself. */
const RESERVED_LABELS: readonly string[] = [...Object.values(LABELS), ...Object.values(OWN_LABELS)];

function stackLabelProblems(path: string, labels: PlatformStackProps['labels'] = {}): Finding[] {
  const reserved = Object.keys(labels).filter((key) => RESERVED_LABELS.includes(key));
  return [
    ...labelProblems(path, labels),
    ...reserved.flatMap((key) => metadataFinding(path, { [key]: labels[key] }, 'the library sets this label itself')),
  ];
}

function namespaceFix(namespace: unknown): string {
  const name = isObject(namespace) ? (namespace as Partial<StackNamespace>).name : namespace;
  return typeof name === 'string' && namespaceProblem(name) === undefined
    ? `write namespace: { name: "${name}", create: true }, or namespace: "${name}" where it exists`
    : 'name a namespace of its own, or { name, create: true }';
}

function nameFix(property: string, given: unknown): string {
  // What is derived of a secret would tell it as well.
  const isPlain = typeof given === 'string' && withoutCredentialsInValue(given) === given;
  const lower = isPlain ? given.toLowerCase().replaceAll(/[_. ]+/g, '-') : '';
  return lower !== given && nameProblem(lower) === undefined ? `write ${property}: "${lower}"` : NAME_FIX;
}

function nameProblem(name: string, maximum?: number): string | undefined {
  const problem = serviceNameProblem(name, maximum);
  return problem === undefined ? undefined : `objects cannot be named after it: ${problem}`;
}

function namespaceProblem(namespace: unknown): string | undefined {
  const created = isObject(namespace) ? (namespace as Partial<StackNamespace>) : undefined;
  const name = created === undefined ? namespace : created.name;
  if (created !== undefined && created.create === undefined) {
    return 'an object means a namespace that the stack creates, and says so: { name, create: true }';
  }
  if (typeof name !== 'string') {
    return 'a name is needed';
  }
  if (name === 'default') {
    return 'the namespace "default" is shared with whatever else has no home';
  }
  const problem = dnsLabelProblem(name);
  return problem === undefined ? undefined : `this is not a namespace: ${problem}`;
}

// Kubernetes takes an empty label value; as a version it says nothing.
function versionProblem(version: string): string | undefined {
  return version === '' ? 'it is empty' : labelValueProblem(version);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
