import { type Finding, show } from '../core/errors';

/** A finding about labels, annotations, tolerations or names; none without a message. */
export function metadataFinding(
  path: string,
  given: unknown,
  message: string | undefined,
  fix = 'use keys, values and names that Kubernetes accepts',
): Finding[] {
  return message === undefined
    ? []
    : [
        {
          id: 'workload/invalid-metadata',
          level: 'error',
          path,
          message,
          given: show(given),
          fix,
        },
      ];
}
