import { type Finding, show } from '../core/errors';
import { Deferred, isNamed, nameValue, parsePrinted, rootsOf } from '../core/value';
import { misuseOf, valueNotAllowed } from '../core/value-misuse';
import { hasOutput } from './deployment-values';
import { UNWRAPPED } from './object-values';
import type { Manifest } from './resource-class';

/** Fields whose text is an identity: it must be known before anything is deployed, wherever the field stands. */
const IDENTITIES = new Set([
  'apiVersion',
  'kind',
  'image',
  'port',
  'targetPort',
  'containerPort',
  'labels',
  'matchLabels',
  'matchExpressions',
  'selector',
  'podSelector',
  'namespaceSelector',
  'nodeSelector',
]);

/** Fields of ConfigMaps and Secrets below which every name is the user's own. */
const OWN_NAMES = new Set(['data', 'stringData', 'binaryData']);

const METADATA_IDENTITIES = new Set(['name', 'namespace', 'generateName']);

/**
 * What is wrong with the places of values in an object, as they came out of rendering: a value where its text must be
 * known, or text of an Output that no value can replace. The types and the checks of properties refuse most of it
 * earlier; this sees objects and patches of the user's own, too.
 */
export function placeProblems(path: string, manifest: Manifest): Finding[] {
  const findings: Finding[] = [];
  const holdsData = manifest.apiVersion === 'v1' && ['ConfigMap', 'Secret'].includes(manifest.kind);
  const visit = (value: unknown, where: readonly string[], fixed: boolean): void => {
    if (typeof value === 'string') {
      const problem = textProblem(
        [path, where.join('.')].join(' '),
        value,
        fixed,
        where[0] === 'binaryData' || (manifest.kind === 'Secret' && where[0] === 'data') ? where[1] : undefined,
      );
      if (problem !== undefined) {
        findings.push(problem);
      }
      return;
    }
    if (typeof value !== 'object' || value === null) {
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const inMetadata = where.at(-1) === 'metadata' && METADATA_IDENTITIES.has(key);
      if (!Array.isArray(value)) {
        visit(key, [...where, '<key>'], true);
      }
      const isIdentity = IDENTITIES.has(key) && !(holdsData && OWN_NAMES.has(where[0] ?? ''));
      visit(inner, [...where, key], fixed || isIdentity || inMetadata);
    }
  };
  visit(manifest, [], false);
  return findings;
}

/**
 * @param encoded The key below which base64 is needed.
 */
function textProblem(path: string, value: string, fixed: boolean, encoded: string | undefined): Finding | undefined {
  const values = parsePrinted(value).filter((part) => Deferred.isDeferred(part));
  if (values.length === 0) {
    return misuseOf(path, value, !fixed);
  }
  if (values.includes(UNWRAPPED)) {
    return misuseOf(path, { __pulumiOutput: true });
  }
  const finding = { level: 'error', path, given: `value of ${values.map(({ source }) => source).join(', ')}` } as const;
  if (fixed) {
    return { ...valueNotAllowed(path), given: finding.given };
  }
  if (!values.flatMap(rootsOf).every(hasOutput)) {
    return {
      ...finding,
      id: 'pulumi/foreign-value',
      message: 'a value stands here that `value` of a build function did not make, so nobody knows its text',
      fix: 'make it with value(output)',
    };
  }
  // A value of the engine as it is; what the library encodes is a value that was derived.
  const plain = values.filter((each) => rootsOf(each).includes(each));
  if (encoded !== undefined && plain.length > 0) {
    return {
      ...finding,
      id: 'pulumi/unencoded-value',
      message: 'base64 stands here, and a value arrives as it is',
      fix: `use stringData of a Secret, or data of a ConfigMap: { ${show(encoded)}: ... }`,
    };
  }
  // A value that was given for no property is named by its place, for what its checks will say.
  values
    .flatMap(rootsOf)
    .filter((root) => !isNamed(root))
    .forEach((root) => nameValue(root, path));
  return undefined;
}
