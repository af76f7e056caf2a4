/** Checks on names: sources, vocabulary, duplicates. */
import { conditionsOf, type Files, PROFILES, type Row, section } from '../data';

/** How far the numbered parts of the two contract documents go. */
const LAST = { section: 18, W: 67, A: 23, B: 18, D: 13 };

function sourceProblem(source: string): string | undefined {
  for (const part of source.split(';').map((text) => text.trim().replace(/^[a-zA-Z]+: /, ''))) {
    if (/^requirements, bad input$/.test(part) || /^DESIGN\.md \d+/.test(part) || /^addendum C$/.test(part)) continue;
    const contract = /^caracal\.md (\d+)(\.\d+)?( rule [1-8]| V[1-7]| W(\d+))?/.exec(part);
    if (contract && Number(contract[1]) <= LAST.section && Number(contract[4] ?? 1) <= LAST.W) continue;
    const addendum = /^addendum ([ABD])(\d+)/.exec(part);
    if (addendum && Number(addendum[2]) >= 1 && Number(addendum[2]) <= LAST[addendum[1] as 'A' | 'B' | 'D']) continue;
    return `unknown source "${part}"`;
  }
  return undefined;
}

/** Visits every row of every list, with a text that says where it stands. */
export function eachRow(
  files: Files,
  visit: (row: Row, where: string, file: string, list: string) => string[],
): string[] {
  return Object.entries(files).flatMap(([file, lists]) =>
    Object.entries(lists).flatMap(([list, rows]) =>
      rows.flatMap((row, index) =>
        visit(row, `${file}.json ${list}[${index}]`, file, list).map(
          (text) => `${file}.json ${list}[${index}]: ${text}`,
        ),
      ),
    ),
  );
}

/** Every row says where in the contract it comes from. */
export function checkSources(files: Files): string[] {
  return eachRow(files, (row) => {
    if (typeof row.source !== 'string' || row.source === '') return ['no source'];
    return [sourceProblem(row.source)].filter((text) => text !== undefined);
  });
}

const ids = (files: Files, list: string) => new Set(section(files, 'vocabulary', list).map((row) => String(row.id)));
const strings = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Fields that name components, where a file uses the usual ones for something else (`for` of an alert is a time). */
const COMPONENT_FIELDS: Record<string, string[]> = { alerts: ['component'], streams: ['consumer'] };

/** Components, profiles, conditions and templates are those of the vocabulary. */
export function checkVocabulary(files: Files): string[] {
  const components = ids(files, 'components').add('*');
  const conditions = ids(files, 'conditions');
  const templates = ids(files, 'templates');
  return eachRow(files, (row, _where, file, list) => {
    const fields = COMPONENT_FIELDS[file] ?? ['component', 'components', 'for', 'waitsFor'];
    const named = fields
      .flatMap((field) => strings(row[field]))
      .filter((name) => !(file === 'alerts' && name === 'platform'));
    const profiles = [row.profiles, row.always, row.never, list === 'conditions' ? row.default : undefined];
    const used = [...JSON.stringify(row).matchAll(/\$\{(\w+)\}/g)].map((match) => String(match[1]));
    const asked = [...conditionsOf(row), ...strings(row.unless)].map((name) => name.replace(/^!/, ''));
    return [
      ...named.filter((name) => !components.has(name)).map((name) => `unknown component ${name}`),
      ...profiles
        .flatMap(strings)
        .filter((name) => !PROFILES.some((profile) => profile === name))
        .map((name) => `unknown profile ${name}`),
      ...asked.filter((name) => !conditions.has(name)).map((name) => `unknown condition ${name}`),
      ...used.filter((name) => !templates.has(name)).map((name) => `unknown template ${name}`),
    ];
  });
}

/** A condition that no other file uses is a promise that nobody checks. */
export function checkConditionsUsed(files: Files): string[] {
  const used = new Set<string>();
  eachRow(files, (row) => {
    for (const name of [...conditionsOf(row), ...strings(row.unless)]) used.add(name.replace(/^!/, ''));
    return [];
  });
  return [...ids(files, 'conditions')].filter((name) => !used.has(name)).map((name) => `condition ${name} is unused`);
}

/** What makes a row of a list the same row as another one. */
const KEYS: Record<string, string[]> = {
  'env rows': ['component', 'name', 'profiles', 'condition'],
  'env allowed': ['component', 'names', 'patterns', 'condition'],
  'env anyOf': ['id'],
  'env equal': ['id'],
  'secrets formats': ['format'],
  'secrets keys': ['key'],
  'secrets consumers': ['component', 'env', 'profiles', 'condition'],
  'secrets sameValue': ['id'],
  'secrets contains': ['id'],
  'secrets never': ['component', 'key'],
  'workloads workloads': ['component', 'condition'],
  'workloads mounts': ['component', 'path', 'condition'],
  'workloads probes': ['component', 'probe'],
  'workloads lifecycle': ['component'],
  'workloads jobs': ['component'],
  'resources containers': ['component', 'profiles'],
  'resources hpa': ['component', 'profiles'],
  'reachability allowed': ['from', 'to', 'port', 'protocol', 'profiles', 'condition'],
  'reachability probePorts': ['port', 'protocol'],
  'alerts alerts': ['alert'],
  'alerts added': ['alert', 'component'],
  'scrape targets': ['component'],
  'ingress samples': ['component', 'condition', 'path'],
  'ingress paths': ['component', 'condition', 'path'],
  'streams streams': ['stream', 'group'],
};

/** No list says one thing twice. */
export function checkDuplicates(files: Files): string[] {
  return Object.entries(files).flatMap(([file, lists]) =>
    Object.entries(lists).flatMap(([list, rows]) => {
      const fields = KEYS[`${file} ${list}`];
      const seen = new Set<string>();
      return rows.flatMap((row) => {
        const all = Object.keys(row).filter((field) => !['source', 'note', 'reason'].includes(field));
        const keys = fields ?? ('id' in row ? ['id'] : all);
        const key = JSON.stringify(keys.map((field) => row[field] ?? null));
        if (seen.has(key)) return [`${file}.json ${list}: twice ${key}`];
        seen.add(key);
        return [];
      });
    }),
  );
}
