import { SecretSource } from '../../src';
import { CaracalRelease } from '../../src/caracal';
import { emit, manifestOf, propsOf } from './fixture';

/** One mistake, and the finding that names it. */
export interface BadInput {
  /** Row of `test/contract/caracal/bad-input.json`. */
  readonly row: string;
  /** What is wrong. */
  readonly what: string;
  /** Code of the finding. */
  readonly id: string;
  /** Path of the finding, or its end. */
  readonly path: string;
  /** Properties that replace those of a platform without a problem. */
  readonly change?: () => object;
  /** Profiles that refuse it; production cases are tried in rc too. */
  readonly profiles?: readonly ('production' | 'rc' | 'dev')[];
  /** The mistake, where it is not one of the stack's properties. */
  readonly run?: () => unknown;
  /** Text that the report must hold. */
  readonly says?: readonly string[];
}

/** Profiles that people rely on. */
export const PUBLISHED = ['production', 'rc'] as const;
/** Every profile. */
export const ALL = ['production', 'rc', 'dev'] as const;
/** Dev alone. */
export const DEV = ['dev'] as const;
/** Origins without a problem, changed. */
export const origins = (change: object) => (): object => ({
  origins: { console: 'https://console.example.com', sts: 'https://sts.example.com', ...change },
});
/** Extra variables of one component. */
export const env = (component: string, variables: object) => (): object => ({ [component]: { env: variables } });
/** A variable that users may not add. */
export const forbidden = (
  row: string,
  component: string,
  name: string,
  value: string,
  profiles: BadInput['profiles'] = ALL,
): BadInput => ({
  row,
  what: `${name} through extra env of ${component}`,
  id: 'caracal/forbidden-env',
  path: `${component === 'migration' ? 'migrate' : component}.env.${name}`,
  change: env(component, { [name]: value }),
  profiles,
});
/** A dev source with values of its own. */
export const dev = (values: Record<string, string>) => (): object => ({
  secrets: SecretSource.derivedForDev('an example passphrase', { values }),
});
/** A value of the wrong form in the dev source. */
export const value = (row: string, what: string, key: string, text: string): BadInput => ({
  row,
  what,
  id: 'secrets/invalid-value',
  path: `values.${key}`,
  change: dev({ [key]: text }),
  profiles: DEV,
});
/** A release manifest of the wrong form. */
export const manifest = (row: string, what: string, change: object, path: string): BadInput => ({
  row,
  what,
  id: 'caracal/invalid-manifest',
  path,
  run: () => CaracalRelease.fromManifest(manifestOf('1.0.0', change)),
});
/** Sixteen different digits. */
export const HEX = '0123456789abcdef';

/** Makes the mistake of a case. */
export function make({ run, change }: BadInput, profile: 'production' | 'rc' | 'dev'): unknown {
  return run === undefined ? emit(propsOf(profile, change?.())) : run();
}
