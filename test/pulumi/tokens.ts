/** The kinds that the library emits, and what the Kubernetes provider calls them. */
export const BUILT_IN_TOKENS: Readonly<Record<string, string>> = {
  'v1 ConfigMap': 'kubernetes:core/v1:ConfigMap',
  'v1 Namespace': 'kubernetes:core/v1:Namespace',
  'v1 Secret': 'kubernetes:core/v1:Secret',
  'v1 Service': 'kubernetes:core/v1:Service',
  'v1 ServiceAccount': 'kubernetes:core/v1:ServiceAccount',
  'apps/v1 Deployment': 'kubernetes:apps/v1:Deployment',
  'apps/v1 StatefulSet': 'kubernetes:apps/v1:StatefulSet',
  'autoscaling/v2 HorizontalPodAutoscaler': 'kubernetes:autoscaling/v2:HorizontalPodAutoscaler',
  'batch/v1 Job': 'kubernetes:batch/v1:Job',
  'networking.k8s.io/v1 Ingress': 'kubernetes:networking.k8s.io/v1:Ingress',
  'networking.k8s.io/v1 NetworkPolicy': 'kubernetes:networking.k8s.io/v1:NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'kubernetes:policy/v1:PodDisruptionBudget',
};

/** Custom resources that the library emits; their token is made of what they are. */
export const CUSTOM_TOKENS: Readonly<Record<string, string>> = {
  'external-secrets.io/v1 ExternalSecret': 'kubernetes:external-secrets.io/v1:ExternalSecret',
  'monitoring.coreos.com/v1 PrometheusRule': 'kubernetes:monitoring.coreos.com/v1:PrometheusRule',
  'monitoring.coreos.com/v1 ServiceMonitor': 'kubernetes:monitoring.coreos.com/v1:ServiceMonitor',
};

/** What only some clusters get, and no example: `cluster-facts.test.ts` does. */
const SOME_CLUSTERS_TOKENS = ['kubernetes:cilium.io/v2:CiliumNetworkPolicy'];

/** Type of the component. */
export const COMPONENT_TOKEN = 'cdk8s-selfhosted:index:SelfHosted';

/** What the library may register; every other type fails a test. */
export const KNOWN_TOKENS: readonly string[] = [
  COMPONENT_TOKEN,
  ...Object.values(BUILT_IN_TOKENS),
  ...Object.values(CUSTOM_TOKENS),
  ...SOME_CLUSTERS_TOKENS,
];
