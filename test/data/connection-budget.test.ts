import * as fc from 'fast-check';
import { Component, connectionBudget, OneShotJob, Peer, Postgres, Scaling, stackConnectionBudget } from '../../src';
import { refusal } from '../support/findings';
import { SERVER_IMAGE, testComponentSpec, testJobContent, testStack, testStatefulSpec } from '../support/ledger';

interface Use {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly max: number;
  readonly poolSize: number;
}

function budget(uses: readonly Use[], jobs: number, reservedConnections = 10) {
  const stack = testStack();
  const postgres = Postgres.external({
    host: 'db',
    peer: Peer.cidr('10.0.0.0/8'),
    maxConnections: 500,
    reservedConnections,
  }).bind(stack, {
    image: SERVER_IMAGE,
    secretName: 'keys',
    passwordKey: 'password',
    user: 'ledger',
  });
  const components = uses.map(({ kind, max, poolSize }, index) => ({
    component: new Component(
      stack,
      `component-${index}`,
      testComponentSpec({
        component: `component-${index}`,
        kind,
        scaling: Scaling.auto({ min: 1, max, cpuPercent: 50 }),
      }),
    ),
    poolSize,
  }));
  return connectionBudget(postgres, components, jobs);
}

describe('the connection budget', () => {
  test('counts pools at the maximum, one more pod per Deployment during a rollout, Jobs, and what others keep', () => {
    const uses: Use[] = [
      { kind: 'Deployment', max: 6, poolSize: 20 },
      { kind: 'Deployment', max: 3, poolSize: 5 },
      { kind: 'StatefulSet', max: 4, poolSize: 10 },
    ];
    expect(budget(uses, 2)).toEqual({
      pods: 6 * 20 + 3 * 5 + 4 * 10,
      // A StatefulSet replaces its pods in place.
      surge: 20 + 5,
      jobs: 2,
      reserved: 10,
      needed: 175 + 25 + 2 + 10,
      available: 500,
    });
  });

  test('of a stack counts what its components and Jobs say of themselves, and nothing of those that say nothing', () => {
    const stack = testStack();
    const postgres = Postgres.external({ host: 'db', peer: Peer.cidr('10.0.0.0/8'), maxConnections: 100 }).bind(stack, {
      image: SERVER_IMAGE,
      secretName: 'keys',
      passwordKey: 'password',
      user: 'ledger',
    });
    const scaling = Scaling.fixed(3);
    new Component(stack, 'orders', testComponentSpec({ component: 'orders', scaling, connectionsPerPod: 5 }));
    new Component(stack, 'store', testStatefulSpec({ connectionsPerPod: 7 }));
    new Component(stack, 'proxy', testComponentSpec({ component: 'proxy', scaling }));
    new OneShotJob(stack, 'migrate', testJobContent({ connectionsPerPod: 2 }));
    new OneShotJob(stack, 'import', testJobContent({ component: 'import' }));
    const users = { components: stack.components(), jobs: stack.jobs() };
    expect(stackConnectionBudget(postgres, users)).toMatchObject({ pods: 3 * 5 + 3 * 7, surge: 5, jobs: 2 });
  });

  test('counts the maximum where somebody else scales', () => {
    const stack = testStack();
    const postgres = Postgres.external({ host: 'db', peer: Peer.cidr('10.0.0.0/8'), maxConnections: 500 }).bind(stack, {
      image: SERVER_IMAGE,
      secretName: 'keys',
      passwordKey: 'password',
      user: 'ledger',
    });
    const scaling = Scaling.external({ min: 2, max: 7 });
    const component = new Component(stack, 'server', testComponentSpec(), { scaling });
    expect(connectionBudget(postgres, [{ component, poolSize: 20 }], 0)).toMatchObject({ pods: 7 * 20, surge: 20 });
  });

  test('without users is what others keep', () => {
    expect(budget([], 0, 7)).toMatchObject({ pods: 0, surge: 0, needed: 7 });
  });

  test('is the sum of its parts, grows with each of them, and never depends on their order', () => {
    const use = fc.record({
      kind: fc.constantFrom('Deployment' as const, 'StatefulSet' as const),
      max: fc.integer({ min: 1, max: 20 }),
      poolSize: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(use, { minLength: 1, maxLength: 5 }), fc.nat(10), (uses, jobs) => {
        const all = budget(uses, jobs);
        expect(all.needed).toBe(all.pods + all.surge + all.jobs + all.reserved);
        expect(budget([...uses].reverse(), jobs)).toEqual(all);
        const [first, ...others] = uses;
        const bigger = budget([{ ...(first as Use), max: (first as Use).max + 1 }, ...others], jobs);
        expect(bigger.needed - all.needed).toBe((first as Use).poolSize);
        expect(budget(others, jobs).needed).toBeLessThan(all.needed);
      }),
      { numRuns: 25 },
    );
  });
});

test.each([[5], ['server'], [null], [undefined], [{}]])(
  'a budget of %j in the place of components and Jobs is a report, never a TypeError',
  (wrong) => {
    const postgres = { maxConnections: 100, reservedConnections: 0 } as never;
    const users = { components: [wrong], jobs: [wrong] } as never;
    expect(refusal(() => stackConnectionBudget(postgres, users)).map(({ id, path }) => `${path} ${id}`)).toEqual([
      'stackConnectionBudget.components[0] core/wrong-type',
      'stackConnectionBudget.jobs[0] core/wrong-type',
    ]);
  },
);
