import { baseRules, type Rule, runRules, type StackModel, type Violation } from '../../src';
import { openErrorIds } from '../support/findings';
import { testStack } from '../support/ledger';

const rule = (check: Rule['check'], change: Partial<Rule> = {}): Rule => ({
  id: 'books/rule',
  level: 'warning',
  acknowledgeable: true,
  why: 'order matters',
  fix: 'sort the books',
  check,
  ...change,
});
const model = { path: 'ledger' } as StackModel;
const violation: Violation = { path: 'ledger/server', message: 'the books are in disorder' };

describe('running rules', () => {
  test('a violation becomes a finding with the id, level, reason and fix of its rule', () => {
    expect(runRules([rule(() => [violation])], model)).toEqual([
      { id: 'books/rule', level: 'warning', why: 'order matters', fix: 'sort the books', ...violation },
    ]);
  });

  test('a violation may know a better fix, and what was given', () => {
    const [finding] = runRules([rule(() => [{ ...violation, fix: 'sort shelf 7', given: '7' }])], model);
    expect(finding).toMatchObject({ fix: 'sort shelf 7', given: '7' });
  });

  test('every rule is asked, every violation reported, in order', () => {
    const two = rule(() => [violation, violation], { id: 'books/two' });
    expect(
      runRules([two, rule(() => []), rule(() => [violation], { id: 'books/one' })], model).map(({ id }) => id),
    ).toEqual(['books/two', 'books/two', 'books/one']);
  });

  test.each<[string, unknown, RegExp]>([
    ['an error', new Error('no shelf'), /the rule itself failed: no shelf/],
    ['anything else', 'no shelf', /the rule itself failed: no shelf/],
  ])(
    'a rule that throws %s counts as violated, as an error: an unknown answer is not a safe one',
    (_what, thrown, message) => {
      const failing = rule(() => {
        throw thrown;
      });
      expect(runRules([failing, rule(() => [violation], { id: 'books/next' })], model)).toEqual([
        expect.objectContaining({
          id: 'books/rule',
          level: 'error',
          path: 'ledger',
          message: expect.stringMatching(message) as string,
        }),
        expect.objectContaining({ id: 'books/next' }),
      ]);
    },
  );

  test('such a rule keeps its stack from being emitted', () => {
    const stack = testStack({
      rules: [
        rule(() => {
          throw new Error('no shelf');
        }),
      ],
    });
    expect(openErrorIds(stack)).toEqual(['books/rule']);
  });
});

describe('the rules of every stack', () => {
  test('are these, with these levels, and these may be acknowledged; a change of this list is a change for users', () => {
    const list = baseRules().map(
      ({ id, level, acknowledgeable }) => `${id} ${level}${acknowledgeable ? ' acknowledgeable' : ''}`,
    );
    expect(list.sort()).toEqual([
      'images/no-digest error',
      'images/unpinned error acknowledgeable',
      'monitoring/missing error acknowledgeable',
      'network/cut-off warning acknowledgeable',
      'network/dns-unsaid warning acknowledgeable',
      'network/duplicate-route error',
      'network/no-pod-labels error',
      'network/no-port error',
      'network/not-enforced warning acknowledgeable',
      'network/other-family warning acknowledgeable',
      'network/second-service warning acknowledgeable',
      'network/shared-host warning acknowledgeable',
      'network/unmatched-peer warning acknowledgeable',
      'network/unserved-family error acknowledgeable',
      'network/wider-policy warning acknowledgeable',
      'platform/too-few-zones warning acknowledgeable',
      'secrets/literal-secret error acknowledgeable',
      'stack/duplicate-object error',
      'stack/failing-object error',
      'stack/file-per-resource error',
      'stack/helm-format error acknowledgeable',
      'stack/large-object warning acknowledgeable',
      'stack/not-judged warning acknowledgeable',
      'stack/patched-object warning acknowledgeable',
      'stack/unfit-patch error',
      'stack/unprotected-namespace warning acknowledgeable',
      'stack/unreadable-selector error',
      'workload/blocking-budget error acknowledgeable',
      'workload/drain-blocked error',
      'workload/drain-outage error',
      'workload/fixed-user warning acknowledgeable',
      'workload/no-metrics-server warning acknowledgeable',
      'workload/not-restricted error acknowledgeable',
      'workload/relaxed-security warning acknowledgeable',
      'workload/replica-floor error',
      'workload/second-autoscaler error',
      'workload/second-budget error',
      'workload/taken-labels error',
      'workload/unconfined warning acknowledgeable',
      'workload/vertical-autoscaler warning acknowledgeable',
    ]);
  });

  test('say why they matter and what to do, in words', () => {
    for (const { id, why, fix } of baseRules()) {
      expect(id).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
      expect([why.split(' ').length, fix.split(' ').length].every((words) => words >= 3)).toBe(true);
    }
  });

  test('find nothing in a stack without problems', () => {
    expect(testStack().findings()).toEqual([]);
  });
});
