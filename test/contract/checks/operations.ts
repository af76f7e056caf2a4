/** Checks on sizes, connections, alerts and the list of wrong input. */
import { type Files, PROFILES, type Row, section } from '../data';

const UNITS: Record<string, number> = { m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, '': 1 };

/** A Kubernetes quantity as a number: cores or bytes. */
function quantity(text: string): number {
  const match = /^([0-9.]+)(m|Ki|Mi|Gi)?$/.exec(text);
  if (!match) throw new RangeError(`not a quantity: ${text}`);
  return Number(match[1]) * Number(UNITS[match[2] ?? '']);
}

/** Requests are within limits, autoscalers are possible, every autoscaled service has a budget. */
export function checkResources(files: Files): string[] {
  const containers = section(files, 'resources', 'containers').flatMap((row) => {
    const requests = row.requests as Record<string, string>;
    const limits = row.limits as Record<string, string>;
    return Object.keys(requests)
      .filter((name) => quantity(String(requests[name])) > quantity(String(limits[name])))
      .map((name) => `${String(row.component)}: ${name} request above limit`);
  });
  const hpa = section(files, 'resources', 'hpa').flatMap((row) => {
    const where = `hpa ${String(row.component)}`;
    const budget = section(files, 'resources', 'pdb').some((pdb) => pdb.component === row.component);
    const range = Number(row.min) >= 2 && Number(row.min) <= Number(row.max);
    return [...(range ? [] : [`${where}: bad range`]), ...(budget ? [] : [`${where}: no disruption budget`])];
  });
  return [...containers, ...hpa];
}

/** Budget, no budget: every component is in exactly one of the two, in every profile. */
export function checkBudgets(files: Files): string[] {
  return section(files, 'vocabulary', 'components').flatMap((component) =>
    PROFILES.filter((profile) => (component.profiles as string[]).includes(profile)).flatMap((profile) => {
      const count = (list: string) =>
        section(files, 'resources', list).filter(
          (row) => row.component === component.id && row.profiles?.includes(profile),
        ).length;
      const total = count('pdb') + count('noPdb');
      return total === 1 ? [] : [`${String(component.id)} in ${profile}: ${total} statements about its budget`];
    }),
  );
}

/** The worked examples of the connection budget follow from pools and replicas. */
export function checkConnections(files: Files): string[] {
  const pool = new Map(
    section(files, 'connections', 'pools').map((row) => [String(row.component), Number(row.poolPerPod)]),
  );
  const maxima = new Map(
    section(files, 'resources', 'hpa')
      .filter((row) => row.profiles?.includes('production'))
      .map((row) => [String(row.component), Number(row.max)]),
  );
  return section(files, 'connections', 'examples').flatMap((row) => {
    if (row.replicas === undefined) {
      const extra = section(files, 'connections', 'surge').filter((item) => item.condition !== '!replayPersistence');
      const pods = extra.reduce((sum, item) => sum + Number(item.extraPods), 0);
      const ok = pods === row.extraPods && pods * 20 === row.surge;
      return ok ? [] : [`${String(row.id)}: surge is ${pods} pods`];
    }
    const replicas = Object.entries(row.replicas as Record<string, number>);
    const pods = replicas.reduce((sum, [, count]) => sum + count, 0);
    const services = replicas.reduce((sum, [component, count]) => sum + count * Number(pool.get(component)), 0);
    const atMaximum = row.id !== 'productionMaximum' || replicas.every(([name, count]) => maxima.get(name) === count);
    return [
      ...(pods === row.pods && services === row.services
        ? []
        : [`${String(row.id)}: ${pods} pods, ${services} connections`]),
      ...(atMaximum ? [] : [`${String(row.id)}: not the maxima of resources.json`]),
    ];
  });
}

