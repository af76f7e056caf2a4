import { isDeepStrictEqual } from 'node:util';
import { Component, Scaling } from '../../src';
import { CaracalRelease, ReplayPersistence } from '../../src/caracal';
import { manifestOf } from '../caracal/fixture';
import { testComponentSpec } from '../support/ledger';
import { at, data, emitted, type Emitted, EXAMPLES, ref } from './objects';

const IMMUTABLE = data<{ kinds: Record<string, string[]> }>('immutable.json').kinds;
const COMPONENTS = ['api', 'sts', 'gateway', 'audit', 'coordinator', 'web'] as const;

/** Fields of objects that are in both sets and that an update may not change, but would. */
function forbiddenChanges(before: readonly Emitted[], after: readonly Emitted[]): string[] {
  const old = new Map(before.map((each) => [ref(each), each]));
  return after.flatMap((each) => {
    const previous = old.get(ref(each));
    const fields = IMMUTABLE[each.kind];
    if (fields === undefined) {
      return [`${each.kind} has no row in immutable.json`];
    }
    return previous === undefined
      ? []
      : fields
          .filter((field) => !isDeepStrictEqual(at(previous, field), at(each, field)))
          .map((field) => `${ref(each)} ${field}`);
  });
}

/** Changes that a platform team makes to a running platform. */
const CHANGES: Readonly<Record<string, object>> = {
  'the next release, 1.0.1': { release: CaracalRelease.fromManifest(manifestOf('1.0.1')) },
  ...Object.fromEntries(
    COMPONENTS.map((component) => [`another log level of ${component}`, { [component]: { logLevel: 'warn' } }]),
  ),
  ...Object.fromEntries(
    COMPONENTS.map((component) => [
      `another size of ${component}`,
      { [component]: { resources: { cpu: '300m', memory: '1Gi', memoryLimit: '3Gi' } } },
    ]),
  ),
  ...Object.fromEntries(
    COMPONENTS.map((component) => [`fixed replicas of ${component}`, { [component]: { scaling: Scaling.fixed(3) } }]),
  ),
  ...Object.fromEntries(
    COMPONENTS.map((component) => [
      `labels, annotations and a volume of ${component}`,
      {
        [component]: {
          podLabels: { a: 'b' },
          podAnnotations: { c: 'd' },
          volumes: [{ volume: { name: 'extra', emptyDir: {} }, mountPath: '/extra' }],
        },
      },
    ]),
  ),
  'labels of every pod': { pods: { labels: { team: 'identity' }, env: { TZ: 'UTC' } } },
  'other Jobs': { migration: { rerun: '2' }, authMigration: { resources: { memoryLimit: '512Mi' } } },
  'control and diagnostics': { control: true, webDiagnostics: true },
  'rotation windows and administration': {
    rotation: { encryptionKey: true, idempotencyKey: true },
    administration: { sts: true, audit: true, gatewayReload: true },
  },
  'another allowlist': { operators: ['@example.org', 'new@example.com'] },
};

describe.each(Object.entries(EXAMPLES))('%s is changed while it runs', (_example, build) => {
  const before = emitted(build());

  it.each(Object.entries(CHANGES))('%s: no field differs that an update may not change', (_name, change) => {
    const after = emitted(build(change));
    expect(after).not.toEqual(before);
    expect(forbiddenChanges(before, after)).toEqual([]);
  });

  it('a release changes workloads and nothing else, and no component that is not its own', () => {
    const changed = (change?: object): string[] => {
      const stack = build(change);
      new Component(stack, 'orders', testComponentSpec({ component: 'orders', version: '7.0.0' }));
      return emitted(stack).map((each) => JSON.stringify(each));
    };
    const old = new Set(changed());
    const different = changed(CHANGES['the next release, 1.0.1']).filter((each) => !old.has(each));
    const objects = different.map((each) => JSON.parse(each) as Emitted);
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.filter(({ kind }) => !['Deployment', 'StatefulSet', 'Job'].includes(kind)).map(ref)).toEqual([]);
    expect(objects.filter(({ metadata }) => metadata.name.includes('orders'))).toEqual([]);
  });

  it('keeps every object but the Jobs over a release: nothing is removed and made again', () => {
    const names = (objects: readonly Emitted[]): string[] =>
      objects
        .filter(({ kind }) => kind !== 'Job')
        .map(ref)
        .sort();
    const after = emitted(build(CHANGES['the next release, 1.0.1']));
    expect(names(after)).toEqual(names(before));
    expect(after.filter((each) => each.kind === 'Job' && before.some((old) => ref(old) === ref(each)))).toEqual([]);
  });
});

describe('forbidden changes are noticed', () => {
  const build = EXAMPLES['caracal-production'] as (change?: object) => ReturnType<(typeof EXAMPLES)[string]>;
  const before = emitted(build());

  it('in what the library itself would emit: another size of the claims is refused by Kubernetes', () => {
    const after = emitted(build({ replayPersistence: ReplayPersistence.persistent({ size: '9Gi' }) }));
    expect(forbiddenChanges(before, after)).toEqual([
      'StatefulSet/caracal-sts spec.volumeClaimTemplates',
      'StatefulSet/caracal-gateway spec.volumeClaimTemplates',
    ]);
  });

  it.each(
    Object.entries(IMMUTABLE)
      .flatMap(([kind, fields]) => fields.map((field) => [kind, field] as const))
      .filter(([kind]) => before.some((each) => each.kind === kind)),
  )('%s %s', (kind, field) => {
    const after = before.map((each) => (each.kind === kind ? withField(each, field.split('.'), 'changed') : each));
    expect(
      forbiddenChanges(before, after).every((change) => change.startsWith(`${kind}/`) && change.endsWith(` ${field}`)),
    ).toBe(true);
    expect(forbiddenChanges(before, after).length).toBeGreaterThan(0);
  });

  it('a kind without a row fails, so that a new kind gets one', () => {
    expect(forbiddenChanges([], [{ kind: 'DaemonSet', metadata: { name: 'a' } }])).toEqual([
      'DaemonSet has no row in immutable.json',
    ]);
  });
});

function withField<T>(object: T, [key = '', ...rest]: readonly string[], value: unknown): T {
  const record = object as Record<string, unknown>;
  return { ...record, [key]: rest.length === 0 ? value : withField(record[key] ?? {}, rest, value) } as T;
}
