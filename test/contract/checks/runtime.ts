/** Checks on pods and the network: ports, probes, grace, edges, paths. */
import { conditionsOf, type EdgeRow, type EnvRow, type Files, type Row, section } from '../data';

const serviceNames = (files: Files) =>
  section(files, 'vocabulary', 'components')
    .filter((row) => row.role === 'service')
    .map((row) => String(row.id));

/** Port by component, from `workloads.json`. */
function ports(files: Files): Map<string, number> {
  const rows = section(files, 'workloads', 'workloads').filter((row) => typeof row.port === 'number');
  return new Map(rows.map((row) => [String(row.component), row.port as number]));
}

/** One component has one port, whichever file names it. */
export function checkPorts(files: Files): string[] {
  const known = ports(files);
  const named: [string, unknown, string][] = [];
  for (const row of section(files, 'workloads', 'probes')) {
    if (row.port !== undefined) named.push([String(row.component), row.port, 'probe']);
  }
  for (const row of section(files, 'ingress', 'services')) named.push([String(row.component), row.port, 'ingress']);
  for (const row of section(files, 'scrape', 'targets')) {
    if (row.scraped === true) named.push([String(row.component), row.portNumber, 'scrape']);
  }
  for (const row of section(files, 'reachability', 'nodes')) {
    if (known.has(String(row.id))) named.push([String(row.id), row.port, 'node']);
  }
  for (const row of section<EnvRow>(files, 'env', 'rows')) {
    const url = /^http:\/\/\$\{instance\}-([a-z]+):(\d+)/.exec(row.value ?? '');
    if (url) named.push([String(url[1]), Number(url[2]), `env ${row.component} ${row.name}`]);
    if (row.name === 'PORT') named.push([row.component, Number(row.value), 'env PORT']);
  }
  return named
    .filter(([component, port]) => known.get(component) !== port)
    .map(([component, port, where]) => `${where}: port ${String(port)} is not that of ${component}`);
}

/** Every service has three probes; the timeouts and the liveness of audit are what the contract wants. */
export function checkProbes(files: Files): string[] {
  const probes = section(files, 'workloads', 'probes');
  return serviceNames(files).flatMap((component) => {
    const of = (probe: string) => probes.find((row) => row.component === component && row.probe === probe);
    const missing = ['startup', 'liveness', 'readiness'].filter((probe) => of(probe) === undefined);
    const timeout = Number(of('readiness')?.timeoutSecondsMin);
    const needed = component === 'api' ? 16 : 6;
    return [
      ...missing.map((probe) => `${component}: no ${probe} probe`),
      ...(timeout >= needed ? [] : [`${component}: readiness timeout ${timeout} is below ${needed}`]),
      ...(component === 'audit' && !healsByRestart(of('liveness')) ? ['audit: liveness does not heal it'] : []),
    ];
  });
}

/** Liveness of audit: on /health, for nothing else notices that Redis lost its data, and not before a minute is over (D3). */
function healsByRestart(liveness?: Row): boolean {
  const patience = Number(liveness?.periodSeconds) * Number(liveness?.failureThreshold);
  return liveness?.path === '/health' && patience >= 60;
}

/** Grace is preStop plus budget plus margin, as README.md derives it, and every service has one. */
export function checkGrace(files: Files): string[] {
  const rows = section(files, 'workloads', 'lifecycle');
  const sums = rows.flatMap((row) => {
    const sum = Number(row.preStopSecondsMin) + Number(row.shutdownBudgetSeconds) + Number(row.marginSeconds);
    return sum === row.terminationGraceSecondsMin ? [] : [`${String(row.component)}: grace is not ${sum}`];
  });
  const missing = serviceNames(files).filter((name) => !rows.some((row) => row.component === name));
  return [...sums, ...missing.map((name) => `${name}: no lifecycle row`)];
}

