import { phaseOfKind, PHASES } from '../../src/core/phase';

const at = (kind: string): number => PHASES.indexOf(phaseOfKind(kind));

describe('phases put first what others need', () => {
  test('there are seven, in the order of applying', () => {
    expect(PHASES).toEqual(['namespace', 'configuration', 'data', 'migration', 'workloads', 'exposure', 'observation']);
  });

  test.each([
    ['Namespace', 'ServiceAccount', 'everything stands in a namespace'],
    ['CustomResourceDefinition', 'ExternalSecret', 'an object needs its API'],
    ['NetworkPolicy', 'Deployment', 'no pod may start before it is closed in'],
    ['NetworkPolicy', 'Job', 'a Job is a pod too'],
    ['ServiceAccount', 'Job', 'a pod without its account is refused'],
    ['Secret', 'Deployment', 'a pod waits for its mounts'],
    ['ExternalSecret', 'Job', 'a pod waits for its mounts'],
    ['ConfigMap', 'StatefulSet', 'a pod waits for its mounts'],
    ['ResourceQuota', 'Deployment', 'what exists already is not limited'],
    ['SecretStore', 'Job', 'an ExternalSecret is fetched from its store'],
    ['ClusterSecretStore', 'Job', 'an ExternalSecret is fetched from its store'],
    ['Issuer', 'Certificate', 'a certificate is asked of its issuer'],
    ['ClusterIssuer', 'Ingress', 'a certificate is asked of its issuer'],
    ['PriorityClass', 'Job', 'a pod of a class that is not there is refused'],
    ['StorageClass', 'PersistentVolumeClaim', 'a claim waits for its class'],
    ['PersistentVolume', 'PersistentVolumeClaim', 'a claim waits for its volume'],
    ['PersistentVolumeClaim', 'Job', 'a claim can be bound meanwhile'],
    ['Cluster', 'Job', 'a migration needs its database'],
    ['Job', 'Deployment', 'services expect the new schema'],
    ['Deployment', 'Ingress', 'nothing is shown before it runs'],
    ['Service', 'HTTPRoute', 'a route needs its backend'],
    ['Deployment', 'ServiceMonitor', 'alerts come last'],
    ['Ingress', 'PrometheusRule', 'alerts come last'],
  ])('%s before %s: %s', (first, second) => {
    expect(at(first)).toBeLessThan(at(second));
  });

  test.each(['Deployment', 'StatefulSet', 'Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler', 'Unheard', ''])(
    'the kind "%s" belongs to the workloads, as everything does that no rule names',
    (kind) => {
      expect(phaseOfKind(kind)).toBe('workloads');
    },
  );

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'the kind "%s" is no kind of ours, though every JavaScript object has a property of that name',
    (kind) => {
      expect(phaseOfKind(kind)).toBe('workloads');
    },
  );
});
