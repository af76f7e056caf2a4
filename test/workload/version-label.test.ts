import { Component, type ComponentSpec, ImageRef, OneShotJob, type PlatformStack, type PodContent } from '../../src';
import { testComponentSpec, testJobContent, testStack, testStatefulSpec } from '../support/ledger';
import type { DeploymentSpec } from '../../src/core/kubernetes';
import { type Manifest, synth as synthAny } from '../support/manifests';

const VERSION = 'app.kubernetes.io/version';
const WORKLOADS = ['Deployment', 'StatefulSet', 'Job'];

// All kinds that have a spec to look into have a template in it.
const synth = (stack: PlatformStack) => synthAny(stack) as Manifest<DeploymentSpec>[];

function stackWith(version: string | undefined, product = '1.0.0') {
  const stack = testStack({ namespace: { name: 'books', create: true }, version: product });
  const own = version === undefined ? {} : { version };
  new Component(stack, 'server', testComponentSpec({ ...own, configFiles: [config] }));
  new Component(stack, 'store', testStatefulSpec(own));
  new OneShotJob(stack, 'migrate', testJobContent(own));
  return stack;
}

const config = { volume: 'config', mountPath: '/etc/ledger', files: { 'a.json': '{}' } };

/** Label of a component's pods. */
function labelOf(change: Partial<Pick<PodContent, 'image' | 'version'>>): unknown {
  const stack = testStack({ profile: 'dev' });
  const component = new Component(stack, 'server', testComponentSpec(change as Partial<ComponentSpec>));
  const object = synth(stack).find(({ kind }) => kind === 'Deployment');
  expect(object?.metadata.labels?.[VERSION]).toBe(object?.spec.template.metadata.labels[VERSION]);
  expect(component.selector).not.toHaveProperty([VERSION]);
  return object?.metadata.labels?.[VERSION];
}

describe('the version label', () => {
  test('stands on workloads and their pods, and on no other object: a release changes what it must', () => {
    const objects = synth(stackWith('7.0.0'));
    const others = objects.filter(({ kind }) => !WORKLOADS.includes(kind));
    expect(others.length).toBeGreaterThan(8);
    expect(others.filter((object) => JSON.stringify(object).includes(VERSION))).toEqual([]);
    const workloads = objects.filter(({ kind }) => WORKLOADS.includes(kind));
    expect(workloads.map(({ kind }) => kind).sort()).toEqual([...WORKLOADS].sort());
    for (const { metadata, spec } of workloads) {
      expect(metadata.labels).toMatchObject({ [VERSION]: '7.0.0' });
      expect(spec.template.metadata.labels).toMatchObject({ [VERSION]: '7.0.0' });
      expect(JSON.stringify(spec.selector ?? {})).not.toContain(VERSION);
    }
  });

  test('another version changes the workloads alone', () => {
    const [before, after] = [synth(stackWith('7.0.0')), synth(stackWith('7.0.1'))];
    const changed = after.filter((object) => !before.some((old) => JSON.stringify(old) === JSON.stringify(object)));
    expect(changed.map(({ kind }) => kind).sort()).toEqual([...WORKLOADS].sort());
  });

  test('is that of the component, whatever the release of the product: nobody else restarts it', () => {
    expect(synth(stackWith('7.0.0', '1.0.1'))).toEqual(synth(stackWith('7.0.0', '1.0.0')));
    expect(synth(stackWith(undefined, '1.0.1'))).toEqual(synth(stackWith(undefined, '1.0.0')));
  });

  test('is the tag of the image unless the spec says otherwise', () => {
    expect(labelOf({ image: ImageRef.parse('registry.example.com/orders:v2.1') })).toBe('v2.1');
    expect(labelOf({ image: ImageRef.parse('registry.example.com/orders:v2.1'), version: '2.1.0' })).toBe('2.1.0');
  });

  test('is left out where the image has no tag, or one that cannot be a label', () => {
    const digest = `sha256:${'c'.repeat(64)}`;
    expect(labelOf({ image: ImageRef.of({ repository: 'registry.example.com/orders', digest }) })).toBeUndefined();
    expect(labelOf({ image: ImageRef.parse('registry.example.com/orders:v2.') })).toBeUndefined();
    expect(labelOf({ image: ImageRef.parse(`registry.example.com/orders:${'1'.repeat(64)}`) })).toBeUndefined();
  });
});
