import { ConfigurationError, type JobContent, OneShotJob } from '../../src';
import { JOB_SHAPE } from '../../src/workload/spec-shapes';
import { testJobContent, testStack, WAITING } from '../support/ledger';
import { synth } from '../support/manifests';

/** What a stack says about a Job with this content, as `path below the Job: code: message`. */
function said(content: unknown): string[] {
  const stack = testStack();
  const job = new OneShotJob(stack, 'migrate', content as JobContent);
  return stack
    .findings()
    .filter(({ level }) => level === 'error')
    .map(({ path, id, message }) => `${path.replace(job.node.path, '')}: ${id}: ${message}`);
}

const withContent = (change: object): unknown => ({ ...testJobContent(), ...change });
const waiting = (change: object) => withContent({ initContainers: [{ ...WAITING, ...change }] });
const tmp = { volume: 'tmp', mountPath: '/tmp', size: '1Mi' };
const mount = (name: string, mountPath: string) => ({ name, mountPath });

/** One mistake each, with the only thing that is said about it. */
const MISTAKES: readonly (readonly [string, unknown, RegExp])[] = [
  ['attempts below zero', withContent({ backoffLimit: -1 }), /^\.backoffLimit: workload\/invalid-limit: .*from 0/],
  ['attempts as text', withContent({ backoffLimit: '3' }), /^\.backoffLimit: workload\/invalid-limit/],
  ['no deadline', withContent({ deadlineSeconds: 0 }), /^\.deadlineSeconds: workload\/invalid-limit: .*from 1/],
  [
    'a deadline above 32 bits',
    withContent({ deadlineSeconds: 2 ** 31 }),
    /^\.deadlineSeconds: workload\/invalid-limit/,
  ],
  ['ports', withContent({ ports: [] }), /^\.ports: core\/unknown-property/],
  [
    'config files, which would not count into its name',
    withContent({ configFiles: [] }),
    /^\.configFiles: core\/unknown/,
  ],
  ['root', withContent({ user: { uid: 0, gid: 0, fsGroup: 0 } }), /^\.user\.uid: workload\/invalid-user: .*root/],
  ['an image as text', withContent({ image: 'busybox' }), /^\.image: core\/wrong-type/],
  ['a name in capitals', withContent({ component: 'Migrate' }), /^\.component: workload\/invalid-name/],
  [
    'scratch of a decimal size',
    withContent({ scratch: [{ ...tmp, size: '1.5Mi' }] }),
    /^\.scratch\[0\]\.size: core\/inv/,
  ],
  ['waiting as one object', withContent({ initContainers: WAITING }), /^\.initContainers: core\/wrong-type/],
  [
    'a waiting container in capitals',
    waiting({ name: 'Wait' }),
    /^\.initContainers\[0\]\.name: workload\/invalid-name/,
  ],
  [
    'a waiting container with the name of the Job',
    waiting({ name: 'migrate' }),
    /^\.initContainers\[0\]\.name: workload\/invalid-name: another container/,
  ],
  [
    'two waiting containers of one name',
    withContent({ initContainers: [WAITING, WAITING] }),
    /^\.initContainers\[1\]\.name: workload\/invalid-name: another container/,
  ],
  ['a waiting container as root', waiting({ user: { uid: 0, gid: 1 } }), /^\.initContainers\[0\]\.user\.uid: .*root/],
  ['a waiting container without image', waiting({ image: undefined }), /^\.initContainers\[0\]\.image: core\/missing/],
  [
    'a variable with a dash',
    waiting({ env: { 'A-B': '' } }),
    /^\.initContainers\[0\]\.env\.A-B: workload\/invalid-env/,
  ],
  [
    'a mount of a volume that is not there',
    waiting({ mounts: [mount('tmp', '/tmp')] }),
    /^\.initContainers\[0\]\.mounts: workload\/invalid-volume: the pod has no volume "tmp"/,
  ],
  [
    'a mount at a relative path',
    withContent({ scratch: [tmp], initContainers: [{ ...WAITING, mounts: [mount('tmp', 'tmp')] }] }),
    /^\.initContainers\[0\]\.mounts\[0\]\.mountPath: workload\/invalid-volume: .*absolute/,
  ],
  ['no content', undefined, /^: core\/wrong-type/],
];

describe('the content of a Job', () => {
  test.each(MISTAKES)('%s is refused, with one finding at its place', (_name, content, expected) => {
    const findings = said(content);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(expected);
  });

  test('one without a mistake is not, nor is a volume that two containers mount', () => {
    expect(said(testJobContent())).toEqual([]);
    const mounts = [mount('tmp', '/tmp')];
    expect(said(withContent({ scratch: [tmp], initContainers: [{ ...WAITING, mounts }] }))).toEqual([]);
  });

  test('an empty one names what is missing, and no more', () => {
    expect(said({}).map((each) => each.split(':')[0])).toEqual([
      ...['.component', '.image', '.backoffLimit', '.deadlineSeconds'],
    ]);
  });

  const hostile = [null, 0, -1, NaN, '', 'x', true, [], [null], {}, { a: 1 }, () => 1, Symbol('s'), [{ name: 'a' }]];

  test.each(Object.keys(JOB_SHAPE.checks))(
    '%s: whatever stands there ends in findings of the stack, never in a TypeError',
    (property) => {
      for (const value of hostile) {
        const stack = testStack();
        new OneShotJob(stack, 'migrate', withContent({ [property]: value }) as JobContent);
        const isRefused = stack.findings().some(({ level }) => level === 'error');
        if (isRefused) {
          expect(() => synth(stack)).toThrow(ConfigurationError);
        } else {
          expect(synth(stack).length).toBeGreaterThan(3);
        }
      }
    },
  );
});
