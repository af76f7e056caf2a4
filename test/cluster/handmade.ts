import { COMPONENT_LABEL } from './harness/selectors';
import type { KubeObject } from './harness/objects';

/**
 * A small platform written by hand, as good as this suite demands: a web Deployment, a store StatefulSet with zonal
 * volumes and a migration Job. It passes every check; the negative controls break one thing of it at a time.
 */
export function handmadePlatform(namespace: string): KubeObject[] {
  return [
    ...['web', 'store', 'migrate'].flatMap((component) => [
      object(namespace, 'v1', 'ServiceAccount', component, { automountServiceAccountToken: false }),
      object(namespace, 'networking.k8s.io/v1', 'NetworkPolicy', component, { spec: policy(component) }),
    ]),
    object(namespace, 'v1', 'ConfigMap', 'web', { data: { greeting: 'hello' } }),
    object(namespace, 'batch/v1', 'Job', 'migrate', { spec: job() }),
    object(namespace, 'apps/v1', 'Deployment', 'web', { spec: deployment() }),
    object(namespace, 'apps/v1', 'StatefulSet', 'store', { spec: statefulSet() }),
    ...['web', 'store'].flatMap((component) => [
      object(namespace, 'v1', 'Service', component, { spec: service(component) }),
      object(namespace, 'policy/v1', 'PodDisruptionBudget', component, { spec: budget(component) }),
      object(namespace, 'monitoring.coreos.com/v1', 'ServiceMonitor', component, { spec: monitor(component) }),
    ]),
    object(namespace, 'autoscaling/v2', 'HorizontalPodAutoscaler', 'web', { spec: autoscaler() }),
  ];
}

/** The labels that select a component's pods. */
export function labelsOf(component: string): Record<string, string> {
  return { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/instance': 'shop', [COMPONENT_LABEL]: component };
}

/**
 * Changes one field of one object in a copy of the platform.
 *
 * @param target `<Kind>/<component>`
 * @param path the field, as a JSON pointer without its first slash; missing parents are an error
 * @param value the new value; undefined removes the field
 */
export function change(objects: readonly KubeObject[], target: string, path: string, value: unknown): KubeObject[] {
  const copy = structuredClone(objects) as KubeObject[];
  const found = copy.find(
    ({ kind, metadata }) => `${kind}/shop-${target.split('/')[1]}` === `${target.split('/')[0]}/${metadata.name}`,
  );
  if (!found) throw new Error(`the handmade platform has no ${target}`);
  const keys = path.split('/').map((key) => key.replaceAll('~1', '/'));
  const last = keys.pop()!;
  const parent = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], found) as Record<
    string,
    unknown
  >;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** A namespaced object with the labels of its component. */
export function object(
  namespace: string,
  apiVersion: string,
  kind: string,
  component: string,
  rest: Record<string, unknown>,
): KubeObject {
  return { apiVersion, kind, metadata: { name: `shop-${component}`, namespace, labels: labelsOf(component) }, ...rest };
}

function podSpec(component: string): Record<string, unknown> {
  return {
    serviceAccountName: `shop-${component}`,
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    initContainers: [container('prepare', false)],
    containers: [container('main', component !== 'migrate')],
  };
}

function container(name: string, listens: boolean): Record<string, unknown> {
  return {
    name,
    image: 'registry.example/shop:1.0.0',
    env: [{ name: 'LOG_LEVEL', value: 'info' }],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    ...(listens ? { ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] } : {}),
  };
}

function spread(component: string, keys: readonly string[]): Record<string, unknown> {
  return {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: labelsOf(component) },
    ...(keys.length > 0 ? { matchLabelKeys: keys } : {}),
  };
}

function deployment(): Record<string, unknown> {
  const constraints = [spread('web', ['pod-template-hash'])];
  return {
    selector: { matchLabels: labelsOf('web') },
    template: {
      metadata: { labels: labelsOf('web') },
      // A readiness gate, since products may have one and the simulated kubelet must fulfil it.
      spec: {
        ...podSpec('web'),
        readinessGates: [{ conditionType: 'shop.example/warm' }],
        topologySpreadConstraints: constraints,
      },
    },
  };
}

function statefulSet(): Record<string, unknown> {
  return {
    replicas: 2,
    serviceName: 'shop-store',
    podManagementPolicy: 'Parallel',
    selector: { matchLabels: labelsOf('store') },
    template: {
      metadata: { labels: labelsOf('store') },
      spec: { ...podSpec('store'), topologySpreadConstraints: [spread('store', [])] },
    },
    volumeClaimTemplates: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', labels: labelsOf('store') },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  };
}

function job(): Record<string, unknown> {
  return {
    backoffLimit: 3,
    template: { metadata: { labels: labelsOf('migrate') }, spec: { ...podSpec('migrate'), restartPolicy: 'Never' } },
  };
}

function service(component: string): Record<string, unknown> {
  return { selector: labelsOf(component), ports: [{ name: 'http', port: 80, targetPort: 'http' }] };
}

function budget(component: string): Record<string, unknown> {
  return {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
    selector: { matchLabels: labelsOf(component) },
  };
}

function monitor(component: string): Record<string, unknown> {
  return { selector: { matchLabels: labelsOf(component) }, endpoints: [{ port: 'http', path: '/metrics' }] };
}

function policy(component: string): Record<string, unknown> {
  const from = [{ podSelector: { matchLabels: labelsOf('web') } }];
  const ingress = [{ from, ports: [{ port: 8080, protocol: 'TCP' }] }];
  const closed = { podSelector: { matchLabels: labelsOf(component) }, policyTypes: ['Ingress', 'Egress'] };
  return component === 'store' ? { ...closed, ingress } : closed;
}

function autoscaler(): Record<string, unknown> {
  const target = { type: 'Utilization', averageUtilization: 70 };
  return {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop-web' },
    minReplicas: 3,
    maxReplicas: 6,
    metrics: [{ type: 'ContainerResource', containerResource: { container: 'main', name: 'cpu', target } }],
  };
}
