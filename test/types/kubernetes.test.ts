import type {
  Container,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  PodDisruptionBudgetSpec,
  PodSpec,
  ProbeSpec,
  ServiceSpec,
  Volume,
} from '../../src/core/kubernetes';

/**
 * The types of what is emitted are those of the API: plain JSON with the API's own field names. The generator of
 * cdk8s-plus writes some names in another way; under those, the API server refuses the field.
 */

const container: Container = { name: 'a', image: 'b:1' };

describe('unions are plain values', () => {
  test('IntOrString is a number or a string, never an object with a value', () => {
    const number: PodDisruptionBudgetSpec = { maxUnavailable: 1 };
    const percent: PodDisruptionBudgetSpec = { maxUnavailable: '50%' };
    // @ts-expect-error -- the class of cdk8s-plus would render as {"value":1}
    const object: PodDisruptionBudgetSpec = { maxUnavailable: { value: 1 } };
    expect([number, percent, object].map((each) => typeof each.maxUnavailable)).toEqual(['number', 'string', 'object']);
  });

  test('a port of a policy likewise', () => {
    const port: NetworkPolicyPort = { protocol: 'TCP', port: 443 };
    // @ts-expect-error -- a flag is no port
    const wrong: NetworkPolicyPort = { protocol: 'TCP', port: true };
    expect([port.port, wrong.port]).toEqual([443, true]);
  });

  test('a header keeps its value: only unions are taken apart', () => {
    const probe: ProbeSpec = { httpGet: { port: 'http', httpHeaders: [{ name: 'Accept', value: 'text/plain' }] } };
    // @ts-expect-error -- a header is name and value
    const wrong: ProbeSpec = { httpGet: { port: 'http', httpHeaders: ['text/plain'] } };
    expect([probe.httpGet?.httpHeaders?.length, wrong.httpGet?.httpHeaders?.length]).toEqual([1, 1]);
  });

  test('a quantity is text', () => {
    const good: Container = { ...container, resources: { limits: { memory: '1Gi' } } };
    // @ts-expect-error -- the class of cdk8s-plus would render as {"value":"1Gi"}
    const wrong: Container = { ...container, resources: { limits: { memory: { value: '1Gi' } } } };
    expect([good, wrong].map((each) => typeof each.resources?.limits?.memory)).toEqual(['string', 'object']);
  });
});

describe('fields have the names of the API', () => {
  test.each<[string, object]>([
    ['clusterIP', { clusterIP: 'None' } satisfies ServiceSpec],
    ['sessionAffinityConfig', { sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } } } satisfies ServiceSpec],
    ['hostPID', { containers: [container], hostPID: false, hostIPC: false } satisfies PodSpec],
    ['setHostnameAsFQDN', { containers: [container], setHostnameAsFQDN: false } satisfies PodSpec],
    ['downwardAPI', { name: 'v', downwardAPI: { items: [] } } satisfies Volume],
    ['awsElasticBlockStore', { name: 'v', awsElasticBlockStore: { volumeID: 'x' } } satisfies Volume],
    ['azureDisk', { name: 'v', azureDisk: { diskName: 'd', diskURI: 'u' } } satisfies Volume],
    ['fc', { name: 'v', fc: { targetWWNs: [] } } satisfies Volume],
    ['ipBlock', { ipBlock: { cidr: '10.0.0.0/8' } } satisfies NetworkPolicyPeer],
  ])('%s', (field, object) => {
    expect(object).toHaveProperty(field);
  });

  test('the names of the generator do not compile', () => {
    // @ts-expect-error -- clusterIP
    const service: ServiceSpec = { clusterIp: 'None' };
    // @ts-expect-error -- hostPID
    const pod: PodSpec = { containers: [container], hostPid: false };
    // @ts-expect-error -- downwardAPI
    const volume: Volume = { name: 'v', downwardApi: { items: [] } };
    expect([service, pod, volume]).toHaveLength(3);
  });

  test('misspelt fields do not compile', () => {
    // @ts-expect-error -- imagePullPolicy
    const misspelt: Container = { ...container, imagePolicy: 'Always' };
    expect(misspelt).toHaveProperty('imagePolicy');
  });
});

describe('what is newer than the types of cdk8s-plus', () => {
  test('preStop sleep is there, and preStop by command is not: images without a shell have none', () => {
    const sleep: Container = { ...container, lifecycle: { preStop: { sleep: { seconds: 5 } } } };
    // @ts-expect-error -- no exec
    const exec: Container = { ...container, lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } };
    expect([sleep.lifecycle?.preStop, exec.lifecycle?.preStop].map((each) => Object.keys(each ?? {}))).toEqual([
      ['sleep'],
      ['exec'],
    ]);
  });
});
