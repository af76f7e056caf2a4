import { Exposure, type Finding } from '../../src';
import { CARACAL_HABITS, SERVICE_HABITS } from '../../src/caracal/habits';
import { STACK_HABITS } from '../../src/stack/habits';
import { OPTION_HABITS } from '../../src/workload/habits';
import { refusal } from '../support/findings';
import { caracal, devProps, publishedProps } from './fixture';

const top = (change: object): Finding => refusal(() => caracal(devProps(change)))[0] as Finding;
const sts = (change: object): Finding => top({ sts: change });

describe('names that users of charts and of cdk8s-plus try', () => {
  it.each<[string, object, string]>([
    ['replicas', { replicas: 3 }, 'write scaling: Scaling.fixed(3)'],
    ['requests', { requests: { cpu: '1', memory: '1Gi' } }, 'write resources: { cpu: "1", memory: "1Gi" }'],
    ['limits in resources', { resources: { limits: { memory: '1Gi' } } }, 'write resources: { memoryLimit: "1Gi" }'],
    ['env as a list', { env: [{ name: 'TZ', value: 'UTC' }] }, 'write env: { TZ: "UTC" }'],
    ['serviceAccountName', { serviceAccountName: 'a' }, 'write serviceAccount: { name: "a" }'],
    [
      'connectionsPerPod',
      { connectionsPerPod: 30 },
      'the budget of the stack counts it: write limits: { connectionsPerPod: { sts: 30 } }',
    ],
    ['annotations', { annotations: { a: 'b' } }, 'write podAnnotations: { a: "b" }'],
    ['cpuLimit', { cpuLimit: 'none' }, 'write resources: { cpuLimit: "none" }'],
    ['memory', { memory: '2Gi' }, 'write resources: { memory: "2Gi" }'],
    [
      'memory as an object of cdk8s-plus',
      { memory: { request: {} } },
      'write resources: { cpu: "250m", memory: "256Mi", memoryLimit: "512Mi" }',
    ],
    ['livenessProbe', { livenessProbe: {} }, 'leave it out: the component has the probes that fit its program'],
  ])('%s of a component', (_what, change, fix) => {
    const all = refusal(() => caracal({ ...devProps({ sts: change }), instanse: 'a' } as never));
    expect(all.map((finding) => finding.fix)).toContain(fix);
  });

  it('whoever is told the line is not told forty names beside it; whoever is not gets them', () => {
    expect(top({ replicas: 3 }).allowed).toBeUndefined();
    expect(top({ zzz: 3 })).toMatchObject({ allowed: expect.stringContaining('profile, namespace'), fix: 'remove it' });
  });

  it.each<[string, object, string]>([
    ['monitoring as one word', { monitoring: true }, 'write monitoring: { enabled: true }'],
    ['monitoring as a word of a chart', { monitoring: 'off' }, 'write monitoring: { enabled: false }'],
    ['a group without a switch as one word', { limits: true }, 'give an object'],
    [
      'an origin without its scheme',
      { origins: { console: 'console.example.com', sts: 'http://sts.localhost' } },
      'write it as "https://console.example.com"',
    ],
    ['scaling', { scaling: 3 }, 'it belongs to a component: write sts: { scaling: 3 }'],
    [
      'connectionsPerPod',
      { connectionsPerPod: { sts: 9 } },
      'it belongs to `limits` of the stack: write limits: { connectionsPerPod: { sts: 9 } }',
    ],
    ['ingress', { ingress: { enabled: false } }, 'write exposure: Exposure.none()'],
    ['imagePullSecrets', { imagePullSecrets: [{ name: 'r' }] }, 'write pods: { pullSecrets: ["r"] }'],
    ['operators as a string', { operators: 'a@example.com' }, 'write operators: ["a@example.com"]'],
    [
      'postgresql',
      { postgresql: { auth: { password: 'hunter2' } } },
      'write postgres: Postgres.external({ host: "...", peer: Peer.cidr("10.20.0.0/24"), maxConnections: 500 }); its password is the key postgresPassword of secrets',
    ],
  ])('%s of the stack', (_what, change, fix) => {
    expect(top(change).fix).toBe(fix);
  });

  it('`ingress: { enabled: true }` is told of exposure, never of egress', () => {
    const { fix } = top({ ingress: { enabled: true } });
    expect(fix).toContain('exposure: Exposure.ingress({ className: "nginx", tls: Tls.certManager(');
    expect(fix).not.toContain('egress');
  });

  it.each([
    ...[...CARACAL_HABITS, ...STACK_HABITS].map((habit) => ['the stack', habit, top] as const),
    ...[...SERVICE_HABITS, ...OPTION_HABITS].map((habit) => ['a component', habit, sts] as const),
  ])('every name that %s is said to refuse is refused, with advice: %j', (_place, { names, example }, made) => {
    for (const name of names) {
      const finding = made({ [name]: example });
      expect([name, finding.id]).toEqual([name, 'core/unknown-property']);
      expect(finding.fix).toMatch(/write |leave it out|give each|name each/);
      expect(finding.fix).not.toMatch(/undefined|\[object/);
    }
  });
});

describe('rules of the user', () => {
  it('without a fix, a reason or a check are refused by the constructor, so that no report says "Fix: undefined"', () => {
    const findings = refusal(() =>
      caracal(devProps({ rules: [{ id: 'acme/a', level: 'error', acknowledgeable: true }] })),
    );
    expect(findings.map(({ path }) => path)).toEqual(['why', 'fix', 'check'].map((key) => `caracal.rules[0].${key}`));
  });

  it('that are right run', () => {
    const rule = {
      id: 'acme/a',
      level: 'error',
      acknowledgeable: true,
      why: 'a',
      fix: 'b',
      check: () => [{ path: 'caracal', message: 'c', fix: undefined }],
    };
    expect(
      refusal(() =>
        caracal(
          publishedProps({
            rules: [rule],
            exposure: Exposure.external({ proxy: publishedProps().cluster.ingressController as never }),
          }),
        ).toJson(),
      )[0],
    ).toMatchObject({ fix: 'b' });
  });
});
