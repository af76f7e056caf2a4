/** Checks on environment, secrets and files: each agrees with the others. */
import {
  applies,
  conditionsOf,
  type ConsumerRow,
  type EnvRow,
  type Files,
  PROFILES,
  type Row,
  section,
  worlds,
} from '../data';

const rowsOf = (files: Files) => section<EnvRow>(files, 'env', 'rows');
const text = (row: Row, ...fields: string[]) => JSON.stringify(fields.map((field) => row[field] ?? null));

/** No name is wanted and forbidden at once, and no name has two values, whatever the user decides. */
export function checkEnvContradictions(files: Files): string[] {
  const groups = new Map<string, EnvRow[]>();
  for (const row of rowsOf(files)) {
    const key = `${row.component} ${row.name}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].flatMap(([key, rows]) => {
    const names = [...new Set(rows.flatMap(conditionsOf).map((name) => name.replace(/^!/, '')))];
    const problems = PROFILES.flatMap((profile) =>
      worlds(names).flatMap((world) => {
        const here = rows.filter((row) => applies(row, profile, world));
        const wanted = here.filter((row) => row.presence !== 'forbidden');
        const values = new Set(here.map((row) => row.value).filter((value) => value !== undefined));
        const sources = new Set(wanted.map((row) => row.secretKey).filter((value) => value !== undefined));
        return [
          ...(wanted.length > 0 && wanted.length < here.length ? [`${key}: wanted and forbidden in ${profile}`] : []),
          ...(values.size > 1 || sources.size > 1 ? [`${key}: two values in ${profile}`] : []),
        ];
      }),
    );
    return [...new Set(problems)];
  });
}

/** A name that is forbidden everywhere, or that a component does not read, is wanted nowhere. */
export function checkForbiddenNames(files: Files): string[] {
  const wanted = rowsOf(files).filter((row) => row.presence !== 'forbidden');
  const everywhere = section(files, 'env', 'forbiddenEverywhere').flatMap((row) =>
    wanted
      .filter((env) => (row.names as string[]).includes(env.name))
      .filter((env) => !env.profiles || !row.profiles || env.profiles.some((name) => row.profiles?.includes(name)))
      .map((env) => `${env.component} ${env.name}: wanted, but forbidden everywhere`),
  );
  const unread = section(files, 'env', 'unreadByComponent').flatMap((row) =>
    wanted
      .filter((env) => env.component === row.component && (row.names as string[]).includes(env.name))
      .filter((env) => conditionsOf(env).length === 0)
      .map((env) => `${env.component} ${env.name}: wanted, but not read`),
  );
  return [...everywhere, ...unread];
}

/** Values fit their patterns, patterns compile, ranges are ranges. */
export function checkValues(files: Files): string[] {
  const env = rowsOf(files).flatMap((row) => {
    const problems: string[] = [];
    if (row.valuePattern !== undefined) new RegExp(row.valuePattern);
    if (row.min !== undefined && row.max !== undefined && row.min > row.max) problems.push('min above max');
    const constraints = ['value', 'valuePattern', 'min', 'max', 'secretKey', 'holds'].filter((field) => field in row);
    if (row.presence === 'forbidden' && constraints.length > 0) problems.push('forbidden, yet with a value');
    if (row.presence === 'required' && constraints.length === 0) problems.push('required, yet without a value');
    return problems.map((problem) => `env ${row.component} ${row.name}: ${problem}`);
  });
  const formats = section(files, 'secrets', 'formats');
  for (const row of formats) new RegExp(String(row.pattern));
  const known = new Set(formats.map((row) => row.format));
  const keys = section(files, 'secrets', 'keys').filter((row) => !known.has(row.format));
  return [...env, ...keys.map((row) => `secret ${String(row.key)}: unknown format ${String(row.format)}`)];
}

/** Each file variable has its secret key and consumer, each consumer its variable, each key its consumer. */
export function checkSecrets(files: Files): string[] {
  const consumers = section<ConsumerRow>(files, 'secrets', 'consumers');
  const keys = new Set(section(files, 'secrets', 'keys').map((row) => row.key));
  const shape = (row: Row, name: string, key: string) =>
    JSON.stringify([row.component, name, key, row.presence, row.profiles ?? null, row.condition ?? null]);
  const fromEnv = rowsOf(files)
    .filter((row) => row.secretKey !== undefined)
    .map((row) => shape(row, row.name, String(row.secretKey)));
  const fromSecrets = consumers.filter((row) => row.mountPath === undefined).map((row) => shape(row, row.env, row.key));
  const fixed = consumers.filter(
    (row) =>
      row.mountPath !== undefined &&
      !rowsOf(files).some((env) => env.name === row.env && env.value === `${row.mountPath}/${row.file}`),
  );
  const consumed = new Set(consumers.map((row) => row.key));
  const never = section(files, 'secrets', 'never').filter((row) =>
    consumers.some(
      (use) => use.component === row.component && use.key === row.key && use.condition !== (row.unless ?? 'nothing'),
    ),
  );
  const shared = section(files, 'secrets', 'sameValue').flatMap((row) =>
    (row.components as string[])
      .filter((component) => !consumers.some((use) => use.component === component && use.key === row.key))
      .map((component) => `secrets sameValue ${String(row.id)}: ${component} does not read it`),
  );
  return [
    ...fromEnv.filter((key) => !fromSecrets.includes(key)).map((key) => `env without consumer: ${key}`),
    ...fromSecrets.filter((key) => !fromEnv.includes(key)).map((key) => `consumer without env: ${key}`),
    ...fixed.map((row) => `${row.env}: the path of ${row.key} is not its value`),
    ...consumers.filter((row) => !keys.has(row.key)).map((row) => `consumer of unknown key ${row.key}`),
    ...[...keys].filter((key) => !consumed.has(String(key))).map((key) => `key ${String(key)} has no consumer`),
    ...never.map((row) => `${text(row, 'component', 'key')}: mounted, but must never be`),
    ...shared,
  ];
}

/** Every path in a value lies below a mount, and everything that reads files has the mount. */
export function checkMounts(files: Files): string[] {
  const mounts = section(files, 'workloads', 'mounts').filter((row) => row.presence !== 'forbidden');
  const of = (component: string) => mounts.filter((row) => row.component === component);
  return rowsOf(files).flatMap((row) => {
    const own = of(row.component);
    const where = `${row.component} ${row.name}`;
    if (row.secretKey !== undefined) {
      const secret = own.some((mount) => mount.path === '/run/secrets' || mount.holds === 'secretFiles');
      return secret ? [] : [`${where}: no secret mount`];
    }
    if (row.holds !== undefined) {
      const bundle = own.some((mount) => mount.holds === 'caBundle' && mount.condition === row.condition);
      return bundle ? [] : [`${where}: no mount of the CA bundle`];
    }
    if (row.value === undefined || !row.value.startsWith('/')) return [];
    const below = own.some((mount) => row.value === mount.path || row.value?.startsWith(`${String(mount.path)}/`));
    return below ? [] : [`${where}: ${row.value} is below no mount`];
  });
}
