import { whenKnown } from '../core/deferred-checks';
import type { Finding } from '../core/errors';
import { CONFIG_MAP_MAX, dataKeyProblem, dnsNameProblem, freeTextProblem } from '../core/text';
import { Deferred, known, type Value } from '../core/value';
import { misuseOf } from '../core/value-misuse';
import { specFinding } from './spec-finding';
import type { MountedTrust } from './trust';
import { path as relativePath } from './volume-fields';
import { overlapProblem } from './volume-source';
import type { ConfigFiles, SecretFiles } from './volumes';

/** Secrets, keys and file names that Kubernetes refuses, and files in each other's place. */
export function secretFileProblems(path: string, volumes: readonly SecretFiles[]): Finding[] {
  return volumes.flatMap(({ items }, index) => {
    const where = `${path}[${index}].items`;
    return [
      ...items.flatMap((item, place) => {
        const problem = (property: keyof typeof item, message: string | undefined, fix: string): Finding[] =>
          specFinding({
            id: 'workload/invalid-file',
            path: `${where}[${place}].${property}`,
            message,
            given: item[property],
            fix,
          });
        const name = dnsNameProblem(item.secretName);
        return [
          ...problem('secretName', name && `this is not the name of a Secret: ${name}`, 'name the Secret'),
          ...problem('key', dataKeyProblem(item.key), 'name a key of the Secret'),
          ...problem('path', relativePath('the path', item.path), 'use the name of a file, such as "token"'),
        ];
      }),
      ...specFinding({
        id: 'workload/invalid-file',
        path: where,
        message: overlapProblem(items.map((item) => item.path)),
        given: items.map((item) => item.path),
        fix: 'give each file a path of its own',
      }),
    ];
  });
}

/** Names and contents of files that no ConfigMap takes. All files of a component share one. */
export function configFileProblems(path: string, volumes: readonly ConfigFiles[]): Finding[] {
  const all = volumes.flatMap(({ files }, index) =>
    Object.entries(files).map(([name, text]) => ({ where: `${path}[${index}].files.${name}`, name, text })),
  );
  // A text that only the deployment knows counts as nothing here.
  const size = all.reduce((sum, { name, text }) => sum + Buffer.byteLength(`${name}${knownText(text)}`), 0);
  return [
    ...all.flatMap(({ where, name, text }, index) => [
      ...specFinding({
        id: 'workload/invalid-file',
        path: where,
        message:
          dataKeyProblem(name) ??
          (all.slice(0, index).some((each) => each.name === name)
            ? 'another file of the component has this name, and all of them are keys of one ConfigMap'
            : undefined),
        given: name,
        fix: 'give each file a name of its own, such as "app.yaml"',
      }),
      ...contentProblems(where, text),
    ]),
    ...specFinding({
      id: 'workload/invalid-file',
      path,
      message: size > CONFIG_MAP_MAX ? `a ConfigMap holds at most ${CONFIG_MAP_MAX} bytes` : undefined,
      given: `${size} bytes`,
      fix: 'put large files into the image or into a volume',
    }),
  ];
}

/** A bundle of certificates whose names Kubernetes refuses. */
export function trustProblems(path: string, trust: MountedTrust): Finding[] {
  return specFinding({
    id: 'workload/invalid-trust',
    path,
    message: dnsNameProblem(trust.configMap) ?? dataKeyProblem(trust.key),
    given: { configMap: trust.configMap, key: trust.key },
    fix: 'name a ConfigMap of the namespace and one of its keys',
  });
}

function contentProblems(path: string, text: Value<string>): Finding[] {
  const misuse = misuseOf(path, text);
  if (misuse !== undefined) {
    return [misuse];
  }
  const refused = (message: string | undefined, given: unknown): Finding[] =>
    specFinding({ id: 'workload/invalid-file', path, message, given, fix: 'use printable text' });
  // Where it is deferred, the engine asks again with the text.
  return Deferred.isDeferred(text) || typeof text === 'string'
    ? whenKnown(text, (content) => refused(freeTextProblem(content), `${content.length} characters`))
    : refused('the content of a file is a string', text);
}

function knownText(text: Value<string>): string {
  const content: unknown = known(text);
  return typeof content === 'string' ? content : '';
}
