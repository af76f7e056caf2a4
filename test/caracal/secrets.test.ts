import { Testing } from 'cdk8s';
import { Peer, SecretSource } from '../../src';
import { SignIn } from '../../src/caracal';
import { refusal } from '../support/findings';
import { caracal, propsOf } from './fixture';

type Json = Record<string, unknown>;

interface Mounted {
  readonly secret: string;
  readonly key: string;
}

const ALL_FEATURES = {
  rotation: { encryptionKey: true, idempotencyKey: true },
  administration: { sts: true, audit: true, gatewayReload: true },
  control: true,
  webDiagnostics: true,
};
const METHODS = [
  SignIn.github(),
  SignIn.google(),
  SignIn.smtp({ from: 'a@example.com', peer: Peer.namespace('mail') }),
];
const EXISTING = SecretSource.existing({ name: 'platform', revision: '7' });

function objects(profile: 'production' | 'rc' | 'dev', change: object): Json[] {
  return Testing.synth(caracal(propsOf(profile, change))) as Json[];
}

/** Every object inside a value, itself included. */
function nodes(value: unknown): Json[] {
  return typeof value === 'object' && value !== null ? [value as Json, ...Object.values(value).flatMap(nodes)] : [];
}

/** Keys that pods mount or read, and that Prometheus reads. */
function mounted(all: Json[]): Mounted[] {
  return nodes(all).flatMap((node): Mounted[] => {
    const projected = node.secret as { name?: string; items?: { key: string }[] } | undefined;
    const credentials = node.credentials as { name: string; key: string } | undefined;
    return [
      ...(projected?.items ?? []).map(({ key }) => ({ secret: projected?.name ?? '', key })),
      ...(credentials === undefined ? [] : [{ secret: credentials.name, key: credentials.key }]),
    ];
  });
}

