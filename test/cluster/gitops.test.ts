import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { App, Yaml } from 'cdk8s';
import { platform } from '../../examples/caracal-production/main';
import { ROOT } from '../docs/pages';
import { synth } from '../support/manifests';
import { applyProblems } from './harness/apply';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { matches } from './harness/labels';
import { THREE_NODES } from './harness/layouts';
import { createNamespace } from './harness/namespaces';
import type { KubeObject, LabelSelector } from './harness/objects';

/** What the guide on delivery says: its objects are real ones, and kustomize does to a stack what the table says. */
const GUIDE = 'docs/gitops.md';

let plane: ControlPlane;
let parentFolder: string;

beforeAll(async () => {
  parentFolder = mkdtempSync(join(tmpdir(), 'gitops-test-'));
  plane = await ControlPlane.start({ layout: THREE_NODES, parentFolder });
  await createCrds(plane.client);
  await createNamespace(plane.client, 'argocd');
  await createNamespace(plane.client, 'flux-system');
});

afterAll(async () => {
  await plane?.stop();
  rmSync(parentFolder, { recursive: true, force: true });
});

function documents(text: string): KubeObject[] {
  return parseAllDocuments(text).map((each) => each.toJS() as KubeObject);
}

/** Every object that the guide shows. */
function shown(): KubeObject[] {
  const page = readFileSync(join(ROOT, GUIDE), 'utf8');
  return [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, text = '']) => documents(text));
}

describe('the objects of the guide on delivery', () => {
  test('are of Argo CD and of Flux, and the server takes each', async () => {
    expect(shown().map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'Application',
      'AppProject',
      'GitRepository',
      'Kustomization',
    ]);
    expect(await applyProblems(plane, shown(), ['--dry-run=server'])).toEqual([]);
  });

  test('a misspelt field of one of them would be noticed', async () => {
    const misspelt = shown().map((each) =>
      each.kind === 'Kustomization' ? { ...each, spec: { ...(each.spec as object), purne: true } } : each,
    );
    expect((await applyProblems(plane, misspelt, ['--dry-run=server'])).join('\n')).toContain('purne');
  });
});

describe('kustomize over the production example', () => {
  const objects = (): KubeObject[] => synth(platform(new App())) as unknown as KubeObject[];

  async function kustomized(fields: object): Promise<KubeObject[]> {
    const folder = mkdtempSync(join(parentFolder, 'kustomize-'));
    writeFileSync(join(folder, 'stack.yaml'), Yaml.stringify(...objects()));
    writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources: ['stack.yaml'], ...fields }));
    const { code, stdout, stderr } = await plane.kubectl.run(['kustomize', folder]);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return documents(stdout);
  }

  const named = (all: readonly KubeObject[], kind: string, name: string): KubeObject => {
    const found = all.find((each) => each.kind === kind && each.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };

  /** Per monitor the Services that it selects. */
  const scraped = (all: readonly KubeObject[]): [monitor: string, services: string[]][] =>
    all
      .filter(({ kind }) => kind === 'ServiceMonitor')
      .map(({ metadata, spec }) => [
        metadata.name,
        all
          .filter(({ kind }) => kind === 'Service')
          .filter((each) => matches((spec as { selector: LabelSelector }).selector, each.metadata.labels))
          .map((each) => each.metadata.name),
      ]);

  const bare = (all: readonly KubeObject[]): unknown[] =>
    all
      .map(({ metadata: { labels: _, ...metadata }, ...rest }) => ({ ...rest, metadata }))
      .sort((a, b) => `${a.kind}${a.metadata.name}`.localeCompare(`${b.kind}${b.metadata.name}`));

  const instance = { 'app.kubernetes.io/instance': 'whatever-the-team-says' };

  test('labels: labels of objects change, and nothing else; every monitor has its Service', async () => {
    const after = await kustomized({ labels: [{ pairs: instance }] });
    expect(bare(after)).toEqual(bare(objects()));
    expect(after.map(({ metadata }) => metadata.labels)).toEqual(after.map(() => expect.objectContaining(instance)));
    expect(scraped(after)).toHaveLength(5);
    scraped(after).forEach(([monitor, services]) => expect(services).toEqual([monitor]));
  });

  test('commonLabels: peers outside of the stack get the label too, so names are not resolved', async () => {
    const after = await kustomized({ commonLabels: { team: 'agents' } });
    const { egress } = named(after, 'NetworkPolicy', 'caracal-sts').spec as { egress: { to: unknown[] }[] };
    expect(JSON.stringify(egress)).toContain('"matchLabels":{"k8s-app":"kube-dns","team":"agents"}');
    expect(JSON.stringify(named(after, 'StatefulSet', 'caracal-sts').spec)).toMatch(
      /"selector":\{"matchLabels":\{[^}]*"team":"agents"/,
    );
    scraped(after).forEach(([monitor, services]) => expect(services).toEqual([monitor]));
  });

  test('includeTemplates: claim templates change, which Kubernetes refuses later', async () => {
    const after = await kustomized({ labels: [{ pairs: { team: 'agents' }, includeTemplates: true }] });
    const { volumeClaimTemplates } = named(after, 'StatefulSet', 'caracal-sts').spec as {
      volumeClaimTemplates: KubeObject[];
    };
    expect(volumeClaimTemplates.map(({ metadata }) => metadata.labels)).toEqual([{ team: 'agents' }]);
  });

  test('namePrefix: addresses, alerts and credentials keep the old names', async () => {
    const after = await kustomized({ namePrefix: 'eu-' });
    expect(named(after, 'Service', 'eu-caracal-sts')).toBeDefined();
    expect(JSON.stringify(named(after, 'Deployment', 'eu-caracal-api').spec)).toContain('http://caracal-sts:8080');
    const texts = JSON.stringify(after.filter(({ kind }) => /^(PrometheusRule|ServiceMonitor)$/.test(kind)));
    expect(texts).toContain('job=\\"caracal-sts\\"');
    expect(texts).toContain('"credentials":{"key":"metricsBearer","name":"caracal-runtime"}');
  });

  test('namespace: objects move, alerts do not', async () => {
    const after = await kustomized({ namespace: 'elsewhere' });
    expect(new Set(after.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['elsewhere']));
    const rules = JSON.stringify(after.filter(({ kind }) => kind === 'PrometheusRule').map(({ spec }) => spec));
    expect(rules).toContain('namespace=\\"caracal-production\\"');
    expect(rules).not.toContain('elsewhere');
  });
});
