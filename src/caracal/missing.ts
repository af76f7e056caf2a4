import { makingOf } from '../core/brand';
import type { ProfileName } from '../platform/profile';

const example = (name: string) => (): string => `write ${property(name)}: ${makingOf(name)?.example ?? '...'}`;

const PROPERTY: Readonly<Record<string, string>> = {
  Cluster: 'cluster',
  CaracalRelease: 'release',
  Postgres: 'postgres',
  Redis: 'redis',
  Exposure: 'exposure',
};

function property(name: string): string {
  return PROPERTY[name] ?? name;
}

/** The line that gives a property which is required and absent. */
export const MISSING_FIX: Readonly<Record<string, (profile: ProfileName | undefined) => string>> = {
  profile: () =>
    'write profile: "dev", which needs namespace and secrets only, or profile: "production" or "rc", which need cluster, release, origins, signIn, operators, postgres, redis and exposure too',
  namespace: () => 'write namespace: { name: "caracal", create: true }, or namespace: "caracal" where it exists',
  cluster: example('Cluster'),
  release: example('CaracalRelease'),
  origins: () => 'write origins: { console: "https://console.example.com", sts: "https://sts.example.com" }',
  signIn: () => 'write signIn: [SignIn.github()]',
  operators: () => 'write operators: ["name@example.com", "@example.com"]',
  postgres: example('Postgres'),
  redis: example('Redis'),
  secrets: (profile) =>
    profile === 'production' || profile === 'rc'
      ? `write secrets: ${makingOf('SecretSource')?.example ?? '...'}`
      : 'write secrets: SecretSource.derivedForDev("a sentence that your team shares")',
  exposure: example('Exposure'),
};
