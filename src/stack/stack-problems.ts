import type { Construct, IConstruct } from 'constructs';
import { check, checkShape, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';
import { dnsLabelProblem, labelValueProblem, serviceNameProblem, STATEFUL_SET_NAME_MAX } from '../core/text';
import { podDefaultsProblems, POD_DEFAULTS_CHECKS } from '../workload/pod-defaults';
import { SELECTOR_KEYS } from '../workload/component';
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

/** Every problem of a stack's own properties. */
export function stackProblems(path: string, props: PlatformStackProps, checks: Checks<PlatformStackProps>): Finding[] {
  const own = checkShape(path, props, checks);
  const isUsable = (property: keyof PlatformStackProps): boolean =>
    isObject(props?.[property]) && !own.some((finding) => finding.path === `${path}.${property}`);
  const shape = [
    ...own,
    ...(isUsable('pods') ? checkShape(`${path}.pods`, props.pods ?? {}, POD_DEFAULTS_CHECKS) : []),
    ...(isUsable('namespace')
      ? checkShape(`${path}.namespace`, props.namespace as StackNamespace, NAMESPACE_CHECKS)
      : []),
  ];
  const missing = REQUIRED.filter((key) => props?.[key] === undefined).map((key): Finding => ({
    id: 'core/missing-property',
    level: 'error',
    path: `${path}.${key}`,
    message: `"${key}" is required`,
    fix: `give ${key}`,
  }));
  return shape.length + missing.length > 0 ? [...shape, ...missing] : contentProblems(path, props);
}

function contentProblems(path: string, props: PlatformStackProps): Finding[] {
  const { product, instance, version } = props;
  const entry = (property: keyof PlatformStackProps, message: string | undefined, fix: string): Finding[] =>
    message === undefined
      ? []
      : [
          {
            id: `stack/invalid-${property}`,
            level: 'error',
            path: `${path}.${property}`,
            message,
            given: show(props[property]),
            fix,
          },
        ];
  return [
    ...entry('namespace', namespaceProblem(props.namespace), 'name a namespace of its own, or { name, create: true }'),
    ...entry('product', nameProblem(product, STATEFUL_SET_NAME_MAX), NAME_FIX),
    ...entry('instance', instance === undefined ? undefined : nameProblem(instance), NAME_FIX),
    ...entry('version', version === undefined ? undefined : versionProblem(version), 'use the version of the release'),
    ...podDefaultsProblems(`${path}.pods`, props.pods ?? {}, SELECTOR_KEYS),
  ];
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
