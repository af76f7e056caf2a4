/** Scrape targets and Ingresses against `scrape.json` and `ingress.json`. Each check returns what differs. */
import type { Row } from '../contract/data';
import { rowsOf, runtimeSecret } from './support-env';
import type { KubeObject } from './support-objects';
import { NAMES } from './support-props';
import type { Built } from './support-world';

const selects = (selector: Record<string, string>, labels: Record<string, string> = {}): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

function targetProblems(built: Built, row: Row, monitor: KubeObject): string[] {
  const { endpoints, selector, jobLabel } = monitor.spec;
  const services = built.emitted.of('Service').filter(({ metadata }) => selects(selector.matchLabels, metadata.labels));
  const [service] = services;
  const [endpoint] = endpoints;
  const port = service?.spec.ports.find((each: { name: string }) => each.name === endpoint?.port);
  const credentials = endpoint?.authorization?.credentials;
  return [
    ...(services.length === 1 ? [] : [`is scraped through ${services.length} Services`]),
    ...(endpoints.length === 1 ? [] : ['has not one endpoint']),
    ...(service?.metadata.name === `${String(built.templates.instance)}-${String(row.component)}` &&
    jobLabel === undefined
      ? []
      : ['has another job label']),
    ...(endpoint?.port === row.port && port?.port === row.portNumber
      ? []
      : [`scrapes the port ${String(endpoint?.port)}`]),
    ...(endpoint?.path === row.path ? [] : [`scrapes ${String(endpoint?.path)}`]),
    ...(endpoint?.interval === row.interval ? [] : [`scrapes every ${String(endpoint?.interval)}`]),
    ...((endpoint?.scheme ?? 'http') === row.scheme ? [] : [`scrapes by ${String(endpoint?.scheme)}`]),
    ...(endpoint?.authorization?.type === row.authorization ? [] : ['has no authorization']),
    ...(credentials?.name === runtimeSecret(built) && credentials?.key === row.credentialKey
      ? []
      : [`shows the credential ${String(credentials?.name)}/${String(credentials?.key)}`]),
    ...(endpoint?.bearerTokenFile === undefined && endpoint?.bearerTokenSecret === undefined
      ? []
      : ['has a second credential']),
    ...(selects(NAMES.monitorLabels, monitor.metadata.labels) ? [] : ['lacks the labels that Prometheus selects by']),
    ...(monitor.metadata.namespace === service?.metadata.namespace ? [] : ['stands in another namespace']),
  ];
}

/** ServiceMonitors: each with its own credential, one per pod, and none where there are no metrics. */
export function scrapeDifferences(built: Built): string[] {
  const wanted = rowsOf(built, 'scrape', 'targets').filter((row) => row.scraped === true);
  const names = wanted.map((row) => String(row.component));
  return [
    ...wanted.flatMap((row) => {
      const component = String(row.component);
      const monitors = built.emitted.ofComponent('ServiceMonitor', component);
      const [monitor] = monitors;
      const problems =
        monitor === undefined || monitors.length > 1
          ? [`${monitors.length} monitors`]
          : targetProblems(built, row, monitor);
      return problems.map((text) => `${component}: ${text}`);
    }),
    ...built.emitted
      .of('ServiceMonitor')
      .filter(({ metadata }) => !names.includes(String(metadata.labels?.['app.kubernetes.io/component'])))
      .map(({ metadata }) => `${metadata.name}: nobody expects it`),
    ...built.emitted.of('PodMonitor').map(({ metadata }) => `${metadata.name}: scrapes the pods a second time`),
  ];
}

interface IngressPath {
  readonly path: string;
  readonly pathType: string;
  readonly backend: {
    readonly service: { readonly name: string; readonly port: { readonly name?: string; readonly number?: number } };
  };
}

/** Whether a request path is routed, with the path types of Ingress: Prefix goes by path elements. */
export function routes({ path, pathType }: Pick<IngressPath, 'path' | 'pathType'>, request: string): boolean {
  if (pathType === 'Exact') return path === request;
  if (pathType !== 'Prefix') throw new Error(`what ${pathType} means is up to the controller`);
  const elements = (text: string) => text.split('/').filter((element) => element !== '');
  const prefix = elements(path);
  return prefix.every((element, index) => elements(request)[index] === element);
}

