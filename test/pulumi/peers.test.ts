import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePeers, SUPPORTED_PEERS } from '../../src/pulumi/peers';
import { refusal } from '../support/findings';

/** What is installed, by package; a package that is not named here is missing. */
const installed =
  (versions: Readonly<Record<string, string>>) =>
  (name: string): string => {
    const version = versions[name];
    if (version === undefined) {
      throw new Error(`Cannot find module '${name}/package.json'`);
    }
    return version;
  };

const FINE = Object.fromEntries(SUPPORTED_PEERS.map(({ name, tested }) => [name, tested]));
const INSTALL = 'npm install @pulumi/pulumi@3.248.0 @pulumi/kubernetes@4.34.2';

it('packages that are missing are all named in one report, with the command that installs them', () => {
  expect(refusal(() => requirePeers(installed({})))).toEqual(
    SUPPORTED_PEERS.map(({ name, from, tested }) => ({
      id: 'pulumi/missing-package',
      level: 'error',
      path: name,
      message: 'the package is not installed',
      allowed: `${from} and later ${from[0]}.x versions; ${tested} is tested`,
      fix: INSTALL,
    })),
  );
});

it.each(['2.99.9', '4.0.0', '3.99.9', '3.0.0', 'latest', ''])(
  'version "%s" of @pulumi/pulumi is refused, and shown',
  (version) => {
    const findings = refusal(() => requirePeers(installed({ ...FINE, '@pulumi/pulumi': version })));
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'pulumi/unsupported-version',
        path: '@pulumi/pulumi',
        given: version,
        allowed: '3.100.0 and later 3.x versions; 3.248.0 is tested',
        fix: INSTALL,
      }),
    ]);
  },
);

it.each(['3.100.0', '3.100.1', '3.248.0', '3.1000.0', '3.249.0-alpha.1'])(
  'version %s of @pulumi/pulumi is fine',
  (version) => {
    expect(() => requirePeers(installed({ ...FINE, '@pulumi/pulumi': version }))).not.toThrow();
  },
);

it('what is installed here is fine', () => {
  expect(() => requirePeers()).not.toThrow();
});

it('the manifest asks for the same versions, and the tests run with those that are named as tested', () => {
  const { peerDependencies, devDependencies } = JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>;
  expect(SUPPORTED_PEERS.map(({ name, from }) => [name, `^${from}`])).toEqual(
    SUPPORTED_PEERS.map(({ name }) => [name, peerDependencies?.[name]]),
  );
  expect(SUPPORTED_PEERS.map(({ tested }) => tested)).toEqual(
    SUPPORTED_PEERS.map(({ name }) => devDependencies?.[name]),
  );
});
