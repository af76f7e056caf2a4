/** What the secret sources of a stack provide, against the keys of `secrets.json`. */
import type { Row } from '../contract/data';
import { rowsOf, runtimeSecret } from './support-env';
import type { Built } from './support-world';

/** Keys that a source provides, each with the text that it is made of: a value (dev), a template, or nothing (existing). */
export function providedKeys(built: Built): Map<string, string> {
  const { emitted, stack, world } = built;
  const name = runtimeSecret(built);
  if (world.profile === 'dev') {
    const data = emitted.find('Secret', name)?.data ?? {};
    return new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
  }
  if (world.profile === 'production') {
    const data = emitted.find('ExternalSecret', name)?.spec.target.template.data as Record<string, string> | undefined;
    return new Map(Object.entries(data ?? {}));
  }
  const own = stack
    .secretChecklist()
    .filter(({ location }) => location.kind === 'secret' && location.secretName === name);
  return new Map(own.map(({ key }) => [key, '']));
}

/** Keys that rows want of the stack's own source: not what a ConfigMap may hold, nor what has a Secret of its own. */
function wantedKeys(built: Built): Row[] {
  const ownSecrets = built.world.profile !== 'production';
  return rowsOf(built, 'secrets', 'keys').filter(
    (row) => row.mayBeConfigMap !== true && !(ownSecrets && /^(github|google|smtp|vaultToken)/.test(String(row.key))),
  );
}

/** Every key that some pod mounts is provided, and no key is demanded that nothing needs. */
export function keyDifferences(built: Built): string[] {
  const provided = providedKeys(built);
  const wanted = wantedKeys(built).map((row) => String(row.key));
  // The operator composes redisUrl in the cluster, so that the password is stored once.
  const composedFrom = [...provided].flatMap(([key, text]) => (key.endsWith('Url') ? [text] : []));
  const isPart = (key: string): boolean => composedFrom.some((text) => text.includes(`.${key} `));
  return [
    ...wanted.filter((key) => !provided.has(key)).map((key) => `${key} is not provided`),
    ...[...provided.keys()]
      .filter((key) => !wanted.includes(key) && !isPart(key))
      .map((key) => `${key} is demanded for nothing`),
    ...rowsOf(built, 'secrets', 'notNeeded')
      .map((row) => String(row.key))
      .filter((key) => provided.has(key) && !isPart(key))
      .map((key) => `${key} is not needed`),
  ];
}

const passwordOf = (url: string): string => decodeURIComponent(/^[a-z]+:\/\/[^:]*:([^@]*)@/.exec(url)?.[1] ?? '');

/** Forms of the values that are visible (dev), what a URL is made of, and what must differ. */
export function valueDifferences(built: Built): string[] {
  const provided = providedKeys(built);
  const visible = built.world.profile === 'dev';
  const formats = new Map(rowsOf(built, 'secrets', 'formats').map((row) => [String(row.format), String(row.pattern)]));
  const names: Record<string, string> = { main: 'caracal', auth: 'caracal_auth' };
  return [
    ...wantedKeys(built).flatMap((row): string[] => {
      const key = String(row.key);
      const text = provided.get(key) ?? '';
      const inUrl =
        row.database === undefined
          ? undefined
          : new RegExp(`^postgres://${String(row.role)}:.*/${names[String(row.database)] ?? ''}\\?`);
      return [
        ...(visible && !new RegExp(formats.get(String(row.format)) ?? '(?!)').test(text)
          ? [`${key} has not the form ${String(row.format)}`]
          : []),
        ...(text !== '' && inUrl?.test(text) === false
          ? [`${key} is not for ${String(row.role)} and its database`]
          : []),
      ];
    }),
    ...rowsOf(built, 'secrets', 'contains').flatMap((row): string[] => {
      const [url, password] = [provided.get(String(row.key)) ?? '', provided.get(String(row.contains)) ?? ''];
      const ok = visible
        ? passwordOf(url) === password
        : url === '' || url.includes(`.${String(row.contains)} | trim | urlquery`);
      return ok ? [] : [`${String(row.key)} does not carry ${String(row.contains)}`];
    }),
    ...rowsOf(built, 'secrets', 'distinct').flatMap((row) => {
      const values = (row.keys as string[])
        .map((key) => provided.get(key))
        .filter((value) => value !== undefined && value !== '');
      return new Set(values).size === values.length ? [] : [`${String(row.id)}: two values are equal`];
    }),
  ];
}

/** Keys that must be equal on several components come from one key of one Secret. */
export function sharedDifferences(built: Built): string[] {
  const consumers = rowsOf(built, 'secrets', 'consumers');
  return rowsOf(built, 'secrets', 'sameValue').flatMap((row) => {
    const key = String(row.key);
    const readers = (row.components as string[]).filter((component) =>
      consumers.some((each) => each.key === key && each.component === component),
    );
    const sources = readers.map((component) => {
      const volumes = built.emitted.pod(component)?.pod.volumes ?? [];
      const secrets = volumes.flatMap(({ projected }) => (projected?.sources ?? []).map(({ secret }) => secret));
      return secrets.find((secret) => secret?.items?.some((item) => item.key === key) === true)?.name;
    });
    return new Set(sources).size === 1 && sources[0] === runtimeSecret(built)
      ? []
      : [`${key} comes from ${String(sources)}`];
  });
}
