import { imagesOf } from '../../workload/spec';
import type { Rule } from '../rule';

/** An image without a digest, where the profile wants one. */
export const imageDigest: Rule = {
  id: 'images/no-digest',
  level: 'error',
  acknowledgeable: false,
  why: 'a tag can be moved to another image; a digest names what was tested',
  fix: 'name the image with its digest: ImageRef.parse("registry.example.com/team/image:1.0.0@sha256:..."); images of Caracal have theirs in the finalised manifest.json that is attached to the release',
  check: ({ components, jobs, context: { settings, profile } }) =>
    settings.digestRequired
      ? [...components, ...jobs].flatMap(({ node, spec }) =>
          imagesOf(spec)
            .filter((image) => image.digest === undefined)
            .map((image) => ({
              path: node.path,
              message: `the ${profile} profile wants images by digest`,
              given: image.toString(),
            })),
        )
      : [],
};
