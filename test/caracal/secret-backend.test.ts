import { type Finding, Peer, SecretRef, SecretSource } from '../../src';
import { SecretBackend } from '../../src/caracal';
import { findingsWith, openErrorIds, refusal } from '../support/findings';
import { podTemplates } from '../support/manifests';
import { Deployment } from '../core/deployment';
import { caracal, devProps, propsOf } from './fixture';

const NEAR = Peer.cidr('10.20.3.0/24');
const reference = (key: string): SecretRef => SecretRef.key({ secret: 'backend', key });
const stackWith = (secretBackend: SecretBackend, change: object = {}) =>
  caracal(propsOf('production', { secretBackend, ...change }));

interface Seen {
  readonly env: Record<string, unknown>;
  readonly files: Record<string, string>;
}

/** Variables of one component, and where its files come from. */
function seen(stack: ReturnType<typeof caracal>, component: string): Seen {
  const template = podTemplates(stack).find(
    ({ metadata }) => metadata?.labels?.['app.kubernetes.io/component'] === component,
  );
  const sources = (template?.spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? []);
  return {
    env: Object.fromEntries(
      (template?.spec.containers[0]?.env ?? []).map(({ name, value, valueFrom }) => [
        name,
        value ?? `${valueFrom?.secretKeyRef?.name ?? ''}/${valueFrom?.secretKeyRef?.key ?? ''}`,
      ]),
    ),
    files: Object.fromEntries(
      sources.flatMap(({ secret }) =>
        (secret?.items ?? []).map(({ key, path }) => [path, `${secret?.name ?? ''}/${key}`]),
      ),
    ),
  };
}

// Names from the addendum (D1), kinds as the product spells them; nothing of this is read from the library.
const BACKENDS: readonly (readonly [string, SecretBackend, Record<string, string>, Record<string, string>])[] = [
  [
    'Vault, with everything',
    SecretBackend.vault({
      address: 'https://vault.example.com:8200',
      peer: NEAR,
      mount: 'kv',
      namespace: 'team-a',
      token: reference('token'),
    }),
    {
      CARACAL_SECRET_BACKEND: 'vault',
      CARACAL_VAULT_ADDR: 'https://vault.example.com:8200',
      CARACAL_VAULT_MOUNT: 'kv',
      CARACAL_VAULT_NAMESPACE: 'team-a',
      CARACAL_VAULT_TOKEN_FILE: '/run/secrets/vaultToken',
    },
    { vaultToken: 'backend/token' },
  ],
  [
    'Infisical, with a token of the stack’s source',
    SecretBackend.infisical({ projectId: 'project', environment: 'staging', path: '/caracal' }),
    {
      CARACAL_SECRET_BACKEND: 'infisical',
      CARACAL_INFISICAL_PROJECT_ID: 'project',
      CARACAL_INFISICAL_ENV: 'staging',
      CARACAL_INFISICAL_PATH: '/caracal',
      CARACAL_INFISICAL_TOKEN_FILE: '/run/secrets/infisicalToken',
    },
    { infisicalToken: 'caracal-runtime/infisicalToken' },
  ],
  [
    'Azure Key Vault, with an application',
    SecretBackend.azureKeyVault({
      vaultUrl: 'https://team.vault.azure.net',
      application: { tenantId: 'tenant', clientId: 'client' },
    }),
    {
      CARACAL_SECRET_BACKEND: 'azurekeyvault',
      CARACAL_AZURE_VAULT_URL: 'https://team.vault.azure.net',
      CARACAL_AZURE_TENANT_ID: 'tenant',
      CARACAL_AZURE_CLIENT_ID: 'client',
      CARACAL_AZURE_CLIENT_SECRET_FILE: '/run/secrets/azureClientSecret',
    },
    { azureClientSecret: 'caracal-runtime/azureClientSecret' },
  ],
  [
    'AWS Secrets Manager, with a key, which has no file form',
    SecretBackend.awsSecretsManager({
      region: 'eu-central-1',
      accessKey: { id: reference('id'), secret: reference('key'), session: reference('session') },
    }),
    {
      CARACAL_SECRET_BACKEND: 'awssecretsmanager',
      CARACAL_AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'backend/id',
      AWS_SECRET_ACCESS_KEY: 'backend/key',
      AWS_SESSION_TOKEN: 'backend/session',
    },
    {},
  ],
  [
    'Google Secret Manager, with a key file',
    SecretBackend.gcpSecretManager({ project: 'my-project', credentials: reference('key.json') }),
    {
      CARACAL_SECRET_BACKEND: 'gcpsecretmanager',
      CARACAL_GCP_PROJECT: 'my-project',
      CARACAL_GCP_CREDENTIALS_FILE: '/run/secrets/gcpCredentials.json',
    },
    { 'gcpCredentials.json': 'backend/key.json' },
  ],
  [
    'a service of your own',
    SecretBackend.custom({ address: 'https://secrets.example.com', peer: NEAR, token: reference('token') }),
    {
      CARACAL_SECRET_BACKEND: 'custom',
      CARACAL_CUSTOM_SECRETS_URL: 'https://secrets.example.com',
      CARACAL_CUSTOM_SECRETS_TOKEN_FILE: '/run/secrets/customSecretsToken',
    },
    { customSecretsToken: 'backend/token' },
  ],
];

