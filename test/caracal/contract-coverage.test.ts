import { applies, conditionsOf, type Files, PROFILES, section } from '../contract/data';
import { unknownRules } from './support-rules';
import { FILES, NOT_OFFERED, worldsOf } from './support-world';

/** The comparison is worth what it covers: every condition is brought about, and every row is compared somewhere. */
const WORLDS = PROFILES.flatMap((profile) => worldsOf(profile).map(([, world]) => world));

/** Lists that the tests of this folder compare. Alerts, streams and bad input have tests of their own. */
const COMPARED: readonly (readonly [file: keyof Files & string, list: string])[] = [
  ['workloads', 'workloads'],
  ['workloads', 'podRules'],
  ['workloads', 'mounts'],
  ['workloads', 'lifecycle'],
  ['workloads', 'probes'],
  ['workloads', 'jobs'],
  ['env', 'rows'],
  ['env', 'allowed'],
  ['env', 'forbiddenEverywhere'],
  ['env', 'unreadByComponent'],
  ['env', 'anyOf'],
  ['env', 'equal'],
  ['secrets', 'keys'],
  ['secrets', 'consumers'],
  ['secrets', 'sameValue'],
  ['secrets', 'contains'],
  ['secrets', 'outside'],
  ['resources', 'containers'],
  ['resources', 'hpa'],
  ['resources', 'pdb'],
  ['resources', 'noPdb'],
  ['reachability', 'allowed'],
  ['scrape', 'targets'],
  ['ingress', 'services'],
  ['ingress', 'samples'],
  ['connections', 'surge'],
];

test('every condition of the vocabulary is switched on in some world, or named as one that nobody can bring about', () => {
  const ids = section(FILES, 'vocabulary', 'conditions').map((row) => String(row.id));
  const missing = ids.filter((id) => !WORLDS.some(({ conditions }) => conditions.has(id)));
  const nowhere = Object.keys(NOT_OFFERED).filter((id) => NOT_OFFERED[id]?.profiles.length === PROFILES.length);
  expect(missing).toEqual(nowhere);
});

test('every condition that can be false is false in some world, so that what it forbids is compared', () => {
  const rows = section(FILES, 'vocabulary', 'conditions').filter(
    (row) => (row.always as string[]).length < PROFILES.length,
  );
  expect(
    rows.map((row) => String(row.id)).filter((id) => WORLDS.every(({ conditions }) => conditions.has(id))),
  ).toEqual([]);
});

test.each(COMPARED)('%s.json %s: every row holds in some world, so that none is skipped', (file, list) => {
  const skipped = section(FILES, file, list)
    .filter((row) => !conditionsOf(row).some((name) => NOT_OFFERED[name]?.profiles.length === PROFILES.length))
    .filter((row) => !WORLDS.some(({ profile, conditions }) => applies(row, profile, conditions)));
  expect(skipped).toEqual([]);
});

test('no two conditions that exclude each other hold together', () => {
  const both = (one: string, two: string) =>
    WORLDS.filter(({ conditions }) => conditions.has(one) && conditions.has(two));
  expect([
    ...both('publicIssuer', 'httpIssuer'),
    ...both('ingressApi', 'ingressApiCallback'),
    ...both('aiProviders', 'control'),
  ]).toEqual([]);
});

test('each rule in words has a check, and each check a rule', () => {
  expect(unknownRules()).toEqual([]);
});
