import { whenKnown } from '../core/deferred-checks';
import { type Finding, show } from '../core/errors';
import type { AuditExport } from './audit';

/**
 * What keeps audit from writing to the store.
 *
 * @param isWhole Whether every part of it is there: which regions there are depends on the endpoint.
 */
export function exportProblems(path: string, auditExport: AuditExport | undefined, isWhole: boolean): Finding[] {
  if (auditExport === undefined) {
    return [];
  }
  const { bucket, region, endpoint = 'https://s3.amazonaws.com' } = auditExport;
  // Stores other than AWS name their regions as they like.
  const regions =
    isWhole && auditExport.endpoint === undefined ? /^[a-z]{2,4}(?:-[a-z]+)+-\d$/ : /^[a-z0-9][a-z0-9-]*$/;
  const problem = (property: string, message: string, given: unknown, fix: string): Finding => ({
    id: 'caracal/invalid-export',
    level: 'error',
    path: `${path}.${property}`,
    message,
    given: show(given),
    fix,
  });
  const bucketProblem = (name: string | undefined): Finding[] =>
    name !== undefined && isBucketName(name)
      ? []
      : [
          problem(
            'bucket',
            'this is not the name of a bucket',
            name,
            'give 3 to 63 lower-case letters, digits, dots and hyphens, without scheme and path',
          ),
        ];
  return [
    ...(bucket === undefined ? bucketProblem(bucket) : whenKnown(bucket, bucketProblem)),
    ...(region === undefined || regions.test(region)
      ? []
      : [problem('region', 'this is not a region', region, 'write it as "eu-central-1"')]),
    ...whenKnown(endpoint, (url) =>
      /^https?:\/\/[^\s/?#@]+\/?$/.test(url) && URL.canParse(url)
        ? []
        : [problem('endpoint', 'this is not the address of a store', url, 'write it as "https://s3.example.com"')],
    ),
    ...(Array.isArray(auditExport.targets) && auditExport.targets.length > 0
      ? []
      : [
          {
            ...problem(
              'targets',
              'no policy would let audit reach the store',
              auditExport.targets,
              'name the store: targets: [{ peer: Peer.cidr("10.20.3.0/24"), port: Port.tcp(443) }]',
            ),
            id: 'caracal/no-export-peer',
          },
        ]),
  ];
}

/** The naming rules of S3 for buckets. */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
}
