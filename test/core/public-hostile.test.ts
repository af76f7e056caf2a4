import * as library from '../../src';
import { ConfigurationError } from '../../src';
import { testComponentSpec, testStack } from '../support/ledger';
import { refusedIds } from '../support/findings';

/** What JavaScript may give in the place of anything. */
const HOSTILE: readonly unknown[] = [
  ...[undefined, null, 0, -1, NaN, '', 'x', true, [], [null], {}, { zzz: 1 }, () => 1, Symbol('s')],
];

/** Functions for the author of a product or a test: they take what the library itself has made. */
const NOT_FOR_PROPERTIES: readonly string[] = ['runRules', 'explainConnectivity', 'replicasMissing'];

type Callable = (...args: unknown[]) => unknown;
const isClass = (value: unknown): boolean =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** Every factory and function of the package, by the name that a user types. */
const CALLS: readonly (readonly [string, Callable])[] = Object.entries(library).flatMap(
  ([name, value]): (readonly [string, Callable])[] => {
    if (typeof value !== 'function') {
      return [];
    }
    if (!isClass(value)) {
      return NOT_FOR_PROPERTIES.includes(name) ? [] : [[name, value as Callable] as const];
    }
    const statics = value as unknown as Record<string, unknown>;
    return Object.getOwnPropertyNames(value)
      .filter((key) => typeof statics[key] === 'function')
      .map((key) => [`${name}.${key}`, (...args) => (statics[key] as Callable).apply(value, args)] as const);
  },
);

describe('whatever a factory or a function of the package is given', () => {
  test('the package has some, or this would check nothing', () => {
    expect(CALLS.map(([name]) => name)).toEqual(
      expect.arrayContaining(['Peer.cidr', 'Scaling.auto', 'setPhase', 'connectionBudget', 'Component.isComponent']),
    );
  });

  test.each(CALLS)('%s ends in a value or in a report, never in a TypeError', (_name, call) => {
    for (const value of HOSTILE) {
      try {
        call(value);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
      }
    }
  });
});

describe('a property that a factory does not have is refused, also beside those that it has', () => {
  const peer = library.Peer.namespace('ingress');

  test.each<readonly [string, () => unknown]>([
    ['Exposure.external', () => library.Exposure.external({ proxy: peer, tls: true } as never)],
    ['Tls.certManager', () => library.Tls.certManager({ clusterIssuer: 'a', secret: 'b' } as never)],
    ['PodSecurity.relaxed', () => library.PodSecurity.relaxed({ reason: 'a', privileged: true } as never)],
    ['Cluster.kind', () => library.Cluster.kind({ zone: 3 } as never)],
    ['ImageRef.of', () => library.ImageRef.of({ repository: 'a', tag: 'v1', mirror: false } as never)],
  ])('%s', (_name, call) => {
    expect(refusedIds(call)).toContain('core/unknown-property');
  });
});

describe('a phase', () => {
  const component = () => new library.Component(testStack(), 'server', testComponentSpec());

  test('that there is not is refused: its objects would never be emitted', () => {
    expect(refusedIds(() => library.setPhase(component(), 'database' as never))).toEqual(['workload/invalid-phase']);
  });

  test('is given once; the same one again does no harm', () => {
    const server = component();
    library.setPhase(server, 'data');
    library.setPhase(server, 'data');
    expect(refusedIds(() => library.setPhase(server, 'observation'))).toEqual(['workload/invalid-phase']);
  });
});

test('a pool that is no number makes no budget', () => {
  const stack = testStack();
  const component = new library.Component(stack, 'server', testComponentSpec());
  const postgres = library.Postgres.external({ host: 'db', peer: library.Peer.cidr('10.0.0.0/8'), maxConnections: 90 });
  const bound = postgres.bind(stack, {
    image: component.spec.image,
    secretName: 'keys',
    passwordKey: 'password',
    user: 'ledger',
  });
  for (const poolSize of [-1, NaN, '20', null]) {
    const uses = [{ component, poolSize: poolSize as number }];
    expect(refusedIds(() => library.connectionBudget(bound, uses, 0))).toEqual(['core/wrong-type']);
  }
});
