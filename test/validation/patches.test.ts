import { JsonPatch, Testing } from 'cdk8s';
import { Component, type PlatformStack } from '../../src';
import { findingsWith, refusal } from '../support/findings';
import { testComponentSpec, testStack } from '../support/ledger';

const PATCHED = 'stack/patched-object';
const UNFIT = 'stack/unfit-patch';
const WORKLOAD = 'ledger/server/Resource';

function patched(...patches: readonly JsonPatch[]): { stack: PlatformStack; server: Component } {
  const stack = testStack();
  const server = new Component(stack, 'server', testComponentSpec());
  server.workload.addJsonPatch(...patches);
  return { stack, server };
}

describe('a patch is a finding that says what it changes, never to what', () => {
  test('one for each operation, with its pointer', () => {
    const { stack } = patched(
      JsonPatch.add('/spec/minReadySeconds', 'hunter2'),
      JsonPatch.copy('/metadata/labels', '/metadata/annotations'),
      JsonPatch.remove('/spec/strategy'),
    );
    const found = findingsWith(stack, PATCHED);
    expect(found.map(({ path, patch }) => [path, patch])).toEqual([
      [WORKLOAD, 'add /spec/minReadySeconds'],
      [WORKLOAD, 'copy /metadata/labels to /metadata/annotations'],
      [WORKLOAD, 'remove /spec/strategy'],
    ]);
    expect(found[0]?.message).toBe('Deployment "ledger-server" is changed by a JSON patch: add /spec/minReadySeconds');
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});

describe('an acknowledgement accepts the patch that it names', () => {
  const open = (stack: PlatformStack): (string | undefined)[] =>
    stack
      .findings()
      .filter(({ acknowledged }) => acknowledged === undefined)
      .map(({ patch }) => patch);
  const accept = (stack: PlatformStack, patch: string): void =>
    stack.acknowledge(PATCHED, { reason: 'reviewed', path: 'ledger/server', patch });

  test('and no later one, on the same object or on another', () => {
    const { stack, server } = patched(JsonPatch.add('/spec/minReadySeconds', 5));
    accept(stack, 'add /spec/minReadySeconds');
    expect(open(stack)).toEqual([]);
    server.workload.addJsonPatch(JsonPatch.add('/spec/paused', true));
    server.service.addJsonPatch(JsonPatch.add('/spec/publishNotReadyAddresses', true));
    expect(open(stack)).toEqual(['add /spec/paused', 'add /spec/publishNotReadyAddresses']);
  });

  test('nor a second one of the same place: an entry that is appended to a list, again', () => {
    const append = (): JsonPatch => JsonPatch.add('/spec/template/spec/containers/0/env/-', { name: 'A', value: '1' });
    const { stack, server } = patched(JsonPatch.add('/spec/template/spec/containers/0/env', []), append());
    accept(stack, 'add /spec/template/spec/containers/0/env');
    accept(stack, 'add /spec/template/spec/containers/0/env/-');
    server.workload.addJsonPatch(append());
    expect(open(stack)).toEqual(['add /spec/template/spec/containers/0/env/- #2']);
  });

  test('one that names no patch is refused, with the line to type', () => {
    const { stack } = patched(JsonPatch.add('/spec/minReadySeconds', 5));
    expect(refusal(() => stack.acknowledge(PATCHED, { reason: 'reviewed' }))).toEqual([
      expect.objectContaining({
        id: 'stack/no-patch',
        fix: expect.stringContaining('path: finding.path, patch: finding.patch') as string,
      }),
    ]);
  });

  test('one that accepts nothing any more is told, with the patch that is gone', () => {
    const { stack } = patched();
    accept(stack, 'add /spec/minReadySeconds');
    expect(findingsWith(stack, 'stack/unused-acknowledgement')).toEqual([
      expect.objectContaining({ given: 'stack/patched-object: add /spec/minReadySeconds' }),
    ]);
  });
});

describe('a patch that does not fit is a finding with its pointer', () => {
  test.each<[string, JsonPatch, string, string]>([
    [
      'a parent that is not there',
      JsonPatch.replace('/spec/nope/deeper', 1),
      'replace /spec/nope/deeper',
      'there is no "nope" at /spec',
    ],
    [
      'a misspelt field',
      JsonPatch.replace('/spec/minReadySecond', 5),
      'replace /spec/minReadySecond',
      'there is no "minReadySecond" at /spec',
    ],
    [
      'nothing to remove',
      JsonPatch.remove('/metadata/annotation'),
      'remove /metadata/annotation',
      'there is no "annotation" at /metadata',
    ],
    [
      'an entry behind the end of a list',
      JsonPatch.replace('/spec/template/spec/containers/1/image', 'x'),
      'replace /spec/template/spec/containers/1/image',
      'the list at /spec/template/spec/containers has 1 entries',
    ],
    [
      'a name in the place of an index',
      JsonPatch.add('/spec/template/spec/containers/server/image', 'x'),
      'add /spec/template/spec/containers/server/image',
      'has 1 entries',
    ],
    ['a field of a text', JsonPatch.add('/kind/x', 1), 'add /kind/x', '/kind is no object and no list'],
    ['no "/" at the beginning', JsonPatch.add('spec/x', 1), 'add spec/x', 'a pointer begins with "/"'],
    ['a test that fails', JsonPatch.test('/kind', 'hunter2'), 'test /kind', 'the value there is another one'],
    [
      'a source that is not there',
      JsonPatch.move('/spec/nope', '/spec/x'),
      'move /spec/nope to /spec/x',
      'there is no "nope" at /spec',
    ],
    [
      'the prototype of all objects',
      JsonPatch.add('/__proto__/x', 1),
      'add /__proto__/x',
      'there is no "__proto__" at the top',
    ],
    ['the whole object by a text', JsonPatch.replace('', 'hunter2'), 'replace ', 'nothing of the object would be left'],
  ])('%s', (_what, patch, given, message) => {
    const { stack } = patched(patch);
    const [finding, ...others] = refusal(() => Testing.synth(stack));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      id: UNFIT,
      path: WORKLOAD,
      given,
      message: expect.stringContaining(message) as string,
    });
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });

  test('with the names that are there', () => {
    const { stack } = patched(JsonPatch.remove('/spec/strategyy'));
    expect(findingsWith(stack, UNFIT)[0]?.allowed?.split(', ')).toEqual(
      expect.arrayContaining(['selector', 'strategy', 'template']),
    );
  });

  test.each([
    ['a field is added', [JsonPatch.add('/spec/minReadySeconds', 5)]],
    ['"/" in a name', [JsonPatch.replace('/metadata/labels/app.kubernetes.io~1part-of', 'x')]],
    [
      'one patch needs the one before it',
      [JsonPatch.add('/metadata/annotations', {}), JsonPatch.add('/metadata/annotations/a', 'b')],
    ],
    ['an entry is appended', [JsonPatch.add('/spec/template/spec/containers/0/env/-', { name: 'x' })]],
    ['a value is tested', [JsonPatch.test('/kind', 'Deployment')]],
  ])('negative control: %s, and cdk8s renders the same', (_what, patches) => {
    const { stack } = patched(...patches);
    expect(findingsWith(stack, UNFIT)).toEqual([]);
    expect(() => Testing.synth(stack)).not.toThrow();
  });

  test('asking changes nothing: the object still has its patches', () => {
    const { stack, server } = patched(JsonPatch.add('/spec/minReadySeconds', 5));
    stack.findings();
    expect(server.workload.toJson()).toMatchObject({ spec: { minReadySeconds: 5 } });
  });
});
