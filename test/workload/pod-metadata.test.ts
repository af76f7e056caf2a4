import {
  annotationProblems,
  labelProblems,
  nodeSelectorProblems,
  podAnnotationProblems,
  podLabelProblems,
} from '../../src/workload/pod-metadata';
import { spreadProblems } from '../../src/workload/topology-spread';
import { tolerationProblems } from '../../src/workload/pod-defaults';

const messages = (findings: readonly { readonly id: string; readonly message: string }[]): string[] =>
  findings.map(({ id, message }) => `${id}: ${message}`);

describe('labels that controllers of Kubernetes set: a Job with another value is refused by the API server', () => {
  test.each([
    ...['job-name', 'controller-uid', 'batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid'],
    ...['pod-template-hash', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name'],
  ])('%s', (key) => {
    expect(messages(podLabelProblems('labels', { [key]: 'x' }))).toEqual([
      'workload/invalid-metadata: Kubernetes sets this label itself, and refuses another value',
    ]);
  });

  test('others are taken, and a node selector may name any label', () => {
    expect(podLabelProblems('labels', { team: 'a', 'example.com/job-name': 'b' })).toEqual([]);
    expect(labelProblems('nodeSelector', { 'job-name': 'x' })).toEqual([]);
  });
});

describe('annotations', () => {
  test('Kubernetes takes 256 KiB for a pod; the stack and the component have half of it each', () => {
    expect(annotationProblems('a', { a: 'x'.repeat(124_000) })).toEqual([]);
    expect(messages(annotationProblems('a', { a: 'x'.repeat(70_000), b: 'ä'.repeat(35_000) }))).toEqual([
      expect.stringMatching(/^workload\/invalid-metadata: keys and values have at most \d+ bytes together$/),
    ]);
  });

  test('the finding shows the size, not the text', () => {
    expect(annotationProblems('a', { a: 'x'.repeat(200_000) })[0]?.given).toBe('"200001 bytes"');
  });

  test.each([
    'container.apparmor.security.beta.kubernetes.io/sts',
    'seccomp.security.alpha.kubernetes.io/pod',
    'container.seccomp.security.alpha.kubernetes.io/sts',
    'scheduler.alpha.kubernetes.io/tolerations',
    'scheduler.alpha.kubernetes.io/affinity',
    'scheduler.alpha.kubernetes.io/critical-pod',
    'security.alpha.kubernetes.io/sysctls',
    'kubernetes.io/config.mirror',
  ])('%s stands for a field of the pod, which the API server compares with it', (key) => {
    expect(messages(podAnnotationProblems('a', { [key]: 'unconfined' }))).toEqual([
      expect.stringContaining('stands for a field of the pod'),
    ]);
    // Of an Ingress it means nothing.
    expect(annotationProblems('a', { [key]: 'unconfined' })).toEqual([]);
  });

  test.each(['many', '9999999999', '-2147483649', '1.5', '01', ''])('a deletion cost of "%s"', (cost) => {
    const annotations = { 'controller.kubernetes.io/pod-deletion-cost': cost };
    expect(messages(podAnnotationProblems('a', annotations))).toEqual([expect.stringContaining('32 bits')]);
  });

  test.each(['0', '100', '-100', '2147483647'])('a deletion cost of "%s" is taken', (cost) => {
    expect(podAnnotationProblems('a', { 'controller.kubernetes.io/pod-deletion-cost': cost })).toEqual([]);
  });
});

describe('labels of nodes with new names: the API server warns of the old ones', () => {
  test.each([
    ['beta.kubernetes.io/os', 'kubernetes.io/os'],
    ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ])('%s', (old, now) => {
    const message = `this label is called "${now}" now`;
    expect(messages(nodeSelectorProblems('nodeSelector', { [old]: 'x' }))).toEqual([
      `workload/invalid-metadata: ${message}`,
    ]);
    const rule = { topologyKey: old, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' } as const;
    expect(messages(spreadProblems('spread', [rule], {}))).toEqual([
      `workload/invalid-spread: topologyKey: ${message}`,
    ]);
    expect(nodeSelectorProblems('nodeSelector', { [now]: 'x' })).toEqual([]);
  });
});

describe('seconds of a toleration', () => {
  const toleration = (tolerationSeconds: number) => [
    { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds },
  ];

  test.each([2 ** 53, 2 ** 63, 1e21])(
    '%d: the API server would read another number, a negative one among them',
    (seconds) => {
      expect(tolerationProblems('tolerations', toleration(seconds))).toHaveLength(1);
    },
  );

  test.each([0, 300, Number.MAX_SAFE_INTEGER])('%d is taken', (seconds) => {
    expect(tolerationProblems('tolerations', toleration(seconds))).toEqual([]);
  });
});
