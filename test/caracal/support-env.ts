/** Environment and secrets of the emitted pods against `env.json` and `secrets.json`. Each check returns what differs. */
import { applies, type ConsumerRow, type EnvRow, type Row, section } from '../contract/data';
import { fileSource, mountsOf, type PodView } from './support-objects';
import { NAMES, SIGN_IN_SECRETS } from './support-props';
import { type Built, FILES } from './support-world';

/** Rows of a list that hold in a world. */
export function rowsOf<T extends Row = Row>(built: Built, file: string, list: string): T[] {
  const { profile, conditions } = built.world;
  return section<T>(FILES, file, list).filter((row) => applies(row, profile, conditions));
}

/** A text with the templates of the vocabulary filled in. */
export function filled(built: Built, text: string): string {
  return text.replace(/\$\{(\w+)\}/g, (_all, name: string) => {
    const value = built.templates[name];
    if (value === undefined) throw new Error(`no value for the template ${name}`);
    return value;
  });
}

/** Plain variables of the main container. A variable without a plain value is a difference of its own. */
export function envOf(view: PodView): Map<string, string | undefined> {
  return new Map((view.main.env ?? []).map(({ name, value }) => [name, value]));
}

/** Name of the Secret that holds the keys of the stack. */
export function runtimeSecret(built: Built): string {
  return built.world.profile === 'rc' ? NAMES.existingSecret : `${String(built.templates.instance)}-runtime`;
}

/** The key of the contract that a mounted file holds. */
function contractKey(built: Built, source: { object: string; key: string } | undefined): string | undefined {
  if (source === undefined) return undefined;
  return source.object === runtimeSecret(built) ? source.key : SIGN_IN_SECRETS[`${source.object}/${source.key}`];
}

/** Name of the ConfigMap with the private authority. */
export function trustConfigMap(built: Built): string {
  return built.world.profile === 'production' ? NAMES.trust.configMap : `${String(built.templates.instance)}-trust`;
}

function holdsBundle(built: Built, view: PodView, path: string): boolean {
  const source = fileSource(view, path);
  return source?.object === trustConfigMap(built) && source.key === NAMES.trust.key;
}

function valueProblems(built: Built, view: PodView, row: EnvRow, value: string): string[] {
  const wanted = row.value === undefined ? undefined : filled(built, row.value);
  return [
    ...(wanted === undefined || wanted === value ? [] : [`is "${value}", not "${wanted}"`]),
    ...(row.valuePattern === undefined || new RegExp(row.valuePattern).test(value)
      ? []
      : [`is "${value}", which does not fit ${row.valuePattern}`]),
    ...(row.min !== undefined && !(/^\d+$/.test(value) && Number(value) >= row.min)
      ? [`is ${value}, below ${row.min}`]
      : []),
    ...(row.max !== undefined && !(/^\d+$/.test(value) && Number(value) <= row.max)
      ? [`is ${value}, above ${row.max}`]
      : []),
    ...(row.secretKey === undefined || contractKey(built, fileSource(view, value)) === row.secretKey
      ? []
      : [`is "${value}", which is no file of the key ${row.secretKey}`]),
    ...(row.holds === 'caBundle' && !holdsBundle(built, view, value)
      ? [`is "${value}", which is not the CA bundle`]
      : []),
    ...(row.holds === 'caBundleFolder' && !holdsBundle(built, view, `${value}/${NAMES.trust.key}`)
      ? [`is "${value}", a folder without the CA bundle`]
      : []),
  ];
}

function knownNames(built: Built, component: string): (name: string) => boolean {
  const rows = rowsOf<EnvRow>(built, 'env', 'rows').filter(
    (row) => row.component === component && row.presence !== 'forbidden',
  );
  const allowed = rowsOf(built, 'env', 'allowed').filter((row) => row.component === component);
  const names = new Set([...rows.map(({ name }) => name), ...allowed.flatMap((row) => row.names as string[])]);
  const patterns = allowed
    .flatMap((row) => (row.patterns as string[] | undefined) ?? [])
    .map((text) => new RegExp(text));
  return (name) => names.has(name) || patterns.some((pattern) => pattern.test(name));
}

