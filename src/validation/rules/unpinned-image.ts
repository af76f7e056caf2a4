import { at, textOf } from '../untyped';
import { containersOf } from '../pod-specs';
import { writtenPods } from '../pods';
import type { Rule } from '../rule';

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** Images of pods that the library did not draw, or that a patch changed. */
export const unpinnedImage: Rule = {
  id: 'images/unpinned',
  level: 'error',
  acknowledgeable: true,
  why: 'a tag can be moved to another image, and "latest" is moved with every release; a digest names what was tested',
  fix: 'name the image by digest: "registry.example.com/name:1.0.0@sha256:..."',
  check: (model) => {
    const { settings, profile } = model.context;
    return writtenPods(model).flatMap(({ object, spec }) =>
      containersOf(spec).flatMap(({ name, container }) => {
        const image = textOf(at(container, 'image')) ?? '';
        const isFine = DIGEST.test(image) || (!settings.digestRequired && !isMoving(image));
        return isFine
          ? []
          : [
              {
                path: object.path,
                message: `the container "${name}" of ${object.title} has no image by digest${settings.digestRequired ? `, which the ${profile} profile wants` : ', and its tag moves'}`,
                given: JSON.stringify(image),
                allowed: settings.digestRequired
                  ? 'an image by digest'
                  : 'an image by digest, or by a tag other than "latest"',
              },
            ];
      }),
    );
  },
};

/** Whether an image has no tag, or the one that every release moves. */
function isMoving(image: string): boolean {
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}
