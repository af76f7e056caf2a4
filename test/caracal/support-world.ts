/**
 * Worlds: a profile and the conditions of the vocabulary that hold in it, and the stack that a user would write for
 * them. Every condition of `test/contract/caracal/vocabulary.json` is either switched on here or named as one that the
 * library does not offer.
 */
import { Testing } from 'cdk8s';
import type { CaracalCommonProps, CaracalDevProps, CaracalStackProps } from '../../src/caracal/props';
import { CaracalStack } from '../../src/caracal/stack';
import { defaultConditions, loadFiles, type Profile, PROFILES, section } from '../contract/data';
import { Emitted, type KubeObject } from './support-objects';
import { propsOf } from './support-props';
import { OUTSIDERS } from './support-peers';

/** The expectations, read once. A test that changes them reads its own copy. */
export const FILES = loadFiles();

/** Conditions that a user of the library cannot bring about, where, and why. */
export const NOT_OFFERED: Readonly<Record<string, { readonly profiles: readonly Profile[]; readonly reason: string }>> =
  {
    ingressApiCallback: {
      profiles: PROFILES,
      reason:
        'an Ingress has no pattern for the zone in the path; a public api routes /v1 (addendum A20 leaves the choice)',
    },
    openRegistration: {
      profiles: ['production', 'rc'],
      reason: 'whoever can sign in somewhere could make an account; operators are named there',
    },
  };

/** A profile and what holds in it. */
export interface World {
  readonly profile: Profile;
  readonly conditions: ReadonlySet<string>;
}

/** What must come together, or must not, so that a user could write it. */
const IMPLIED: Readonly<Record<string, { readonly on?: readonly string[]; readonly off?: readonly string[] }>> = {
  publicIssuer: { off: ['httpIssuer'] },
  // Console and issuer always have an origin, so whoever exposes one exposes both.
  ingressWeb: { on: ['ingressSts', 'publicIssuer'] },
  ingressSts: { on: ['ingressWeb', 'publicIssuer'] },
  ingressGateway: { on: ['ingressWeb', 'ingressSts', 'publicIssuer'] },
  ingressApi: { on: ['ingressWeb', 'ingressSts', 'publicIssuer'] },
  // The vocabulary defines it for the time in which control is off.
  aiProviders: { off: ['control'] },
  metadataIdentity: { on: ['secretBackend'] },
  podIdentity: { on: ['secretBackend', 's3Export'] },
  webIdentity: { on: ['s3Export'] },
  auditOperators: { on: ['auditAdminToken'] },
  openRegistration: { on: ['github'] },
};

/** The world of a profile with some conditions switched on, and some of its defaults off. */
export function worldOf(profile: Profile, on: readonly string[] = [], off: readonly string[] = []): World {
  const conditions = defaultConditions(FILES, profile);
  // The console starts with a way to sign in only.
  if (profile !== 'dev') conditions.add('github');
  const add = (name: string): void => {
    const implied = IMPLIED[name] ?? {};
    conditions.add(name);
    (implied.off ?? []).forEach((other) => conditions.delete(other));
    (implied.on ?? []).filter((other) => !conditions.has(other)).forEach(add);
    (implied.off ?? []).forEach((other) => conditions.delete(other));
  };
  off.forEach((name) => conditions.delete(name));
  on.forEach(add);
  return { profile, conditions };
}

/** Conditions that a user can switch on in a profile where they do not hold already. */
export function switchable(profile: Profile): string[] {
  const plain = worldOf(profile).conditions;
  return section(FILES, 'vocabulary', 'conditions')
    .filter((row) => !(row.never as Profile[]).includes(profile))
    .map((row) => String(row.id))
    .filter((id) => !plain.has(id) && NOT_OFFERED[id]?.profiles.includes(profile) !== true);
}

/** Conditions that hold by default and that a user can switch off. */
export function removable(profile: Profile): string[] {
  // Operators are required outside of dev; origins of dev are a condition of their own (publicIssuer).
  const fixed = profile === 'dev' ? ['httpIssuer'] : ['operators', 'publicIssuer', 'replayPersistence'];
  return [...defaultConditions(FILES, profile)].filter((id) => !fixed.includes(id));
}

/** A world in a few words, for the title of a test. */
export type NamedWorld = readonly [title: string, world: World];

/** Plain, each condition alone, and everything at once, with and without control. */
export function worldsOf(profile: Profile): NamedWorld[] {
  const ids = switchable(profile);
  return [
    [`${profile}, plain`, worldOf(profile)],
    ...ids.map((id): NamedWorld => [`${profile} with ${id}`, worldOf(profile, [id])]),
    ...removable(profile).map((id): NamedWorld => [`${profile} without ${id}`, worldOf(profile, [], [id])]),
    [`${profile} with smtp as the only way to sign in`, worldOf(profile, ['smtp'], ['github'])],
    [
      `${profile} with everything and control`,
      worldOf(
        profile,
        ids.filter((id) => id !== 'aiProviders'),
      ),
    ],
    [
      `${profile} with everything but control`,
      worldOf(
        profile,
        ids.filter((id) => id !== 'control'),
      ),
    ],
  ];
}

/** A synthesised world. */
export interface Built {
  readonly world: World;
  readonly stack: CaracalStack;
  readonly emitted: Emitted;
  /** Values of the templates of the vocabulary. */
  readonly templates: Readonly<Record<string, string>>;
}

/** Writes the stack of a world as a user would, with what a test changes in it, and synthesises it. */
export function build(world: World, change: Partial<CaracalCommonProps & CaracalDevProps> = {}): Built {
  const { props, templates } = propsOf(world);
  const stack = new CaracalStack(Testing.app(), 'caracal', { ...props, ...change } as CaracalStackProps);
  if (world.conditions.has('auditOperators')) {
    stack.audit.connections.allowFrom(OUTSIDERS.operatorPeer.peer, { reason: 'operators search evidence' });
  }
  return { world, stack, emitted: new Emitted(Testing.synth(stack) as KubeObject[]), templates };
}

/** The same objects, changed: a copy, so that a control never leaks into another test. */
export function changed(built: Built, change: (objects: KubeObject[]) => KubeObject[] | void): Built {
  const copy = structuredClone(built.emitted.objects) as KubeObject[];
  return { ...built, emitted: new Emitted(change(copy) ?? copy) };
}