function componentEnvProblems(built: Built, view: PodView): string[] {
  const env = envOf(view);
  const names = (list: string) =>
    rowsOf(built, 'env', list)
      .filter((row) => row.component === undefined || row.component === view.component)
      .flatMap((row) => row.names as string[]);
  const refused = new Set([...names('forbiddenEverywhere'), ...names('unreadByComponent')]);
  const isKnown = knownNames(built, view.component);
  const listed = (view.main.env ?? []).map(({ name }) => name);
  const problems = rowsOf<EnvRow>(built, 'env', 'rows')
    .filter((row) => row.component === view.component)
    .flatMap((row): string[] => {
      if (!env.has(row.name)) return row.presence === 'required' ? [`${row.name} is missing`] : [];
      if (row.presence === 'forbidden') return [`${row.name} is forbidden`];
      return valueProblems(built, view, row, env.get(row.name) ?? '').map((text) => `${row.name} ${text}`);
    });
  return [
    ...problems,
    ...listed.filter((name, index) => listed.indexOf(name) !== index).map((name) => `${name} is there twice`),
    ...[...env].filter(([, value]) => value === undefined).map(([name]) => `${name} has no plain value`),
    ...[...env.keys()].filter((name) => refused.has(name)).map((name) => `${name} must not be there`),
    ...[...env.keys()].filter((name) => !isKnown(name)).map((name) => `${name} is not known`),
    ...((view.main.envFrom ?? []).length > 0 ? ['envFrom hides what is set'] : []),
    ...rowsOf(built, 'env', 'anyOf')
      .filter((row) => row.component === view.component && !(row.names as string[]).some((name) => env.has(name)))
      .map((row) => `none of ${String(row.names)} is there`),
  ].map((text) => `${view.component}: ${text}`);
}

function equalProblems(built: Built): string[] {
  return rowsOf(built, 'env', 'equal').flatMap((row) => {
    const values = (row.members as string[]).map((member) => {
      const [component = '', name = ''] = member.split(':');
      const view = built.emitted.pod(component);
      return view === undefined ? undefined : envOf(view).get(name);
    });
    const present = new Set(values.filter((value) => value !== undefined));
    const some = present.size > 0 && values.includes(undefined);
    return [
      ...(present.size > 1 ? [`${String(row.id)}: ${[...present].join(' and ')} differ`] : []),
      ...(row.allOrNone === true && some ? [`${String(row.id)}: on some of ${String(row.members)} only`] : []),
    ];
  });
}

/** Every variable of every main container: required, forbidden, unknown, values, and values that must agree. */
export function envDifferences(built: Built): string[] {
  return [...built.emitted.pods.flatMap((view) => componentEnvProblems(built, view)), ...equalProblems(built)];
}

/** Which keys each main container mounts, and whether each variable names the file. */
export function secretDifferences(built: Built): string[] {
  const { conditions } = built.world;
  const consumers = rowsOf<ConsumerRow>(built, 'secrets', 'consumers');
  return built.emitted.pods.flatMap((view) => {
    const mine = consumers.filter(({ component }) => component === view.component);
    const env = envOf(view);
    const mounts = mountsOf(view).filter(({ kind }) => kind === 'secret' || kind === 'other');
    const mounted = mounts.flatMap(({ files }) =>
      [...files.values()].map((source) => contractKey(built, source) ?? `${source.object}/${source.key}`),
    );
    const never = section(FILES, 'secrets', 'never')
      .filter(
        (row) => row.component === view.component && !(row.unless !== undefined && conditions.has(String(row.unless))),
      )
      .map((row) => String(row.key));
    return [
      ...mounted
        .filter((key) => !mine.some((row) => row.key === key))
        .map((key) => `mounts ${key}, which it does not read`),
      ...mounted.filter((key) => never.includes(key)).map((key) => `must never mount ${key}`),
      ...mounts
        .filter(({ volume }) => volume?.secret !== undefined && volume.secret.items === undefined)
        .map(({ mount }) => `mounts a whole Secret at ${mount.mountPath}`),
      ...mine.flatMap((row): string[] => {
        const path = env.get(row.env);
        if (path === undefined) return row.presence === 'required' ? [`${row.env} names no file of ${row.key}`] : [];
        const folder = row.mountPath ?? path.slice(0, path.lastIndexOf('/'));
        return path === `${folder}/${row.file}` ? [] : [`${row.env} is ${path}, not the file ${row.file} in ${folder}`];
      }),
    ].map((text) => `${view.component}: ${text}`);
  });
}
