import { ApiObject, Chart, JsonPatch, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { type Component, Deferred, OneShotJob, PlatformStack, Scaling } from '../../src';
import { markDrawn } from '../../src/core/drawn';
import {
  budget,
  container,
  deployment,
  OF_SERVER,
  OURS,
  PINNED,
  raw,
  serverWith,
  stackWith,
  template,
} from '../support/foreign';
import { testJobContent, testStackProps } from '../support/ledger';

type Builds = Readonly<Record<string, () => PlatformStack>>;

const CREATED = { namespace: { name: 'books', create: true } } as const;

const pod = (change: object, spec: object = {}) =>
  stackWith((stack) => deployment(stack, template({ ...change, spec })));
const ingress = (host: string | undefined, path: string, pathType = 'Prefix') => ({
  spec: { rules: [{ ...(host === undefined ? {} : { host }), http: { paths: [{ path, pathType, backend: {} }] } }] },
});
const route = (hostnames: string[], value?: string, type = 'PathPrefix') => ({
  spec: { hostnames, rules: [value === undefined ? {} : { matches: [{ path: { type, value } }] }] },
});
/** An Ingress that the library drew. */
const exposed = (stack: PlatformStack) => markDrawn(raw(stack, 'Ingress', ING, ingress('a.example.com', '/'), 'drawn'));
const ING = 'networking.k8s.io/v1';
const GW = 'gateway.networking.k8s.io/v1';
const scaler = (target: object) => ({ spec: { scaleTargetRef: target, minReplicas: 2, maxReplicas: 5 } });
const SERVER = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ledger-server' };

/** Pods that are not locked in. */
const UNCONFINED: Readonly<Record<string, (stack: PlatformStack, server: Component) => unknown>> = {
  'a pod that says nothing': (stack) => deployment(stack, template({ securityContext: undefined })),
  'a privileged container': (stack) => deployment(stack, template({ securityContext: { privileged: true } })),
  'the network of the node': (stack) => deployment(stack, template({ spec: { hostNetwork: true } })),
  'a folder of the node': (stack) =>
    deployment(stack, template({ spec: { volumes: [{ name: 'x', hostPath: { path: '/' } }] } })),
  'a port of the node': (stack) => deployment(stack, template({ ports: [{ containerPort: 80, hostPort: 80 }] })),
  root: (stack) => deployment(stack, template({ spec: { securityContext: { runAsUser: 0 } } })),
  'a patch that takes the lock from a component': (_stack, { workload }) =>
    workload.addJsonPatch(JsonPatch.remove('/spec/template/spec/containers/0/securityContext')),
};

/** Pods that are, or that stand elsewhere. */
const CONFINED: Readonly<Record<string, (stack: PlatformStack, server: Component) => unknown>> = {
  'a pod that is locked in': (stack) => deployment(stack),
  'a lock on the pod, as far as it may stand there': (stack) =>
    deployment(
      stack,
      template({
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
        },
        spec: { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
      }),
    ),
  'a pod in another namespace': (stack) => {
    const own = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'theirs' } };
    new ApiObject(stack, 'own', { ...own, ...{ spec: { hostNetwork: true, containers: [container()] } } });
  },
  'a patch of something else': (_stack, { workload }) =>
    workload.addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 1)),
};