/** The worked totals add up, and their parts are those of the other lists. */
export function checkConnectionBudgets(files: Files): string[] {
  const sum = (name: string, field: string) =>
    section(files, 'connections', name).reduce((total, row) => total + Number(row[field]), 0);
  const reserved = section(files, 'connections', 'formula').find((row) => row.id === 'reserved')?.value;
  return section(files, 'connections', 'budgets').flatMap((row) => {
    const total = Number(row.services) + Number(row.surge) + Number(row.jobs) + Number(row.reserved);
    const parts = row.jobs === sum('jobs', 'connections') && row.reserved === reserved;
    return [
      ...(total === row.total ? [] : [`budget ${String(row.id)}: the total is ${total}`]),
      ...(parts ? [] : [`budget ${String(row.id)}: Jobs or reserve differ from their lists`]),
    ];
  });
}

const list = (row: Row, field: string) => (row[field] as string[] | undefined) ?? [];

/** The 21 alerts are there; none asks for and forbids one thing; dropped ones are replaced; each target has an absence alert. */
export function checkAlerts(files: Files): string[] {
  const vendor = section(files, 'alerts', 'alerts');
  const added = section(files, 'alerts', 'added');
  const names = new Set([...vendor, ...added].map((row) => row.alert));
  const problems = vendor.length === 21 ? [] : [`${vendor.length} alerts of the vendor instead of 21`];
  for (const row of [...vendor, ...added]) {
    const wanted = [...list(row, 'mustUse'), ...list(row, 'mustUseOneOf')];
    const both = wanted.filter((name) => list(row, 'mustNotUse').includes(name));
    problems.push(...both.map((name) => `${String(row.alert)}: ${name} is wanted and forbidden`));
    if (list(row, 'metrics').length === 0) problems.push(`${String(row.alert)}: no metric`);
    if (row.severity !== 'warning' && row.severity !== 'critical') problems.push(`${String(row.alert)}: severity`);
    if (row.action === 'dropped' && list(row, 'replacedBy').length === 0) problems.push(`${String(row.alert)}: lost`);
    if (row.action !== 'kept' && row.reason === undefined) problems.push(`${String(row.alert)}: no reason`);
    const unknown = list(row, 'replacedBy').filter((name) => !names.has(name));
    problems.push(...unknown.map((name) => `${String(row.alert)}: replaced by unknown ${name}`));
  }
  for (const target of section(files, 'scrape', 'targets')) {
    if (target.scraped !== true) continue;
    const watched = added.some((row) => row.component === target.component && list(row, 'metrics').includes('up'));
    if (!watched) problems.push(`${String(target.component)}: nobody notices its absence`);
  }
  return problems;
}

/** Each parameter has one default, wherever it is named. */
export function checkParameters(files: Files): string[] {
  const defaults = new Map<unknown, unknown>();
  return [...section(files, 'alerts', 'alerts'), ...section(files, 'alerts', 'added')].flatMap((row) => {
    if (row.parameter === null || row.parameter === undefined) return [];
    const known = defaults.get(row.parameter);
    defaults.set(row.parameter, row.default);
    return known === undefined || known === row.default ? [] : [`parameter ${String(row.parameter)}: two defaults`];
  });
}

/** What the checklist must cover by name. */
const COVERED = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((rule) => `caracal.md 3.3 rule ${rule}`),
  ...[9, 10, 11, 12, 13].map((number) => `addendum A${number}`),
  ...[4, 5, 6, 7, 8].map((number) => `addendum B${number}`),
  'caracal.md 17 W30',
];
const EXPECTATIONS = ['compile error', 'refused at synthesis', 'arrives intact or refused', 'warning'];

/** The checklist of wrong input covers every rule that it must, and expects only known things. */
export function checkBadInput(files: Files): string[] {
  const rows = section(files, 'bad-input', 'rows');
  const cited = new Set(rows.flatMap((row) => row.source.split(';').map((part) => part.trim())));
  return [
    ...COVERED.filter((source) => !cited.has(source)).map((source) => `bad-input: nothing for ${source}`),
    ...rows
      .filter((row) => !EXPECTATIONS.includes(String(row.expectation)))
      .map((row) => `bad-input ${String(row.id)}: unknown expectation`),
  ];
}
