import { App, Testing } from 'cdk8s';
import { RegistryMirror } from '../../src';
import { platform } from '../../examples/caracal-production/main';
import manifest from '../../examples/caracal-production/manifest.json';

/** Images of every container of every pod, read from the manifests. */
function emittedImages(change: Parameters<typeof platform>[1] = {}): string[] {
  const text = JSON.stringify(Testing.synth(platform(new App(), change)));
  return [...new Set([...text.matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image ?? ''))].sort();
}

test('the bill of images names what the pods run, so that a mirror can be filled before it is used', () => {
  expect(platform(new App()).images()).toEqual(emittedImages());
});

test('it is those images of the release that production runs, by digest', () => {
  const { go, node, web, postgres } = manifest.images;
  const digests = manifest.imageDigests;
  expect(platform(new App()).images()).toEqual(
    [
      `${go}@${digests.go}`,
      `${node}@${digests.node}`,
      `${postgres}@${digests.postgres}`,
      `${web}@${digests.web}`,
    ].sort(),
  );
});

test('with a mirror the pods pull from it, and the bill still names the origin', () => {
  const mirror = RegistryMirror.prefix('registry.example.com/mirror');
  expect(platform(new App(), { mirror }).images()).toEqual(platform(new App()).images());
  expect(emittedImages({ mirror }).every((image) => image.startsWith('registry.example.com/mirror/'))).toBe(true);
});