describe('no secret value is ever emitted outside of dev', () => {
  it.each([
    ['production', {}],
    ['production', ALL_FEATURES],
    ['rc', { secrets: EXISTING }],
    ['rc', { ...ALL_FEATURES, secrets: EXISTING, signIn: METHODS }],
  ] as const)('%s with %j has no Secret, no secret in plain env and no value in a URL', (profile, change) => {
    const all = objects(profile, change);
    expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const variables = nodes(all).flatMap(({ env }) =>
      Array.isArray(env) ? (env as { name: string; value?: string }[]) : [],
    );
    const suspicious = variables.filter(({ name }) =>
      /(SECRET|TOKEN|PASSWORD|KEY|KEK|DATABASE_URL|REDIS_URL|SMTP_URL|BEARER)$/.test(name),
    );
    expect(suspicious.filter(({ name }) => name !== 'MIGRATION_ADVISORY_LOCK_KEY')).toEqual([]);
    expect(variables.length).toBeGreaterThan(60);
    expect(JSON.stringify(all)).not.toMatch(/postgres:\/\/[^:"]+:(?!\{\{)[^@"]+@|rediss?:\/\/:(?!\{\{)[^@"]+@/);
  });

  it('dev emits derived values, marked as such, and other values for another passphrase or namespace', () => {
    const secretOf = (change: object): { metadata: { annotations: Json }; data: Json } =>
      objects('dev', change).find(({ kind }) => kind === 'Secret') as never;
    const first = secretOf({});
    expect(first.metadata.annotations['cdk8s-selfhosted/derived-for-dev']).toBe('true');
    expect(secretOf({}).data).toEqual(first.data);
    for (const change of [{ secrets: SecretSource.derivedForDev('another passphrase') }, { namespace: 'other' }]) {
      const same = Object.entries(secretOf(change).data).filter(([key, value]) => first.data[key] === value);
      expect(same).toEqual([]);
    }
  });
});

describe('values that dev cannot derive', () => {
  const dev = (values: Record<string, string>) => () =>
    caracal(
      propsOf('dev', { signIn: [SignIn.github()], secrets: SecretSource.derivedForDev('a passphrase', { values }) }),
    );

  it('are taken from `values`: credentials of an OAuth application make a dev console with sign-in', () => {
    const stack = dev({ githubClientId: 'an id', githubClientSecret: 'a secret' })();
    const [secret] = (Testing.synth(stack) as Json[]).filter(({ kind }) => kind === 'Secret');
    const { githubClientSecret = '' } = secret?.data as Record<string, string>;
    expect(Buffer.from(githubClientSecret, 'base64').toString('utf8')).toBe('a secret');
  });

  it('are refused where one is missing, and the fix names both ways', () => {
    expect(refusal(dev({ githubClientId: 'an id' }))).toEqual([
      expect.objectContaining({
        id: 'secrets/cannot-derive',
        message: expect.stringContaining('"githubClientSecret"'),
        fix: expect.stringMatching(/`values`.*Secret of its own/),
      }),
    ]);
  });

  it('and wrong ones stand in the one report, beside problems of other properties', () => {
    const wrong = () =>
      caracal(
        propsOf('dev', {
          operators: ['nobody'],
          secrets: SecretSource.derivedForDev('a passphrase', { values: { secretStoreKek: '00' } }),
        }),
      );
    expect(refusal(wrong).map(({ id, path }) => `${id} at ${path}`)).toEqual([
      'caracal/invalid-operators at caracal.operators[0]',
      'secrets/invalid-value at caracal.secrets.values.secretStoreKek',
    ]);
  });
});

describe('every key that is mounted is provided', () => {
  const CASES = [{}, ALL_FEATURES, { signIn: METHODS }, { ...ALL_FEATURES, signIn: METHODS }] as const;

  it.each(CASES)('by the ExternalSecret, whatever is switched on: %#', (change) => {
    const all = objects('production', change);
    const external = all.find(({ kind }) => kind === 'ExternalSecret') as {
      spec: { target: { name: string; template: { data: Json } }; data: { secretKey: string }[] };
    };
    const provided = Object.keys(external.spec.target.template.data);
    const wanted = mounted(all).filter(({ secret }) => secret === external.spec.target.name);
    expect(wanted.length).toBeGreaterThan(40);
    expect(wanted.filter(({ key }) => !provided.includes(key))).toEqual([]);
    const fetched = external.spec.data.map(({ secretKey }) => secretKey);
    const named = JSON.stringify(external.spec.target.template.data).match(/\{\{ \.\w+/g) ?? [];
    expect(named.map((each) => each.slice(4)).filter((key) => !fetched.includes(key))).toEqual([]);
  });

  it.each(CASES)('by the checklist of an existing Secret, whatever is switched on: %#', (change) => {
    const stack = caracal(propsOf('rc', { ...change, secrets: EXISTING }));
    const listed = stack.secretChecklist().map(({ key }) => key);
    const wanted = mounted(Testing.synth(stack) as Json[]).filter(({ secret }) => secret === 'platform');
    expect(wanted.filter(({ key }) => !listed.includes(key))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
    expect(
      stack
        .secretChecklist()
        .every(({ format, description, consumers }) => format !== '' && description !== '' && consumers.length > 0),
    ).toBe(true);
  });

  it('prints the connection string with TLS, for the text inside an existing Secret decides about it', () => {
    const stack = caracal(propsOf('rc', { secrets: EXISTING }));
    const urls = stack
      .secretChecklist()
      .filter(({ key }) => /(Database|redis)Url$/i.test(key))
      .map(({ description }) => description);
    expect(urls).toHaveLength(7);
    expect(urls.every((text) => /sslmode=verify-full|rediss:\/\//.test(text))).toBe(true);
  });

  it("by a Secret of its own, for a sign-in that names one: nothing of it is asked of the stack's source", () => {
    const stack = caracal(propsOf('production', { signIn: [SignIn.github({ secret: { name: 'github-oauth' } })] }));
    const own = mounted(Testing.synth(stack) as Json[]).filter(({ secret }) => secret === 'github-oauth');
    expect(own.map(({ key }) => key).sort()).toEqual(['clientId', 'clientSecret']);
    expect(stack.secretChecklist().filter(({ key }) => key.startsWith('github'))).toEqual([]);
  });

  it('every Secret of its own stands in the checklist with its name and keys: a missing one keeps the console from starting', () => {
    const signIn = [
      SignIn.google({ secret: { name: 'google-oauth' } }),
      SignIn.smtp({ from: 'a@example.com', peer: Peer.namespace('mail'), secret: { name: 'mail' } }),
    ];
    const stack = caracal(propsOf('production', { signIn }));
    const own = stack
      .secretChecklist()
      .flatMap(({ location }) =>
        location.kind === 'secret' ? [{ secret: location.secretName, key: location.key }] : [],
      );
    expect(own).toEqual([
      { secret: 'google-oauth', key: 'clientId' },
      { secret: 'google-oauth', key: 'clientSecret' },
      { secret: 'mail', key: 'url' },
    ]);
    const outside = mounted(Testing.synth(stack) as Json[]).filter(({ secret }) => secret !== 'caracal-runtime');
    expect(outside).toEqual(own);
  });

  it('the checklist names exactly the entries of the store that the operator will ask for', () => {
    const secrets = SecretSource.externalSecrets({
      store: { kind: 'ClusterSecretStore', name: 'vault' },
      prefix: 'caracal/',
      property: 'value',
    });
    const stack = caracal(propsOf('production', { secrets }));
    const [external] = (Testing.synth(stack) as Json[]).filter(({ kind }) => kind === 'ExternalSecret');
    const asked = (external?.spec as { data: { remoteRef: { key: string; property: string } }[] }).data;
    const listed = stack
      .secretChecklist()
      .map(({ location }) => (location.kind === 'store' ? { key: location.entry, property: location.property } : {}));
    expect(listed).toEqual(asked.map(({ remoteRef: { key, property } }) => ({ key, property })));
    expect(listed.length).toBeGreaterThan(15);
  });

  it('a feature that is off brings no key: the gateway holds the administration token on request only', () => {
    const gateway = (change: object): string =>
      JSON.stringify(
        objects('production', change).find(
          ({ kind, metadata }) => kind === 'StatefulSet' && (metadata as Json).name === 'caracal-gateway',
        ),
      );
    expect(gateway({})).not.toContain('caracalAdminToken');
    expect(gateway({ administration: { gatewayReload: true } })).toContain('caracalAdminToken');
  });

  it('a new revision replaces every pod that reads secrets and runs the Jobs again', () => {
    const names = (revision: string): string[] =>
      objects('rc', { secrets: SecretSource.existing({ name: 'platform', revision }) })
        .filter(({ kind }) => kind === 'Job')
        .map(({ metadata }) => String((metadata as Json).name));
    expect(names('1')).toHaveLength(2);
    expect(names('1').filter((name) => names('2').includes(name))).toEqual([]);
    const revisions = nodes(objects('rc', { secrets: EXISTING })).filter(
      (node) => node['cdk8s-selfhosted/secrets-revision'] === '7',
    );
    expect(revisions).toHaveLength(8);
  });
});