/** Rules about objects that the library did not draw: stacks that break them, and stacks that come close. */
export const FOREIGN_CASES: Readonly<Record<string, { readonly bad: Builds; readonly good: Builds }>> = {
  'images/unpinned': {
    bad: {
      'a raw Deployment of "latest", in production': () => pod({ image: 'nginx:latest' }),
      'an image by tag, in rc': () =>
        stackWith((stack) => deployment(stack, template({ image: 'nginx:1.27' })), { profile: 'rc' }),
      'an image without a tag, in dev': () =>
        stackWith((stack) => deployment(stack, template({ image: 'registry:5000/nginx' })), { profile: 'dev' }),
      'a container that comes first': () => pod({}, { initContainers: [container({ image: 'busybox:1' })] }),
      'a container that somebody adds': () => pod({}, { ephemeralContainers: [container({ image: 'busybox:1' })] }),
      'a bare Pod': () =>
        stackWith((stack) => raw(stack, 'Pod', 'v1', { spec: { containers: [container({ image: 'x:1' })] } })),
      'a CronJob': () =>
        stackWith((stack) =>
          raw(stack, 'CronJob', 'batch/v1', {
            spec: { jobTemplate: { spec: { template: template({ image: 'x:1' }) } } },
          }),
        ),
      'a DaemonSet of cdk8s-plus': () =>
        stackWith((stack) => new kplus.DaemonSet(stack, 'own', { containers: [{ image: 'x:1' }] })),
      'a Rollout': () =>
        stackWith((stack) =>
          raw(stack, 'Rollout', 'argoproj.io/v1alpha1', { spec: { template: template({ image: 'x:1' }) } }),
        ),
      'a custom workload with a pod template somewhere': () =>
        stackWith((stack) =>
          raw(stack, 'Farm', 'example.com/v1', { spec: { pools: [{ podTemplate: template({ image: 'x:1' }) }] } }),
        ),
      'a lazy value': () =>
        stackWith((stack) =>
          raw(stack, 'Deployment', 'apps/v1', {
            spec: Lazy.any({ produce: () => ({ template: template({ image: 'x:1' }) }) }),
          }),
        ),
      'an object inside of a construct and a chart in the stack': () =>
        stackWith((stack) => deployment(new Chart(stack, 'inner', { namespace: 'books' }), template({ image: 'x:1' }))),
      'a patch of a component': () =>
        serverWith((_stack, { workload }) =>
          workload.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', 'nginx:latest')),
        ),
      'a patch of an own object': () =>
        stackWith((stack) =>
          deployment(stack).addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', 'nginx:1')),
        ),
    },
    good: {
      'an image by digest': () => pod({ image: PINNED }),
      'an image by tag, in dev': () =>
        stackWith((stack) => deployment(stack, template({ image: 'registry:5000/nginx:1.27' })), { profile: 'dev' }),
      'another stack below, which judges itself': () =>
        stackWith((stack) =>
          deployment(
            new PlatformStack(stack, 'inner', testStackProps({ instance: 'inner' })),
            template({ image: 'nginx:latest' }),
          ),
        ),
      'text that only looks like containers': () =>
        stackWith((stack) => raw(stack, 'ConfigMap', 'v1', { data: { containers: '[{ image: nginx:latest }]' } })),
    },
  },
  'workload/not-restricted': {
    bad: Object.fromEntries(
      Object.entries(UNCONFINED).map(([what, spoil]) => [what, () => serverWith(spoil, {}, CREATED)]),
    ),
    good: {
      ...Object.fromEntries(Object.entries(CONFINED).map(([what, add]) => [what, () => serverWith(add, {}, CREATED)])),
      'a privileged pod where nobody knows what is admitted': () =>
        stackWith((stack) => deployment(stack, template({ securityContext: { privileged: true } }))),
    },
  },
  'workload/unconfined': {
    bad: Object.fromEntries(Object.entries(UNCONFINED).map(([what, spoil]) => [what, () => serverWith(spoil)])),
    good: Object.fromEntries(Object.entries(CONFINED).map(([what, add]) => [what, () => serverWith(add)])),
  },
  'workload/taken-labels': {
    bad: {
      'the labels of a component': () =>
        serverWith((stack) => deployment(stack, template({ labels: { ...OF_SERVER, a: 'b' } }))),
      'the labels of a Job': () =>
        stackWith((stack) => {
          new OneShotJob(stack, 'migrate', testJobContent());
          raw(stack, 'Pod', 'v1', {
            metadata: { name: 'x', labels: { ...OF_SERVER, 'app.kubernetes.io/component': 'migrate' } },
            spec: { containers: [container()] },
          });
        }),
    },
    good: {
      'two of the three': () =>
        serverWith((stack) =>
          deployment(stack, template({ labels: { ...OF_SERVER, 'app.kubernetes.io/component': 'mine' } })),
        ),
      'the labels on the Deployment only': () =>
        serverWith((stack) => deployment(stack).metadata.addLabel('app.kubernetes.io/component', 'server')),
    },
  },
  'workload/second-budget': {
    bad: {
      'a budget over a component': () => serverWith((stack) => budget(stack, OF_SERVER)),
      'a budget over everything': () => serverWith((stack) => budget(stack, {})),
      'a budget over a label of the pods that is no selector of ours': () =>
        serverWith((stack) => budget(stack, { team: 'x' }), { podLabels: { team: 'x' } }),
      'a budget by expression': () =>
        serverWith((stack) =>
          raw(stack, 'PodDisruptionBudget', 'policy/v1', {
            spec: {
              maxUnavailable: 1,
              selector: { matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'Exists' }] },
            },
          }),
        ),
      'two budgets over an own Deployment': () =>
        stackWith((stack) => {
          deployment(stack, template(), { replicas: 3 });
          budget(stack, OURS, undefined, 'one');
          budget(stack, OURS, undefined, 'two');
        }),
    },
    good: {
      'a budget over an own Deployment': () =>
        serverWith((stack) => {
          deployment(stack, template(), { replicas: 3 });
          budget(stack, OURS);
        }),
      'a budget over a component that has none': () =>
        serverWith((stack) => budget(stack, OF_SERVER), {}, { profile: 'dev' }),
      'a budget in another namespace': () =>
        serverWith((stack) => {
          const own = {
            apiVersion: 'policy/v1',
            kind: 'PodDisruptionBudget',
            metadata: { name: 'x', namespace: 'theirs' },
          };
          new ApiObject(stack, 'own', { ...own, ...{ spec: { selector: { matchLabels: OF_SERVER } } } });
        }),
    },
  },
  'stack/unreadable-selector': {
    bad: Object.fromEntries(
      ['x', [], { matchExpressions: 'x' }, { matchExpressions: [{ key: 'a', operator: 'Is' }] }].map((selector) => [
        `a budget with ${JSON.stringify(selector)}, in a stack where other rules still run`,
        () => serverWith((stack) => raw(stack, 'PodDisruptionBudget', 'policy/v1', { spec: { selector } })),
      ]),
    ),
    good: { 'a budget that selects everything of nothing': () => stackWith((stack) => budget(stack, {})) },
  },
  'workload/blocking-budget': {
    bad: {
      'a budget that keeps the single pod': () =>
        stackWith((stack) => {
          deployment(stack);
          budget(stack, OURS, { minAvailable: 1 });
        }),
      'none may go': () => stackWith((stack) => budget(stack, OURS, { maxUnavailable: 0 })),
      'no percent may go': () => stackWith((stack) => budget(stack, OURS, { maxUnavailable: '0%' })),
      'all stay': () => stackWith((stack) => budget(stack, OURS, { minAvailable: '100%' })),
      'half of three rounds up, of one it is all': () =>
        stackWith((stack) => {
          deployment(stack, template(), { replicas: 1 });
          budget(stack, OURS, { minAvailable: '50%' });
        }),
      'the one replica of a component in dev': () =>
        serverWith((stack) => budget(stack, OF_SERVER, { minAvailable: 1 }), {}, { profile: 'dev' }),
    },
    good: {
      'one of two may go': () =>
        stackWith((stack) => {
          deployment(stack, template(), { replicas: 2 });
          budget(stack, OURS, { minAvailable: 1 });
        }),
      'one may go': () =>
        stackWith((stack) => {
          deployment(stack);
          budget(stack, OURS, { maxUnavailable: 1 });
        }),
      'a budget over pods that are scaled to none': () =>
        stackWith((stack) => {
          deployment(stack, template(), { replicas: 0 });
          budget(stack, OURS, { minAvailable: 1 });
        }),
      'a budget over pods that nobody can count': () =>
        stackWith((stack) => {
          raw(stack, 'DaemonSet', 'apps/v1', { spec: { template: template() } });
          budget(stack, OURS, { minAvailable: 1 });
        }),
    },
  },
  'workload/second-autoscaler': {
    bad: {
      'an autoscaler on fixed replicas': () =>
        serverWith((stack) => raw(stack, 'HorizontalPodAutoscaler', 'autoscaling/v2', scaler(SERVER)), {
          scaling: Scaling.fixed(3),
        }),
      'a second autoscaler': () =>
        serverWith((stack) => raw(stack, 'HorizontalPodAutoscaler', 'autoscaling/v2', scaler(SERVER))),
      'one of KEDA': () =>
        serverWith((stack) => raw(stack, 'ScaledObject', 'keda.sh/v1alpha1', scaler({ name: 'ledger-server' }))),
      'two autoscalers from outside, where one is expected': () =>
        serverWith(
          (stack) => {
            raw(stack, 'ScaledObject', 'keda.sh/v1alpha1', scaler({ name: 'ledger-server' }), 'one');
            raw(stack, 'HorizontalPodAutoscaler', 'autoscaling/v2', scaler(SERVER), 'two');
          },
          { scaling: Scaling.external({ min: 2, max: 4 }) },
        ),
    },
    good: {
      'the one autoscaler from outside that is expected': () =>
        serverWith((stack) => raw(stack, 'ScaledObject', 'keda.sh/v1alpha1', scaler({ name: 'ledger-server' })), {
          scaling: Scaling.external({ min: 2, max: 4 }),
        }),
      'an autoscaler of an own Deployment': () =>
        serverWith((stack) => {
          deployment(stack);
          raw(stack, 'HorizontalPodAutoscaler', 'autoscaling/v2', scaler({ ...SERVER, name: 'own' }));
        }),
      'a patch of the own autoscaler': () =>
        serverWith((_stack, { autoscaler }) => autoscaler?.addJsonPatch(JsonPatch.replace('/spec/maxReplicas', 9))),
    },
  },
  'workload/vertical-autoscaler': {
    bad: {
      'one that changes pods': () =>
        serverWith((stack) =>
          raw(stack, 'VerticalPodAutoscaler', 'autoscaling.k8s.io/v1', { spec: { targetRef: SERVER } }),
        ),
    },
    good: {
      'one that recommends': () =>
        serverWith((stack) =>
          raw(stack, 'VerticalPodAutoscaler', 'autoscaling.k8s.io/v1', {
            spec: { targetRef: SERVER, updatePolicy: { updateMode: 'Off' } },
          }),
        ),
    },
  },
  'network/duplicate-route': {
    bad: {
      'two Ingresses': () =>
        stackWith((stack) => {
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/'), 'one');
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/'), 'two');
        }),
      'an Ingress and an HTTPRoute, written differently': () =>
        stackWith((stack) => {
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/x'), 'one');
          raw(stack, 'HTTPRoute', GW, route(['b.example.com', 'a.example.com'], '/x/'), 'two');
        }),
      'routes without host and path': () =>
        stackWith((stack) => {
          raw(stack, 'HTTPRoute', GW, route([]), 'one');
          raw(stack, 'HTTPRoute', GW, route([], '/'), 'two');
        }),
    },
    good: {
      'two hosts': () =>
        stackWith((stack) => {
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/'), 'one');
          raw(stack, 'Ingress', ING, ingress('b.example.com', '/'), 'two');
        }),
      'two paths': () =>
        stackWith((stack) => {
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/x'), 'one');
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/xy'), 'two');
        }),
    },
  },
  'network/shared-host': {
    bad: {
      'a path of an Ingress that the library drew': () =>
        stackWith((stack) => {
          exposed(stack);
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/x'));
        }),
    },
    good: {
      'another host': () =>
        stackWith((stack) => {
          exposed(stack);
          raw(stack, 'Ingress', ING, ingress('b.example.com', '/x'));
        }),
      'two of the own, which know each other': () =>
        stackWith((stack) => {
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/'), 'one');
          raw(stack, 'Ingress', ING, ingress('a.example.com', '/x'), 'two');
        }),
    },
  },
  'network/second-service': {
    bad: {
      'a Service over a component': () =>
        serverWith((stack) => raw(stack, 'Service', 'v1', { spec: { type: 'LoadBalancer', selector: OF_SERVER } })),
      'a Service over some labels of it': () =>
        serverWith((stack) =>
          raw(stack, 'Service', 'v1', { spec: { selector: { 'app.kubernetes.io/instance': 'ledger' } } }),
        ),
    },
    good: {
      'a Service over own pods': () => serverWith((stack) => raw(stack, 'Service', 'v1', { spec: { selector: OURS } })),
      'a Service without a selector': () =>
        serverWith((stack) => raw(stack, 'Service', 'v1', { spec: { type: 'ClusterIP' } })),
    },
  },
  'network/wider-policy': {
    bad: {
      'a policy that lets everybody in': () =>
        serverWith((stack) => raw(stack, 'NetworkPolicy', ING, { spec: { podSelector: {}, ingress: [{}] } })),
      'a policy that lets a component out': () =>
        serverWith((stack) =>
          raw(stack, 'NetworkPolicy', ING, { spec: { podSelector: { matchLabels: OF_SERVER }, egress: [{}] } }),
        ),
    },
    good: {
      'a policy that closes': () =>
        serverWith((stack) =>
          raw(stack, 'NetworkPolicy', ING, { spec: { podSelector: {}, policyTypes: ['Ingress'] } }),
        ),
      'a policy of own pods': () =>
        serverWith((stack) =>
          raw(stack, 'NetworkPolicy', ING, { spec: { podSelector: { matchLabels: OURS }, ingress: [{}] } }),
        ),
    },
  },
  'network/cut-off': {
    bad: {
      'a pod in a namespace that the stack creates': () => stackWith((stack) => deployment(stack), CREATED),
      'a pod with the labels of the stack, in one that exists': () =>
        stackWith((stack) =>
          deployment(stack, template({ labels: { ...OF_SERVER, 'app.kubernetes.io/component': 'mine' } })),
        ),
      'a pod with a policy of somebody else': () =>
        stackWith((stack) => {
          deployment(stack);
          raw(stack, 'NetworkPolicy', ING, { spec: { podSelector: { matchLabels: { app: 'x' } }, egress: [{}] } });
        }, CREATED),
    },
    good: {
      'a pod in a namespace that exists': () => stackWith((stack) => deployment(stack)),
      'a pod with flows': () => stackWith((stack) => stack.connectionsFor(deployment(stack)), CREATED),
      'a pod with a policy of its own': () =>
        stackWith((stack) => {
          deployment(stack);
          raw(stack, 'NetworkPolicy', ING, { spec: { podSelector: { matchLabels: OURS }, egress: [{}] } });
        }, CREATED),
      'a component': () => serverWith(() => undefined, {}, CREATED),
    },
  },
  'network/no-pod-labels': {
    bad: {
      'flows of pods without labels': () =>
        stackWith((stack) => stack.connectionsFor(raw(stack, 'Pod', 'v1', { spec: { containers: [container()] } }))),
    },
    good: { 'flows of pods with labels': () => stackWith((stack) => stack.connectionsFor(deployment(stack))) },
  },
  'secrets/literal-secret': {
    bad: {
      'a Secret with data': () =>
        stackWith((stack) => raw(stack, 'Secret', 'v1', { data: { password: 'aHVudGVyMg==' } })),
      'a Secret with text': () =>
        stackWith((stack) => raw(stack, 'Secret', 'v1', { stringData: { password: 'hunter2' } })),
      'a password in a variable': () => pod({ env: [{ name: 'PGPASSWORD', value: 'hunter2' }] }),
      'credentials in a URL': () => pod({ env: [{ name: 'DB', value: 'postgres://a:hunter2@db/x' }] }),
      'a private key in a ConfigMap': () =>
        stackWith((stack) => raw(stack, 'ConfigMap', 'v1', { data: { key: '-----BEGIN EC PRIVATE KEY-----\nx' } })),
    },
    good: {
      'a Secret that somebody fills': () => stackWith((stack) => raw(stack, 'Secret', 'v1', { type: 'Opaque' })),
      'a Secret of dev': () =>
        stackWith((stack) => raw(stack, 'Secret', 'v1', { stringData: { password: 'x' } }), { profile: 'dev' }),
      'a value that only the deployment knows': () =>
        stackWith((stack) =>
          raw(stack, 'Secret', 'v1', { stringData: { url: `postgres://a:${Deferred.create()}@db` } }),
        ),
      'a reference': () =>
        pod({
          env: [
            { name: 'PGPASSWORD', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } },
            { name: 'TOKEN_URL', value: 'https://x' },
          ],
        }),
    },
  },
  'stack/not-judged': {
    bad: {
      'a kind that nobody knows': () => stackWith((stack) => raw(stack, 'Widget', 'example.com/v1', { spec: {} })),
      'a policy of another kind': () =>
        stackWith((stack) => raw(stack, 'CiliumNetworkPolicy', 'cilium.io/v2', { spec: {} })),
    },
    good: {
      'kinds of Kubernetes': () =>
        stackWith((stack) => {
          raw(stack, 'ResourceQuota', 'v1', { spec: {} });
          raw(stack, 'Role', 'rbac.authorization.k8s.io/v1', {});
        }),
      'kinds that run nothing': () =>
        stackWith((stack) => raw(stack, 'ExternalSecret', 'external-secrets.io/v1', { spec: {} })),
    },
  },
  'stack/unprotected-namespace': {
    bad: { 'a Namespace of the own name': () => stackWith((stack) => raw(stack, 'Namespace', 'v1', {}, 'books')) },
    good: {
      'another Namespace': () => stackWith((stack) => raw(stack, 'Namespace', 'v1', {}, 'theirs')),
      'the one that the stack creates': () => stackWith(() => undefined, CREATED),
      'one that is protected': () =>
        stackWith((stack) =>
          raw(
            stack,
            'Namespace',
            'v1',
            { metadata: { name: 'books', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
            'books',
          ),
        ),
    },
  },
};
