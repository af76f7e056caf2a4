import { Testing } from 'cdk8s';
import { type Acknowledgement, Component, type PlatformStack, PodSecurity, type Rule } from '../../src';
import { findingsWith, openErrorIds, refusal } from '../support/findings';
import { testCluster, testComponentSpec, testStack } from '../support/ledger';

const MONITORING = 'monitoring/missing';

/** A stack that should be monitored in a cluster that cannot. */
const unmonitored = (): PlatformStack => testStack({ cluster: testCluster({ customResources: [] }) });

describe('acknowledging a finding', () => {
  test('lets synthesis go on, and shows the reason beside the finding', () => {
    const stack = unmonitored();
    expect(() => Testing.synth(stack)).toThrow(/monitoring\/missing/);
    stack.acknowledge(MONITORING, { reason: 'the operator is installed next week' });
    expect(() => Testing.synth(stack)).not.toThrow();
    expect(findingsWith(stack, MONITORING)).toEqual([
      expect.objectContaining({ level: 'error', acknowledged: 'the operator is installed next week' }),
    ]);
  });

  test('says nothing about findings of other rules', () => {
    const stack = unmonitored();
    stack.acknowledge('network/not-enforced', { reason: 'not relevant' });
    expect(openErrorIds(stack)).toEqual([MONITORING]);
  });

  test('may come before what it is about', () => {
    const stack = testStack();
    stack.acknowledge('workload/relaxed-security', { reason: 'known' });
    new Component(stack, 'server', testComponentSpec(), { security: PodSecurity.relaxed({ reason: 'writes' }) });
    expect(stack.findings()).toEqual([expect.objectContaining({ acknowledged: 'known' })]);
  });

  test('holds at its path and below, and nowhere else', () => {
    const stack = testStack();
    for (const id of ['server', 'server-two', 'store']) {
      new Component(stack, id, testComponentSpec({ component: id }), {
        security: PodSecurity.relaxed({ reason: 'writes' }),
      });
    }
    const accepted = () =>
      stack
        .findings()
        .filter(({ acknowledged }) => acknowledged !== undefined)
        .map(({ path }) => path);
    expect(accepted()).toEqual([]);
    stack.acknowledge('workload/relaxed-security', { reason: 'known', path: 'ledger/server' });
    // "server-two" begins with the same letters, and is another component.
    expect(accepted()).toEqual(['ledger/server']);
    stack.acknowledge('workload/relaxed-security', { reason: 'all known', path: 'ledger' });
    expect(accepted()).toEqual(['ledger/server', 'ledger/server-two', 'ledger/store']);
  });

  test.each([
    ['a path without such a finding', { path: 'ledger/sever' }, 'ledger/sever'],
    ['a rule without a finding in the stack', {}, 'ledger'],
  ])('that accepts nothing is a warning, for it would accept the next one unseen: %s', (_what, where, path) => {
    const stack = testStack();
    stack.acknowledge('workload/relaxed-security', { reason: 'known', ...where });
    expect(stack.findings()).toEqual([
      expect.objectContaining({ id: 'stack/unused-acknowledgement', level: 'warning', path }),
    ]);
    expect(() => Testing.synth(stack)).not.toThrow();
  });

  test('that repeats another one is used, too', () => {
    const stack = unmonitored();
    stack.acknowledge(MONITORING, { reason: 'first' });
    stack.acknowledge(MONITORING, { reason: 'second', path: 'ledger' });
    expect(findingsWith(stack, 'stack/unused-acknowledgement')).toEqual([]);
  });

  test("works for rules of the stack's own", () => {
    const rule: Rule = {
      id: 'books/too-many',
      level: 'error',
      acknowledgeable: true,
      why: 'shelves are full',
      fix: 'sell some',
      check: ({ path }) => [{ path, message: 'there are too many books' }],
    };
    const stack = testStack({ rules: [rule] });
    expect(openErrorIds(stack)).toEqual(['books/too-many']);
    stack.acknowledge('books/too-many', { reason: 'a new shelf is coming' });
    expect(openErrorIds(stack)).toEqual([]);
  });
});

describe('an acknowledgement is refused', () => {
  const refusedWith = (id: string, acknowledgement: unknown) =>
    refusal(() => testStack().acknowledge(id, acknowledgement as Acknowledgement)).map((finding) => finding.id);

  test('for a rule that does not exist, with those that may be acknowledged', () => {
    const [finding] = refusal(() => testStack().acknowledge('monitoring/mising', { reason: 'x' }));
    expect(finding).toMatchObject({
      id: 'stack/unknown-rule',
      path: 'ledger',
      fix: expect.stringContaining(MONITORING) as string,
    });
    expect(finding?.fix).not.toContain('workload/drain-blocked');
  });

  test.each([
    'workload/drain-blocked',
    'workload/replica-floor',
    'images/no-digest',
    'stack/duplicate-object',
    'network/no-port',
  ])('for %s, which protects a promise of the library', (id) => {
    expect(refusedWith(id, { reason: 'please' })).toEqual(['stack/not-acknowledgeable']);
  });

  test.each([[undefined], [{}], [{ reason: '' }], [{ reason: ' \n' }], [{ reason: 1 }]])(
    'without a reason: %j',
    (acknowledgement) => {
      expect(refusedWith(MONITORING, acknowledgement)).toEqual(['stack/no-reason']);
    },
  );

  test('with a misspelt path, which would accept the finding everywhere', () => {
    expect(refusedWith(MONITORING, { reason: 'x', paht: 'ledger/server' })).toEqual(['core/unknown-property']);
  });
});
