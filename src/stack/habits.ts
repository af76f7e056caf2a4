import { codeOr, always, type Habit } from '../core/habits';
import { fieldsOf, oneOfFields } from '../core/fields';
import { pullSecrets } from '../workload/habits';

/** What users of charts write for a whole installation, whatever the product. */
export const STACK_HABITS: readonly Habit[] = [
  {
    names: ['imagePullSecrets', 'pullSecrets'],
    from: 'Helm charts',
    example: [{ name: 'registry' }],
    fix: (given) => `write pods: { pullSecrets: ${pullSecrets(given)} }`,
  },
  {
    names: ['commonLabels', 'extraLabels'],
    from: 'Helm charts',
    example: { team: 'a' },
    fix: (given) => `write labels: ${codeOr(given)} for objects, pods: { labels: ${codeOr(given)} } for pods`,
  },
  {
    names: ['podLabels'],
    from: 'Helm charts',
    example: { team: 'a' },
    fix: (given) => `write pods: { labels: ${codeOr(given)} }`,
  },
  {
    names: ['commonAnnotations', 'extraAnnotations'],
    from: 'Helm charts',
    example: { note: 'a' },
    fix: (given) => `write annotations: ${codeOr(given)} for objects, pods: { annotations: ${codeOr(given)} } for pods`,
  },
  {
    names: ['podAnnotations'],
    from: 'Helm charts',
    example: { note: 'a' },
    fix: (given) => `write pods: { annotations: ${codeOr(given)} }`,
  },
  {
    names: ['extraEnv', 'extraEnvVars', 'env'],
    from: 'Helm charts',
    example: { HTTPS_PROXY: 'http://proxy:3128' },
    fix: (given) =>
      `write pods: { env: ${Array.isArray(given) ? '{ NAME: "value" }' : codeOr(given)} } for all pods, or env of one component`,
  },
  {
    names: ['fullnameOverride', 'nameOverride', 'releaseName', 'name'],
    from: 'Helm charts',
    example: 'caracal-eu',
    fix: (given) =>
      `write instance: ${typeof given === 'string' ? codeOr(given) : '"..."'}; to keep the names of a Helm release, write names: Names.helmRelease("release", "chart")`,
  },
  {
    names: ['createNamespace', 'namespaceOverride'],
    from: 'Helm charts',
    example: true,
    fix: (given) => `write namespace: { name: ${typeof given === 'string' ? codeOr(given) : '"..."'}, create: true }`,
  },
  {
    names: ['imageRegistry', 'registry', 'imageRepository'],
    from: 'Helm charts',
    example: 'registry.example.com',
    fix: (given) => `write mirror: RegistryMirror.prefix(${typeof given === 'string' ? codeOr(given) : '"..."'})`,
  },
  {
    names: ['global'],
    from: 'Helm charts',
    example: { imageRegistry: 'registry.example.com', storageClass: 'gp3' },
    fix: (given) => {
      const fields = fieldsOf(given);
      const registry = oneOfFields(fields, 'imageRegistry', 'registry');
      const secrets = fields.imagePullSecrets;
      const storageClass = oneOfFields(fields, 'storageClass', 'defaultStorageClass');
      const lines = [
        ...(registry === undefined ? [] : [`mirror: RegistryMirror.prefix(${codeOr(registry)})`]),
        ...(secrets === undefined ? [] : [`pods: { pullSecrets: ${pullSecrets(secrets)} }`]),
        ...(storageClass === undefined ? [] : [`storageClass: ${codeOr(storageClass)} of the Cluster`]),
      ];
      return lines.length > 0
        ? `write ${lines.join(', ')}`
        : 'give each setting by itself: pods for all pods, mirror for all images, Cluster for what the platform decides';
    },
  },
  {
    names: ['networkPolicy', 'networkPolicies'],
    from: 'Helm charts',
    example: { enabled: true },
    fix: always(
      'leave it out: everything is closed but the flows that the stack needs; open others with connections.allowTo and allowFrom of a component',
    ),
  },
  {
    names: ['rbac', 'serviceAccount'],
    from: 'Helm charts',
    example: { create: true },
    fix: always(
      'leave it out: each component has an account without any permission; serviceAccount of a component brings another',
    ),
  },
  {
    names: ['securityContext', 'podSecurityContext', 'containerSecurityContext'],
    from: 'Helm charts',
    example: { runAsNonRoot: true },
    fix: always(
      'leave it out: every pod passes Pod Security "restricted"; security of a component relaxes its file system',
    ),
  },
  {
    names: ['podDisruptionBudget', 'pdb'],
    from: 'Helm charts',
    example: { enabled: true },
    fix: always('leave it out: there is one for each component; disruption of a component changes it'),
  },
  {
    names: ['storageClass', 'storageClassName'],
    from: 'Helm charts',
    example: 'gp3',
    fix: (given) => `say it once for the cluster: write storageClass: ${codeOr(given)} in Cluster.generic({ ... })`,
  },
  {
    names: ['kubeVersion', 'kubernetesVersion', 'zones'],
    from: 'Helm charts',
    example: '1.33',
    fix: always('the cluster says it: write cluster: Cluster.generic({ name: "eu-1", kubernetes: "1.33", zones: 3 })'),
  },
];

/** What users write inside of `pods`. */
export const PODS_HABITS: readonly Habit[] = [
  {
    names: ['imagePullSecrets'],
    from: 'Kubernetes',
    example: [{ name: 'registry' }],
    fix: (given) => `write pullSecrets: ${pullSecrets(given)}`,
  },
  {
    names: ['podLabels', 'extraLabels'],
    from: 'Helm charts',
    example: { team: 'a' },
    fix: (given) => `write labels: ${codeOr(given)}`,
  },
  {
    names: ['podAnnotations', 'extraAnnotations'],
    from: 'Helm charts',
    example: { note: 'a' },
    fix: (given) => `write annotations: ${codeOr(given)}`,
  },
  {
    names: ['priorityClass'],
    from: 'Helm charts',
    example: 'platform',
    fix: (given) => `write priorityClassName: ${codeOr(fieldsOf(given).name ?? given)}`,
  },
  {
    names: ['extraEnv', 'envVars'],
    from: 'Helm charts',
    example: [{ name: 'TZ', value: 'UTC' }],
    fix: (given) => `write env: ${Array.isArray(given) ? '{ NAME: "value" }' : codeOr(given)}`,
  },
];
