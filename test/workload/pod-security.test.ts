import { Component, OneShotJob, PodSecurity } from '../../src';
import { findingsWith, openErrorIds, refusal } from '../support/findings';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';

describe('PodSecurity', () => {
  test.each([[{}], [{ reason: '' }], [{ reason: '  ' }], [{ reason: 1 }], [undefined]])(
    'a relaxation for %j is refused: it needs a reason',
    (props) => {
      expect(refusal(() => PodSecurity.relaxed(props as { reason: string }))).toEqual([
        expect.objectContaining({ id: 'workload/no-reason', path: 'PodSecurity.relaxed' }),
      ]);
    },
  );

  test('a relaxation is seen among the findings, with its reason, and fails nothing', () => {
    const stack = testStack();
    const security = PodSecurity.relaxed({ reason: 'writes its cache beside itself' });
    new Component(stack, 'server', testComponentSpec(), { security });
    new OneShotJob(stack, 'migrate', testJobContent(), { security });
    expect(findingsWith(stack, 'workload/relaxed-security')).toEqual(
      ['ledger/server', 'ledger/migrate'].map((path) =>
        expect.objectContaining({
          path,
          level: 'warning',
          message: expect.stringContaining('writes its cache beside itself') as string,
        }),
      ),
    );
    expect(openErrorIds(stack)).toEqual([]);
  });

  test('saying what holds anyway is no finding', () => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec(), { security: PodSecurity.restricted() });
    expect(stack.findings()).toEqual([]);
  });
});
