/**
 * Reads the expectations of this folder and says which rows hold for a profile and a set of conditions.
 * The formats are documented in README.md. Nothing here knows the library.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A profile of the library. */
export type Profile = 'production' | 'rc' | 'dev';

/** All profiles, in the order of the documentation. */
export const PROFILES: readonly Profile[] = ['production', 'rc', 'dev'];

/** What every row of every list has. Missing `profiles` means all, missing `condition` means always. */
export interface Row {
  source: string;
  profiles?: Profile[];
  /** One condition or several that hold together; a leading `!` negates. */
  condition?: string | string[];
  component?: string;
  [field: string]: unknown;
}

/** One row of `env.json`, list `rows`. */
export interface EnvRow extends Row {
  component: string;
  name: string;
  presence: 'required' | 'optional' | 'forbidden';
  value?: string;
  valuePattern?: string;
  min?: number;
  max?: number;
  secretKey?: string;
  holds?: 'caBundle' | 'caBundleFolder';
}

/** One row of `secrets.json`, list `consumers`. */
export interface ConsumerRow extends Row {
  key: string;
  component: string;
  env: string;
  file: string;
  mountPath?: string;
  presence: 'required' | 'optional';
}

/** One row of `reachability.json`, list `allowed`. */
export interface EdgeRow extends Row {
  from: string;
  to: string;
  port: number;
  protocol: 'TCP' | 'UDP';
  reason: string;
}

/** A file: a sentence about it, and its lists of rows. */
export type Sections = Record<string, Row[]>;

/** All files by name without extension. */
export type Files = Record<string, Sections>;

const FOLDER = join(__dirname, 'caracal');

/** Reads every JSON file of the folder afresh, so that a caller may change what it gets. */
export function loadFiles(): Files {
  const files: Files = {};
  for (const name of readdirSync(FOLDER).sort()) {
    if (!name.endsWith('.json')) continue;
    const content = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Record<string, unknown>;
    const lists = Object.entries(content).filter(([, value]) => Array.isArray(value));
    files[name.slice(0, -'.json'.length)] = Object.fromEntries(lists) as Sections;
  }
  return files;
}

/** The rows of one list. A name that does not exist is an error of the caller. */
export function section<T extends Row = Row>(files: Files, file: string, list: string): T[] {
  const rows = files[file]?.[list];
  if (rows === undefined) throw new RangeError(`no list ${list} in ${file}.json`);
  return rows as T[];
}

/** The conditions of a row as a list, each with its `!` if it has one. */
export function conditionsOf(row: Row): string[] {
  if (row.condition === undefined) return [];
  return typeof row.condition === 'string' ? [row.condition] : row.condition;
}

/** Whether a row holds in this profile under these conditions. */
export function applies(row: Row, profile: Profile, conditions: ReadonlySet<string>): boolean {
  if (row.profiles !== undefined && !row.profiles.includes(profile)) return false;
  return conditionsOf(row).every((name) =>
    name.startsWith('!') ? !conditions.has(name.slice(1)) : conditions.has(name),
  );
}

/** The conditions that hold in a profile when the user decides nothing else. */
export function defaultConditions(files: Files, profile: Profile): Set<string> {
  const holds = (row: Row, list: string) => (row[list] as Profile[]).includes(profile);
  const rows = section(files, 'vocabulary', 'conditions').filter(
    (row) => holds(row, 'always') || holds(row, 'default'),
  );
  return new Set(rows.map((row) => String(row.id)));
}

/** Every possible set of the named conditions, for checks that must hold whatever the user decides. */
export function worlds(names: readonly string[]): Set<string>[] {
  let sets: Set<string>[] = [new Set<string>()];
  for (const name of names) sets = sets.flatMap((set) => [set, new Set([...set, name])]);
  return sets;
}