function hostOf(built: Built, component: string): string {
  const origins: Record<string, string> = {
    web: String(built.templates.consoleOrigin),
    sts: String(built.templates.issuer),
    gateway: 'https://gateway.example.com',
    api: 'https://api.example.com',
  };
  return new URL(origins[component] ?? '').host;
}

function samples(built: Built, component: string): { path: string; routed: boolean }[] {
  return rowsOf(built, 'ingress', 'samples')
    .filter((row) => row.component === component)
    .flatMap((row) => {
      const path = String(row.path);
      const paths = path.includes('{declared}')
        ? NAMES.gatewayPaths.map((prefix) => path.replace('{declared}', prefix))
        : [path];
      return paths.map((each) => ({ path: each, routed: row.routed === true }));
    });
}

function ingressProblems(built: Built, row: Row, ingress: KubeObject): string[] {
  const component = String(row.component);
  const { rules = [], tls = [], ingressClassName, defaultBackend } = ingress.spec;
  const hosts: (string | undefined)[] = rules.map((each: { host?: string }) => each.host);
  const paths: IngressPath[] = rules.flatMap((each: { http: { paths: IngressPath[] } }) => each.http.paths);
  const service = built.emitted.find('Service', paths[0]?.backend.service.name ?? '');
  const timeout = rowsOf(built, 'ingress', 'rules').find(({ id }) => id === 'idleTimeout');
  const seconds = Object.entries(ingress.metadata.annotations ?? {}).filter(([key]) => key.endsWith('timeout'));
  return [
    ...(hosts.length === 1 && hosts[0] === hostOf(built, component) ? [] : [`has the hosts ${String(hosts)}`]),
    ...(ingressClassName === NAMES.ingressClass ? [] : [`has the class ${String(ingressClassName)}`]),
    ...(defaultBackend === undefined ? [] : ['has a default backend']),
    ...(built.world.profile === 'dev' ||
    hosts.every((host) =>
      tls.some(
        (each: { hosts: string[]; secretName?: string }) =>
          each.hosts.includes(String(host)) && Boolean(each.secretName),
      ),
    )
      ? []
      : ['has a host without a certificate']),
    ...paths
      .filter(
        ({ backend }) =>
          backend.service.name !== `${String(built.templates.instance)}-${component}` ||
          (backend.service.port.name !== 'http' && backend.service.port.number !== row.port),
      )
      .map(({ path }) => `${path} leads elsewhere`),
    ...(service?.spec.ports.some(
      (each: { port: number; name: string }) => each.port === row.port && each.name === 'http',
    ) === true
      ? []
      : ['leads to no Service']),
    ...samples(built, component)
      .filter(({ path, routed }) => paths.some((each) => routes(each, path)) !== routed)
      .map(({ path, routed }) => `${path} is ${routed ? 'not ' : ''}routed`),
    ...((timeout?.components as string[]).includes(component) &&
    !seconds.some(([, value]) => Number(value) >= Number(timeout?.minSeconds))
      ? ['ends streams before they are idle']
      : []),
  ];
}

/** Ingresses: which services, under which host, and which paths are routed. */
export function ingressDifferences(built: Built): string[] {
  const services = rowsOf(built, 'ingress', 'services');
  const names = services.map((row) => String(row.component));
  return [
    ...services.flatMap((row) => {
      const component = String(row.component);
      const ingresses = built.emitted.ofComponent('Ingress', component);
      const [ingress] = ingresses;
      const problems =
        ingress === undefined || ingresses.length > 1
          ? [`${ingresses.length} Ingresses`]
          : ingressProblems(built, row, ingress);
      return problems.map((text) => `${component}: ${text}`);
    }),
    ...built.emitted
      .of('Ingress')
      .filter(({ metadata }) => !names.includes(String(metadata.labels?.['app.kubernetes.io/component'])))
      .map(({ metadata }) => `${metadata.name}: nobody expects it`),
    ...built.emitted
      .of('Service')
      .filter(({ spec }) => spec.type !== 'ClusterIP' && spec.clusterIP !== 'None')
      .map(({ metadata }) => `${metadata.name}: a way in beside the Ingress`),
  ];
}
