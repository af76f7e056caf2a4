import { App } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Cluster,
  Dns,
  type ClusterProps,
  type ComponentSpec,
  ImageRef,
  type InitContainer,
  type JobContent,
  Peer,
  PlatformStack,
  type PlatformStackProps,
  Port,
  type Probes,
  Scaling,
} from '../../src';

/**
 * "Ledger": a product that does not exist. Tests of the shared layers use it, so that they say nothing about a real one.
 */

const digest = (character: string): string => `sha256:${character.repeat(64)}`;

/** The image of the ledger's services. */
export const SERVER_IMAGE = ImageRef.of({
  repository: 'registry.example.com/ledger/server',
  tag: '1.0.0',
  digest: digest('a'),
});

/** Another image of the same release. */
export const TOOLS_IMAGE = ImageRef.of({
  repository: 'registry.example.com/ledger/tools',
  tag: '1.0.0',
  digest: digest('b'),
});

/** A cluster with three zones and everything that a stack may want. */
export function testCluster(change: Partial<ClusterProps> = {}): Cluster {
  return Cluster.generic({
    name: 'eu-1',
    kubernetes: '1.33',
    zones: 3,
    dns: Dns.kubeDns(),
    ingressController: Peer.namespace('ingress'),
    prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'prometheus' } },
    customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1'],
    ...change,
  });
}

/** Properties of a stack that has no problem. */
export function testStackProps(change: Partial<PlatformStackProps> = {}): PlatformStackProps {
  return { profile: 'production', namespace: 'books', cluster: testCluster(), product: 'ledger', ...change };
}

/**
 * A stack of the ledger: production, three zones, unless the test says otherwise. The app is a plain one: that of
 * `Testing` makes a folder for each, and property tests make thousands.
 */
export function testStack(
  change: Partial<PlatformStackProps> = {},
  scope: Construct = new App(),
  id = 'ledger',
): PlatformStack {
  return new PlatformStack(scope, id, testStackProps(change));
}

const probes: Probes = {
  startup: { ask: { http: '/started' }, periodSeconds: 5, timeoutSeconds: 4, failureThreshold: 30 },
  readiness: { ask: { http: '/ready' }, periodSeconds: 10, timeoutSeconds: 6, failureThreshold: 3 },
  liveness: { ask: { tcp: true }, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
};

/** A service of the ledger: an autoscaled Deployment with metrics. */
export function testComponentSpec(change: Partial<ComponentSpec> = {}): ComponentSpec {
  return {
    component: 'server',
    kind: 'Deployment',
    image: SERVER_IMAGE,
    user: { uid: 1001, gid: 1002, fsGroup: 1003 },
    ports: [
      { name: 'http', port: Port.tcp(8080) },
      { name: 'metrics', port: Port.tcp(9090) },
    ],
    env: { PORT: '8080' },
    probes,
    resources: { cpu: '100m', memory: '128Mi', memoryLimit: '256Mi' },
    scaling: Scaling.auto({ min: 2, max: 6, cpuPercent: 70 }),
    shutdown: { preStopSeconds: 5, budgetSeconds: 20, marginSeconds: 7 },
    metrics: { path: '/metrics', port: 'metrics' },
    ...change,
  };
}

/** A service of the ledger that keeps data: a StatefulSet with one claim per replica. */
export function testStatefulSpec(change: Partial<ComponentSpec> = {}): ComponentSpec {
  return testComponentSpec({
    component: 'store',
    kind: 'StatefulSet',
    scaling: Scaling.fixed(3),
    storage: [{ volume: 'data', mountPath: '/var/lib/ledger', size: '10Gi' }],
    ...change,
  });
}

/** The container that waits in `testJobContent`. */
export const WAITING: InitContainer = {
  name: 'wait-for-store',
  image: TOOLS_IMAGE,
  command: ['wait-for', 'ledger-store'],
  env: { TIMEOUT: '60' },
  mounts: [],
};

/** A Job of the ledger, with a container that waits before it. */
export function testJobContent(change: Partial<JobContent> = {}): JobContent {
  return {
    component: 'migrate',
    image: SERVER_IMAGE,
    command: ['migrate'],
    user: { uid: 1001, gid: 1002, fsGroup: 1003 },
    env: { TARGET: 'store' },
    resources: { cpu: '50m', memory: '64Mi', memoryLimit: '128Mi' },
    backoffLimit: 3,
    deadlineSeconds: 600,
    initContainers: [WAITING],
    ...change,
  };
}
