import type { ApiClient } from './client';
import { matches } from './labels';
import { type KubeObject, type LabelSelector, nameOf, type Pod, type Service } from './objects';
import { COMPONENT_LABEL, portOf, sceneOf } from './selectors';

type ServiceMonitor = KubeObject & {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly endpoints: readonly {
      readonly port?: string;
      readonly targetPort?: number | string;
      readonly path?: string;
    }[];
  };
};

/**
 * Works out what Prometheus would scrape, from the live ServiceMonitors, Services and pods.
 * Each monitor must reach every pod of its component, and no pod may be scraped twice at one port and path.
 */
export async function scrapeProblems(client: ApiClient, namespace: string): Promise<string[]> {
  const [scene, services, monitors] = await Promise.all([
    sceneOf(client, namespace),
    client.list<Service>(`/api/v1/namespaces/${namespace}/services`),
    client.list<ServiceMonitor>(`/apis/monitoring.coreos.com/v1/namespaces/${namespace}/servicemonitors`),
  ]);
  const targets = monitors.items.flatMap((monitor) =>
    targetsOf(monitor, services.items, scene.pods).map((target) => ({ monitor, ...target })),
  );
  const seen = new Map<string, number>();
  targets.forEach(({ pod, port, path }) => {
    const key = `${nameOf(pod)} at ${port}${path}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  });
  const twice = [...seen].filter(([, count]) => count > 1).map(([key, count]) => `${key} is scraped ${count} times`);
  const missed = monitors.items.flatMap((monitor) => {
    const component = monitor.metadata.labels?.[COMPONENT_LABEL];
    const meant = scene.families.filter((one) => one.component === component).flatMap(({ pods }) => pods);
    const reached = targets.filter((target) => target.monitor === monitor).map(({ pod }) => pod);
    if (reached.length === 0) return [`${nameOf(monitor)} scrapes no pod`];
    const foreign = reached.filter((pod) => !meant.includes(pod));
    const unseen = meant.filter((pod) => !reached.includes(pod));
    return [
      ...unseen.map((pod) => `${nameOf(monitor)} does not scrape ${nameOf(pod)}`),
      ...foreign.map((pod) => `${nameOf(monitor)} also scrapes ${nameOf(pod)}`),
    ];
  });
  return [...twice, ...missed];
}

interface Target {
  readonly pod: Pod;
  readonly port: number;
  readonly path: string;
}

function targetsOf(monitor: ServiceMonitor, services: readonly Service[], pods: readonly Pod[]): Target[] {
  const chosen = services.filter(({ metadata }) => matches(monitor.spec.selector, metadata.labels));
  return monitor.spec.endpoints.flatMap((endpoint) =>
    chosen.flatMap((service) => {
      const named = service.spec.ports?.find(({ name }) => name === endpoint.port);
      const wanted = endpoint.targetPort ?? named?.targetPort ?? named?.port;
      const { selector } = service.spec;
      if (wanted === undefined || !selector) return [];
      return pods
        .filter((pod) => matches({ matchLabels: selector }, pod.metadata.labels))
        .flatMap((pod) => {
          const port = portOf(pod, wanted);
          return port === undefined ? [] : [{ pod, port, path: endpoint.path ?? '/metrics' }];
        });
    }),
  );
}