/** Edges join known nodes, use the server's port, can be probed, and have a setting that makes the client call. */
export function checkEdges(files: Files): string[] {
  const nodes = new Map(section(files, 'reachability', 'nodes').map((row) => [String(row.id), row]));
  const probes = section(files, 'reachability', 'probePorts').map(
    (row) => `${String(row.port)}/${String(row.protocol)}`,
  );
  const env = section<EnvRow>(files, 'env', 'rows');
  const isOurs = (id: string) => ['component', 'data'].includes(String(nodes.get(id)?.kind));
  return section<EdgeRow>(files, 'reachability', 'allowed').flatMap((row) => {
    const where = `${row.from} -> ${row.to}:${row.port}`;
    const port = nodes.get(row.to)?.port;
    const configures = (setting: EnvRow) => {
      const byUrl = setting.value?.startsWith(`http://\${instance}-${row.to}:`);
      const byFile = row.to === 'postgres' ? /DatabaseUrl$/ : row.to === 'redis' ? /^redisUrl$/ : /^$/;
      const byHost = row.to === 'postgres' && setting.name === 'PGHOST';
      const same = conditionsOf(setting).every((name) => conditionsOf(row).includes(name));
      return setting.component === row.from && same && (byUrl || byHost || byFile.test(setting.secretKey ?? ' '));
    };
    const problems: string[] = [];
    for (const id of [row.from, row.to]) if (!nodes.has(id)) problems.push(`unknown node ${id}`);
    if (row.from === row.to) problems.push('a node to itself');
    if (!isOurs(row.from) && !isOurs(row.to)) problems.push('no end belongs to the stack');
    if (typeof port === 'number' && port !== row.port) problems.push(`the port of ${row.to} is ${port}`);
    if (!probes.includes(`${row.port}/${row.protocol}`)) problems.push('the port is not probed');
    const inside = isOurs(row.from) && isOurs(row.to);
    if (inside && !env.some(configures)) problems.push('no setting makes the client call');
    return problems.map((problem) => `${where}: ${problem}`);
  });
}

/** Every component resolves names, and every one that has a DSN may reach its server. */
export function checkEdgesComplete(files: Files): string[] {
  const edges = section<EdgeRow>(files, 'reachability', 'allowed');
  const has = (from: string, to: string, protocol: string) =>
    edges.some((row) => row.from === from && row.to === to && row.protocol === protocol && row.condition === undefined);
  const components = section(files, 'vocabulary', 'components').filter((row) => row.role !== 'data');
  const dns = components.flatMap((row) =>
    ['UDP', 'TCP']
      .filter((protocol) => !has(String(row.id), 'dns', protocol))
      .map((protocol) => `${String(row.id)}: no DNS over ${protocol}`),
  );
  const servers = section<EnvRow>(files, 'env', 'rows')
    .map((row) => [
      row.component,
      /DatabaseUrl$/.test(row.secretKey ?? '') ? 'postgres' : row.secretKey === 'redisUrl' ? 'redis' : '',
    ])
    .filter(([component, server]) => server !== '' && !has(String(component), String(server), 'TCP'))
    .map(([component, server]) => `${String(component)}: has the URL of ${String(server)} and may not reach it`);
  return [...dns, ...servers];
}

function routes(rule: Row, path: string): boolean {
  const text = String(rule.path);
  if (rule.match === 'template') return new RegExp(`^${text.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  if (text.endsWith('/')) return path.startsWith(text);
  return path === text || path.startsWith(`${text}/`);
}

/** The path lists route the samples that must be routed and no other; what is never exposed has no list. */
export function checkIngress(files: Files): string[] {
  const services = section(files, 'ingress', 'services');
  const never = new Set(section(files, 'ingress', 'never').map((row) => row.component));
  const same = (one: Row, two: Row) => one.component === two.component && one.condition === two.condition;
  const samples = section(files, 'ingress', 'samples').flatMap((sample) => {
    const rules = section(files, 'ingress', 'paths').filter((rule) => same(rule, sample));
    const routed = rules.some((rule) => routes(rule, String(sample.path)));
    return routed === sample.routed
      ? []
      : [`ingress ${String(sample.component)} ${String(sample.path)}: routed is ${routed}`];
  });
  const lacking = services
    .filter((service) => !section(files, 'ingress', 'samples').some((sample) => same(sample, service)))
    .map((service) => `ingress ${String(service.component)}: no samples`);
  const exposed = services
    .filter((row) => never.has(row.component))
    .map((row) => `${String(row.component)}: never exposed`);
  const edges = services
    .filter(
      (service) =>
        !section<EdgeRow>(files, 'reachability', 'allowed').some(
          (edge) =>
            edge.from === 'ingressController' && edge.to === service.component && edge.condition === service.condition,
        ),
    )
    .map((service) => `ingress ${String(service.component)}: no edge from the controller`);
  return [...samples, ...lacking, ...exposed, ...edges];
}