describe.each(BACKENDS)('%s', (_what, backend, env, files) => {
  const stack = stackWith(backend);

  test('is set up once, and both api and sts have all of it', () => {
    const plain = caracal(propsOf('production'));
    for (const component of ['api', 'sts']) {
      const [after, before] = [seen(stack, component), seen(plain, component)];
      expect(Object.fromEntries(Object.entries(after.env).filter(([name]) => !(name in before.env)))).toEqual(env);
      expect(Object.fromEntries(Object.entries(after.files).filter(([name]) => !(name in before.files)))).toEqual(
        files,
      );
    }
    expect(seen(stack, 'gateway')).toEqual(seen(plain, 'gateway'));
    expect(openErrorIds(stack)).toEqual([]);
  });

  test('has its credentials on the checklist, for both readers', () => {
    const entries = stack.secretChecklist().filter(({ consumers }) => [...consumers].sort().join() === 'api,sts');
    const known = new Set(
      caracal(propsOf('production'))
        .secretChecklist()
        .map(({ key }) => key),
    );
    const wanted = [
      ...Object.values(files).filter((place) => place.startsWith('backend/')),
      ...Object.entries(env)
        .filter(([name]) => name.startsWith('AWS_'))
        .map(([, place]) => place),
    ].map((place) => place.replace('backend/', ''));
    const ofStack = Object.values(files).filter((place) => place.startsWith('caracal-runtime/'));
    expect(
      entries
        .map(({ key }) => key)
        .filter((key) => !known.has(key))
        .sort(),
    ).toEqual([...wanted, ...ofStack.map((place) => place.replace('caracal-runtime/', ''))].sort());
  });
});

