import { ConfigurationError, type Finding } from '../core/errors';

/** A package that the Pulumi engine needs, and the versions that it works with. */
export interface PeerRange {
  /** Name of the package. */
  readonly name: string;
  /** Oldest version that is accepted, `major.minor.patch`, and every later one of the same major version. */
  readonly from: string;
  /** The version that this library is tested with; the others are accepted, not proved. */
  readonly tested: string;
}

/** The packages that a Pulumi program installs beside this one. Users of cdk8s alone need none of them. */
export const SUPPORTED_PEERS: readonly PeerRange[] = [
  { name: '@pulumi/pulumi', from: '3.100.0', tested: '3.248.0' },
  { name: '@pulumi/kubernetes', from: '4.0.0', tested: '4.34.2' },
];

/**
 * Refuses missing packages and versions that do not fit, before the first import of one fails with less to say.
 *
 * @param versionOf The installed version of a package; throws where it is not installed.
 * @throws ConfigurationError `pulumi/missing-package`, `pulumi/unsupported-version`, all of them in one report.
 */
export function requirePeers(versionOf: (name: string) => string = installedVersion): void {
  const findings = SUPPORTED_PEERS.flatMap((peer) => peerProblem(peer, versionOf));
  if (findings.length > 0) {
    throw new ConfigurationError('cdk8s-selfhosted/pulumi', findings);
  }
}

function peerProblem({ name, from, tested }: PeerRange, versionOf: (name: string) => string): Finding[] {
  const fix = `npm install ${SUPPORTED_PEERS.map((peer) => `${peer.name}@${peer.tested}`).join(' ')}`;
  const allowed = `${from} and later ${from.split('.')[0]}.x versions; ${tested} is tested`;
  let version: string;
  try {
    version = versionOf(name);
  } catch {
    return [
      {
        id: 'pulumi/missing-package',
        level: 'error',
        path: name,
        message: 'the package is not installed',
        allowed,
        fix,
      },
    ];
  }
  return fits(version, from)
    ? []
    : [
        {
          id: 'pulumi/unsupported-version',
          level: 'error',
          path: name,
          message: 'this version does not fit',
          given: version,
          allowed,
          fix,
        },
      ];
}

function fits(version: string, from: string): boolean {
  const [have, need] = [version, from].map((each) => each.split('.').map((part) => Number.parseInt(part, 10)));
  const [major = 0, minor = 0, patch = 0] = have ?? [];
  const [neededMajor = 0, neededMinor = 0, neededPatch = 0] = need ?? [];
  return major === neededMajor && (minor > neededMinor || (minor === neededMinor && patch >= neededPatch));
}

function installedVersion(name: string): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- resolved at run time: that is the question
  return (require(`${name}/package.json`) as { version: string }).version;
}

requirePeers();
