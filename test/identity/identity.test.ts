import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { Names } from '../../src';
import { CaracalRelease, CaracalStack } from '../../src/caracal';
import { manifestOf, publishedProps } from '../caracal/fixture';
import { data, emitted, type Emitted, EXAMPLES, ref } from './objects';
import { pin, type Pinned } from './pin';

interface PinnedNames {
  readonly history: readonly { readonly entry: string; readonly sha256: string }[];
  readonly examples: Readonly<Record<string, Pinned>>;
}

const NAMES = data<PinnedNames>('names.json');
const CHANGELOG = readFileSync(join(__dirname, '..', '..', 'CHANGELOG.md'), 'utf8');

describe('names, selectors, claims and ports that others rely on', () => {
  it.each(Object.entries(EXAMPLES))('of %s are those that are pinned', (name, build) => {
    expect(pin(emitted(build()))).toEqual(NAMES.examples[name]);
  });

  it('are pinned for every example, and for no other', () => {
    expect(Object.keys(NAMES.examples).sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  it('change only with an entry in the changelog that says so', () => {
    const hash = createHash('sha256').update(JSON.stringify(NAMES.examples)).digest('hex');
    expect(NAMES.history.at(-1)?.sha256).toBe(hash);
    expect(NAMES.history.filter(({ entry }) => entry.length < 6 || !CHANGELOG.includes(entry))).toEqual([]);
  });

  it('hold neither a version nor anything else that a release changes', () => {
    expect(JSON.stringify(NAMES.examples)).not.toMatch(/1\.0\.0|app\.kubernetes\.io\/version/);
    for (const build of Object.values(EXAMPLES)) {
      const next = CaracalRelease.fromManifest(manifestOf('1.0.1'));
      expect(pin(emitted(build({ release: next })))).toEqual(pin(emitted(build())));
    }
  });

  it('a changed selector or port is noticed', () => {
    const objects = emitted((EXAMPLES['caracal-rc'] as () => CaracalStack)());
    const changed = structuredClone(objects).map((each) =>
      ref(each) === 'Service/caracal-sts'
        ? { ...each, spec: { ...each.spec, selector: { app: 'sts' }, ports: [] } }
        : each,
    );
    expect(pin(changed).selectors['Service/caracal-sts']).toBe('app=sts');
    expect(pin(changed)).not.toEqual(pin(objects));
  });
});

const jobs = (change: object): string[] => names(change, 'Job');

function built(change: object): Emitted[] {
  return emitted(new CaracalStack(new App(), 'any id', publishedProps(change)));
}

function names(change: object, kind?: string): string[] {
  return built(change)
    .filter((each) => kind === undefined || each.kind === kind)
    .map(({ metadata }) => metadata.name)
    .sort();
}

describe('names', () => {
  it('of Jobs change with the release, with a rerun and with the content, and with nothing else', () => {
    const now = jobs({});
    const release = CaracalRelease.fromManifest(manifestOf('1.0.1'));
    const resources = { migration: { resources: { memoryLimit: '512Mi' as const } } };
    expect(jobs({ release }).filter((name) => now.includes(name))).toEqual([]);
    expect(jobs({ migration: { rerun: 'again' } }).filter((name) => now.includes(name))).toEqual([now[0]]);
    expect(jobs(resources).filter((name) => now.includes(name))).toEqual([now[0]]);
    expect(jobs({ sts: { logLevel: 'warn' }, limits: { policyPollSeconds: 5 } })).toEqual(now);
    expect(now[0]).toMatch(/^caracal-auth-migrate-[0-9a-f]{8}$/);
  });

  it('begin with the instance, never with the id or the path of the construct', () => {
    const all = names({ instance: 'edge' });
    expect(all.filter((name) => !name.startsWith('edge-'))).toEqual([]);
    expect(names({ instance: 'edge' }, 'StatefulSet')).toEqual(['edge-gateway', 'edge-sts']);
  });

  // caracal.md 1: the fullname is always <release>-<chart>; the vendor's own tests name caracal-caracal-sts.
  it('of a Helm release are adopted as Helm left them, and the selectors stay ours', () => {
    expect(names({ names: Names.helmRelease('prod', 'caracal') }, 'StatefulSet')).toEqual([
      'prod-caracal-gateway',
      'prod-caracal-sts',
    ]);
    expect(names({ names: Names.helmRelease('caracal', 'caracal') }, 'StatefulSet')).toEqual([
      'caracal-caracal-gateway',
      'caracal-caracal-sts',
    ]);
    expect(names({ names: Names.helmRelease('my-caracal', 'caracal') }, 'Service')).toContain('my-caracal-caracal-api');
    const [set] = built({ names: Names.helmRelease('prod', 'caracal') }).filter(({ kind }) => kind === 'StatefulSet');
    expect(JSON.stringify(set?.spec?.selector)).toContain('"app.kubernetes.io/instance":"caracal"');
  });

  it('of claims do not change with the release: data of replicas is found by them', () => {
    const claims = (change: object): unknown[] =>
      built(change)
        .filter(({ kind }) => kind === 'StatefulSet')
        .map(({ spec }) => spec?.volumeClaimTemplates);
    expect(claims({ release: CaracalRelease.fromManifest(manifestOf('1.0.1')) })).toEqual(claims({}));
    expect(JSON.stringify(claims({}))).not.toContain('labels');
  });
});
