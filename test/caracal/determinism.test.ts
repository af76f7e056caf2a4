import { App, Testing } from 'cdk8s';
import fc from 'fast-check';
import { Cluster, Peer, Port } from '../../src';
import { CaracalStack, type CaracalStackProps } from '../../src/caracal';
import { frozen } from '../support/frozen';
import { caracal, propsOf } from './fixture';

const PROFILES = ['production', 'rc', 'dev'] as const;
const RICH = {
  pods: { labels: { team: 'identity', cost: 'a1' }, annotations: { b: '2', a: '1' }, env: { TZ: 'UTC', AB: 'x' } },
  sts: { env: { MAX_GRANT_TTL_SECONDS: '60', DB_MIN_CONNS: '1' }, podLabels: { y: '1', x: '2' } },
  limits: { policyPollSeconds: 30, gatewayUpstreamHosts: ['b.example.com', 'a.example.com'] },
  operators: { active: ['b@example.com', 'a@example.com'], locked: ['@example.org'] },
  control: true,
  webDiagnostics: true,
};

function yaml(props: CaracalStackProps): string {
  const app = new App();
  new CaracalStack(app, 'caracal', props);
  return app.synthYaml();
}

/** The same properties with the keys of every plain object in another order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(reversed) as T;
  }
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
    ? (Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, each]) => [key, reversed(each)]),
      ) as T)
    : value;
}

describe.each(PROFILES)('synthesis of %s', (profile) => {
  it('gives the same bytes for the same input, also when the tree is emitted twice', () => {
    const app = new App();
    new CaracalStack(app, 'caracal', propsOf(profile, RICH));
    const first = app.synthYaml();
    expect(app.synthYaml()).toBe(first);
    expect(yaml(propsOf(profile, RICH))).toBe(first);
    expect(first).not.toBe(yaml(propsOf(profile, { ...RICH, control: false })));
  });

  it('leaves the properties as they were: frozen ones do', () => {
    expect(yaml(frozen(propsOf(profile, RICH)))).toBe(yaml(propsOf(profile, RICH)));
  });

  it('does not depend on the order of keys', () => {
    const props = propsOf(profile, RICH);
    expect(Object.keys(reversed(props))[0]).not.toBe(Object.keys(props)[0]);
    expect(objects(reversed(props))).toEqual(objects(props));
  });

  it('names every object of a kind once, in the namespace of the stack', () => {
    const all = Testing.synth(caracal(propsOf(profile, RICH))) as Emitted[];
    const names = all.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(all.filter(({ metadata }) => metadata.namespace !== 'caracal')).toEqual([]);
    expect(names.length).toBeGreaterThan(30);
  });
});

interface Emitted {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The objects, sorted by kind and name; the order of emission is another promise. */
function objects(props: CaracalStackProps): Emitted[] {
  const key = ({ kind, metadata }: Emitted): string => `${kind}/${metadata.name}`;
  return (Testing.synth(caracal(props)) as Emitted[]).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe('the order of calls', () => {
  const FLOWS = [
    (stack: CaracalStack) =>
      stack.gateway.connections.allowTo(Peer.cidr('10.40.0.0/16'), { port: Port.tcp(443), reason: 'a' }),
    (stack: CaracalStack) =>
      stack.gateway.connections.allowTo(Peer.cidr('10.41.0.0/16'), { port: Port.tcp(8443), reason: 'b' }),
    (stack: CaracalStack) => stack.sts.connections.allowFrom(Peer.namespace('agents'), { reason: 'c' }),
    (stack: CaracalStack) => stack.web.connections.allowTo(stack.audit, { reason: 'd' }),
    (stack: CaracalStack) => stack.sts.addEnv('MAX_GRANT_TTL_SECONDS', '60'),
    (stack: CaracalStack) => stack.sts.addEnv('DB_MIN_CONNS', '1'),
  ];

  it('of flows and variables, once or twice, changes no object', () => {
    const build = (order: readonly number[]): object[] => {
      const stack = caracal(propsOf('production'));
      order.forEach((index) => FLOWS[index]?.(stack));
      return Testing.synth(stack) as object[];
    };
    const expected = build([0, 1, 2, 3, 4, 5]);
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], { minLength: 12 }), (order) => {
        expect(build(order)).toEqual(expected);
      }),
      { numRuns: 15, seed: 7 },
    );
    expect(build([0])).not.toEqual(expected);
  });

  it('of operators changes nothing: the file is sorted', () => {
    const one = propsOf('production', { operators: ['b@example.com', 'a@example.com'] });
    const two = propsOf('production', { operators: ['a@example.com', 'b@example.com'] });
    expect(yaml(one)).toBe(yaml(two));
  });

  it('of what a cluster serves changes nothing', () => {
    const cluster = (apis: string[]): Cluster =>
      Cluster.kind({ customResources: apis, prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: {} } });
    const apis = ['monitoring.coreos.com/v1', 'external-secrets.io/v1'];
    const change = { monitoring: { enabled: true } };
    expect(yaml(propsOf('dev', { ...change, cluster: cluster(apis) }))).toBe(
      yaml(propsOf('dev', { ...change, cluster: cluster([...apis].reverse()) })),
    );
  });
});