describe('the network of a backend', () => {
  const opened = (backend: SecretBackend): string[] =>
    stackWith(backend)
      .flows()
      .filter(({ reason }) => /credentials of/.test(reason))
      .map(({ from, to, ports }) => `${from} -> ${to} ${ports.map(String).join()}`);
  const both = (to: string, port: number): string[] =>
    ['caracal-api', 'caracal-sts'].map((from) => expect.stringMatching(`^${from} -> ${to}.*${port}`) as string);

  test.each<[string, SecretBackend, string[]]>([
    [
      'the peer, on the port of the address',
      SecretBackend.vault({ address: 'https://v:8200', peer: NEAR }),
      both('10\\.20\\.3\\.0/24', 8200),
    ],
    [
      'the port that is told, before that of the address',
      SecretBackend.vault({ address: 'https://v:8200', peer: NEAR, port: 443 }),
      both('10\\.20\\.3\\.0/24', 443),
    ],
    ['the internet, for a cloud', SecretBackend.infisical({ projectId: 'p' }), both('', 443)],
    [
      'the metadata server too, where the node signs in to Azure',
      SecretBackend.azureKeyVault({ vaultUrl: 'https://t.vault.azure.net', peer: NEAR }),
      [...both('10\\.20\\.3\\.0/24', 443), ...both('169\\.254\\.169\\.254/32', 80)],
    ],
    [
      'the agent of Pod Identity too, where the pod signs in to AWS',
      SecretBackend.awsSecretsManager({ region: 'eu-central-1', peer: NEAR }),
      [...both('10\\.20\\.3\\.0/24', 443), ...both('169\\.254\\.170\\.23/32', 80)],
    ],
    [
      'the metadata server too, where the pod signs in to Google',
      SecretBackend.gcpSecretManager({ project: 'my-project', peer: NEAR }),
      [...both('10\\.20\\.3\\.0/24', 443), ...both('169\\.254\\.169\\.254/32', 80)],
    ],
    [
      'no metadata server, where there is a key',
      SecretBackend.gcpSecretManager({ project: 'my-project', peer: NEAR, credentials: reference('key') }),
      both('10\\.20\\.3\\.0/24', 443),
    ],
  ])('is open to api and sts for %s', (_what, backend, flows) => {
    expect(opened(backend)).toHaveLength(flows.length);
    expect(opened(backend)).toEqual(expect.arrayContaining(flows));
  });

  test('negative control: without a backend nothing of it is open', () => {
    const reasons = caracal(propsOf('production'))
      .flows()
      .map(({ reason }) => reason);
    expect(reasons.filter((reason) => /credentials of/.test(reason))).toEqual([]);
  });
});

describe('a token of the stack’s own source', () => {
  test('is an entry of the store', () => {
    const { location } =
      stackWith(SecretBackend.vault({ address: 'https://v', peer: NEAR }))
        .secretChecklist()
        .find(({ key }) => key === 'vaultToken') ?? {};
    expect(location).toMatchObject({ kind: 'store', entry: 'caracal/vault-token' });
  });

  test('cannot be derived for dev: whoever derives must give it', () => {
    const backend = SecretBackend.vault({ address: 'https://v', peer: NEAR });
    const source = (values: Record<string, string>) => SecretSource.derivedForDev('an example passphrase', { values });
    const props = (values: Record<string, string>) => devProps({ secretBackend: backend, secrets: source(values) });
    expect(refusal(() => caracal(props({}))).map(({ path, message }) => [path, message])).toEqual([
      ['caracal.secrets', expect.stringContaining('vaultToken')],
    ]);
    expect(openErrorIds(caracal(props({ vaultToken: 'hvs.example' })))).toEqual([]);
  });
});

