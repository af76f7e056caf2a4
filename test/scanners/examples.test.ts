import { stringify } from 'yaml';
import { withBlocks } from '../docs/blocks';
import { readPages } from '../docs/pages';
import { buildBlocks } from '../docs/tables';
import type { Synthesis } from '../cluster/harness/examples';
import { listRenderedExamples } from './examples';
import { judge, listChecks, runKubeScore } from './kube-score';
import { EXCEPTIONS, OPTIONAL_CHECKS, OPTIONS } from './policy';
import { usesOf, type Verdict, verdict } from './verdict';

/** What kube-score says of the examples. Dev is listed but not judged: it has one replica of everything on purpose. */
const examples = listRenderedExamples();

/** Kinds that kube-score 1.20.0 judges; it passes over all others without a word. */
const JUDGED_KINDS = [
  'CronJob',
  'DaemonSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Job',
  'NetworkPolicy',
  'Pod',
  'PodDisruptionBudget',
  'Service',
  'StatefulSet',
];

const synthesized = new Map<string, Synthesis>();
const judged = new Map<string, Verdict & { readonly objects: readonly string[] }>();

beforeAll(async () => {
  for (const example of examples) {
    const synthesis = await example.synthesize();
    synthesized.set(example.name, synthesis);
    if (synthesis.stack.profile === 'dev') continue;
    const report = judge(OPTIONS, synthesis.text);
    judged.set(example.name, { ...verdict(report, synthesis.objects, EXCEPTIONS), objects: report.judged });
  }
});

const profileOf = (name: string): string | undefined => synthesized.get(name)?.stack.profile;

describe('kube-score finds nothing critical and nothing to warn of in production and rc', () => {
  test.each(examples)('$name', ({ name }) => {
    expect(judged.has(name)).toBe(profileOf(name) !== 'dev');
    process.stdout.write(`    ${name}: ${profileOf(name)}, ${judged.get(name)?.objects.length ?? 'not'} judged\n`);
    expect(judged.get(name)?.problems ?? []).toEqual([]);
  });

  test('both profiles are among the examples, since a suite over nothing would be green', () => {
    expect([...judged.keys()].map(profileOf)).toEqual(expect.arrayContaining(['production', 'rc']));
  });

  test.each(examples)('$name: every object of a kind that kube-score knows was judged', ({ name }) => {
    const emitted = (synthesized.get(name)?.objects ?? [])
      .filter(({ kind }) => JUDGED_KINDS.includes(kind))
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    expect(emitted.length).toBeGreaterThan(0);
    expect([...(judged.get(name)?.objects ?? [])].sort()).toEqual(judged.has(name) ? emitted.sort() : []);
  });
});

describe('the list of exceptions is as short as it can be', () => {
  test('every exception still occurs, for every kind that it names', () => {
    const used = new Set([...judged.values()].flatMap((one) => [...one.used]));
    expect([...used].sort()).toEqual(EXCEPTIONS.flatMap(usesOf).sort());
  });

  test('every optional check of this kube-score is switched on, or left out with a reason', () => {
    const optional = listChecks().filter((check) => check.optional);
    expect(optional.map(({ id }) => id).sort()).toEqual(OPTIONAL_CHECKS.map(({ id }) => id).sort());
  });

  test('every exception names a check that kube-score has', () => {
    const known = listChecks().map(({ id }) => id);
    expect(EXCEPTIONS.map(({ check }) => check).filter((check) => !known.includes(check))).toEqual([]);
  });
});

describe('docs/scanners.md', () => {
  const page = readPages().find(({ path }) => path === 'docs/scanners.md') ?? { path: '', text: '' };

  test('shows exactly the exceptions, optional checks and options of this suite', () => {
    expect(page.text).toContain('<!-- generated: scanner-exceptions -->');
    expect(page.text).toBe(withBlocks(page, buildBlocks()).text);
  });

  /** Options of the command on the page, as a shell reads them. */
  function documentedOptions(): string[] {
    const [, command = ''] = /```sh\nkube-score score([^`]*)dist\/\*\.yaml\n```/.exec(page.text) ?? [];
    return command.split(/[\s\\]+/).filter((word) => word !== '');
  }

  test('its command ends without an error over every production and rc example', () => {
    expect(documentedOptions()).toContain('--exit-one-on-warning');
    for (const name of judged.keys()) {
      const { status, stdout } = runKubeScore(documentedOptions(), synthesized.get(name)?.text ?? '');
      expect({ name, status, output: status === 0 ? '' : stdout }).toEqual({ name, status: 0, output: '' });
    }
  });

  test('the annotation on the page takes the place of --ignore-test for one Job', () => {
    const check = 'container-security-context-user-group-id';
    const options = documentedOptions().filter(
      (word, index, all) => word !== check && !(word === '--ignore-test' && all[index + 1] === check),
    );
    const statusOf = (objects: readonly object[]): number | null =>
      runKubeScore(options, objects.map((object) => stringify(object)).join('---\n')).status;
    for (const name of judged.keys()) {
      const objects = synthesized.get(name)?.objects ?? [];
      const annotated = objects.map((object) =>
        object.kind === 'Job' && object.metadata.labels?.['app.kubernetes.io/component'] === 'migrate'
          ? { ...object, metadata: { ...object.metadata, annotations: { 'kube-score/ignore': check } } }
          : object,
      );
      expect([name, statusOf(objects), statusOf(annotated)]).toEqual([name, 1, 0]);
    }
  });
});