describe('what is refused at the line that makes a backend', () => {
  const at = (make: () => unknown): string[] => refusal(make).map(({ id, path }) => `${id} ${path}`);

  test.each<[string, () => unknown, string]>([
    [
      'http',
      () => SecretBackend.vault({ address: 'http://vault:8200', peer: NEAR }),
      'caracal/invalid-backend SecretBackend.vault.address',
    ],
    [
      'credentials in the address',
      () => SecretBackend.custom({ address: 'https://a:b@c', peer: NEAR }),
      'caracal/invalid-backend SecretBackend.custom.address',
    ],
    [
      'no peer',
      () => SecretBackend.vault({ address: 'https://v' } as never),
      'core/missing-property SecretBackend.vault.peer',
    ],
    [
      'a peer that is nobody',
      () => SecretBackend.vault({ address: 'https://v', peer: Peer.anyOf() }),
      'caracal/invalid-backend SecretBackend.vault.peer',
    ],
    [
      'a token as text',
      () => SecretBackend.infisical({ projectId: 'p', token: 'st.plain' as never }),
      'core/wrong-type SecretBackend.infisical.token',
    ],
    [
      'a region that is none',
      () => SecretBackend.awsSecretsManager({ region: 'Frankfurt' }),
      'caracal/invalid-backend SecretBackend.awsSecretsManager.region',
    ],
    [
      'half of a key',
      () => SecretBackend.awsSecretsManager({ region: 'eu-central-1', accessKey: { id: reference('id') } as never }),
      'core/missing-property SecretBackend.awsSecretsManager.accessKey.secret',
    ],
    [
      'half of an application',
      () => SecretBackend.azureKeyVault({ vaultUrl: 'https://t', application: { clientId: 'c' } as never }),
      'core/missing-property SecretBackend.azureKeyVault.application.tenantId',
    ],
    [
      'a misspelt property',
      () => SecretBackend.gcpSecretManager({ project: 'a-project', credential: 'p' } as never),
      'core/unknown-property SecretBackend.gcpSecretManager.credential',
    ],
  ])('%s', (_what, make, problem) => {
    expect(at(make)).toEqual([problem]);
  });

  test('all of it at once, and no token is repeated', () => {
    const make = () => SecretBackend.vault({ addres: 'x', token: 'hvs.0123456789', peer: 'vault' } as never);
    expect(at(make).sort()).toEqual([
      'core/missing-property SecretBackend.vault.address',
      'core/unknown-property SecretBackend.vault.addres',
      'core/wrong-type SecretBackend.vault.peer',
      'core/wrong-type SecretBackend.vault.token',
    ]);
    expect(() => make()).not.toThrow(/hvs\.0123456789/);
  });
});

describe('an address that only the deployment knows', () => {
  // Policies are written before it is known, and open 443 unless a number stands beside it.
  const found = (text: string, port?: number): Finding[] => {
    const deployment = new Deployment();
    const address = deployment.value(text);
    stackWith(SecretBackend.vault({ address, peer: NEAR, ...(port === undefined ? {} : { port }) })).toJson();
    return deployment.findings();
  };

  test('with a port of its own is refused, with the line to add', () => {
    expect(found('https://vault.example.com:8200')).toEqual([
      expect.objectContaining({
        id: 'caracal/invalid-backend',
        path: 'SecretBackend.vault.address',
        fix: 'write port: 8200 beside the address',
      }),
    ]);
  });

  test('is fine with the port beside it, and on the port of https', () => {
    expect(found('https://vault.example.com:8200', 8200)).toEqual([]);
    expect(found('https://vault.example.com')).toEqual([]);
    expect(found('https://vault.example.com:443')).toEqual([]);
  });
});

describe('a variable of a backend by hand', () => {
  test.each([
    ['CARACAL_VAULT_ADDR', 'SecretBackend.vault('],
    ['CARACAL_INFISICAL_TOKEN', 'SecretBackend.infisical('],
    ['INFISICAL_TOKEN', 'SecretBackend.infisical('],
    ['AZURE_CLIENT_SECRET', 'SecretBackend.azureKeyVault('],
    ['AWS_SECRET_ACCESS_KEY', 'SecretBackend.awsSecretsManager('],
    ['GOOGLE_APPLICATION_CREDENTIALS', 'SecretBackend.gcpSecretManager('],
    ['CARACAL_CUSTOM_SECRETS_TOKEN', 'SecretBackend.custom('],
  ])('is refused with the line to type: %s', (name, line) => {
    for (const component of ['api', 'sts']) {
      const stack = caracal(propsOf('production', { [component]: { env: { [name]: 'plain' } } }));
      expect(findingsWith(stack, 'caracal/forbidden-env')).toEqual([
        expect.objectContaining({ fix: expect.stringContaining(`write secretBackend: ${line}`) }),
      ]);
      expect(JSON.stringify(stack.findings())).not.toMatch(/_FILE behind it/);
    }
  });

  test('and what is no backend is told how one is made', () => {
    expect(
      refusal(() => caracal(propsOf('production', { secretBackend: 'vault' }))).map(({ path, fix }) => [path, fix]),
    ).toEqual([['caracal.secretBackend', expect.stringContaining('secretBackend: SecretBackend.vault(')]]);
  });
});
