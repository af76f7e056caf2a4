import { inspect } from 'node:util';
import { ConfigurationError, describeFinding, type Finding, safeFinding, show } from '../../src/core/errors';
import { isSecretName, isSecretPlace, withoutCredentials, withoutCredentialsInValue } from '../../src/core/redaction';

const SECRET = 'hunter2';

describe('names tell where a secret stands', () => {
  test.each([
    'password',
    'postgresPassword',
    'PGPASSWORD',
    'DB_PASS',
    'passphrase',
    'secrets',
    'clientSecret',
    'API_KEY',
    'apiKey',
    'encryptionKey',
    'zkKey',
    'accessToken',
    'AUTH',
    'DATABASE_DSN',
    'connectionString',
    'credentials',
    'authorization',
    'sessionCookie',
  ])('%s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each([
    'host',
    'secretName',
    'passwordFile',
    'TOKEN_TTL_SECONDS',
    'tokenPath',
    'imagePullSecrets',
    'author',
    'keys',
    'keyboard',
    'bypass',
    'compass',
    'refreshInterval',
    'key',
  ])('%s holds none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  test.each([
    ['caracal.secrets', true],
    ['caracal.api.env.DB_PASSWORD', true],
    ['SecretSource.existing.name', true],
    ['SecretSource.externalSecrets.refreshInterval', false],
    ['caracal.secrets.list[0].value', true],
    ['caracal.origins.sts', false],
    ['', false],
  ])('the place "%s": %s', (path, secret) => {
    expect(isSecretPlace(path)).toBe(secret);
  });
});

describe('show hides what may be a secret, and nothing else', () => {
  test.each<[string, unknown, string]>([
    ['a password by its name', { postgresPassword: SECRET, host: 'pg' }, '{"postgresPassword":"***","host":"pg"}'],
    [
      'everything below such a name',
      { secrets: { a: [SECRET, 7], b: true } },
      '{"secrets":{"a":["***","***"],"b":true}}',
    ],
    ['the value beside a name', [{ name: 'DB_PASSWORD', value: SECRET }], '[{"name":"DB_PASSWORD","value":"***"}]'],
    ['a variable that is none', [{ name: 'TZ', value: 'UTC' }], '[{"name":"TZ","value":"UTC"}]'],
    ['a URL with user and password', `postgres://a:${SECRET}@h/db`, '"postgres://***@h/db"'],
    ['a password with signs of a URL', `postgres://a:x/${SECRET}@y:z@h/db`, '"postgres://***@h/db"'],
    ['a URL without a user', `rediss://:${SECRET}@redis`, '"rediss://***@redis"'],
    ['a URL object', { at: new URL(`https://u:${SECRET}@h/`) }, '{"at":"https://***@h/"}'],
    ['no scheme', `a:${SECRET}@h:5432`, '"***@h:5432"'],
    ['a connection text', `host=pg password=${SECRET} user=a`, '"host=pg password=***"'],
    ['text of a YAML file', `user: a\npassword: ${SECRET}\nport: 1`, '"user: a\\npassword: ***\\nport: 1"'],
    ['JSON in a text', `{"token":"${SECRET}"}`, '"{\\"token\\":***}"'],
    ['a header', `Bearer ${SECRET}`, '"Bearer ***"'],
    [
      'a key',
      `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`,
      '"-----BEGIN RSA PRIVATE KEY----- ***"',
    ],
    ['a key that is cut', `-----BEGIN PRIVATE KEY-----\n${SECRET}`, '"-----BEGIN PRIVATE KEY----- ***"'],
    ['a key of AWS', 'AKIAIOSFODNN7EXAMPLE', '"***"'],
    ['a token of GitHub', `ghp_${'a1'.repeat(18)}`, '"***"'],
    ['bytes', Buffer.from(SECRET), '7 bytes'],
    ['an image with its digest', 'ghcr.io/x/y:1.0@sha256:abc', '"ghcr.io/x/y:1.0@sha256:abc"'],
    ['an address of mail', 'ops@example.com', '"ops@example.com"'],
    ['a domain for operators', ['@example.com'], '["@example.com"]'],
    ['an origin', 'https://sts.example.com:8443/x', '"https://sts.example.com:8443/x"'],
  ])('%s', (_what, value, text) => {
    expect(show(value)).toBe(text);
  });
});

describe('every form of a report', () => {
  const finding: Finding = {
    id: 'core/wrong-type',
    level: 'error',
    path: 'caracal.secrets',
    message: `it is postgres://a:${SECRET}@h`,
    given: JSON.stringify({ postgresPassword: SECRET, list: [SECRET, 'a"b'] }),
    allowed: `password=${SECRET}`,
    why: `Bearer ${SECRET}2`,
    fix: `remove //x:${SECRET}@y`,
  };
  const error = new ConfigurationError(`caracal postgres://a:${SECRET}@h`, [finding]);

  test.each<[string, string]>([
    ['the message', error.message],
    ['the stack trace', String(error.stack)],
    ['the whole trace', error.trace],
    ['what Node prints', inspect(error, { depth: 10, showHidden: true })],
    ['a log in JSON', JSON.stringify(error)],
    ['the findings', JSON.stringify(error.findings)],
    ['one line', describeFinding(finding)],
    ['an acknowledgement', JSON.stringify(safeFinding({ ...finding, acknowledged: `token=${SECRET}` }))],
  ])('%s is without the secret', (_form, text) => {
    expect(text).toContain('***');
    expect(text).not.toContain(SECRET);
  });

  test('in the place of a secret names stay, so that the reader knows what was meant', () => {
    expect(error.findings[0]?.given).toBe('{"postgresPassword":"***","list":["***","***"]}');
  });

  test('hiding twice is hiding once', () => {
    for (const text of Object.values(safeFinding(finding))) {
      expect(withoutCredentials(String(text))).toBe(text);
    }
  });
});

describe('long texts', () => {
  // Each makes a form start at every place, or at many: tried from each of them to the end, they would take minutes.
  test.each([
    'a-',
    'a',
    '/',
    'a:',
    'pass',
    'password=',
    'eyJaaaaaaaa.',
    'Bearer ',
    '"',
    ' ',
    '@',
    '-----BEGIN PRIVATE KEY-----',
  ])('of %j are shown or hidden at once, and cut', (part) => {
    const started = Date.now();
    const text = part.repeat(400_000 / part.length);
    expect(show(text).length).toBeLessThanOrEqual(120);
    expect(withoutCredentials(text).length).toBeLessThanOrEqual(10_003);
    expect(withoutCredentialsInValue(text).length).toBeLessThanOrEqual(10_003);
    expect(Date.now() - started).toBeLessThan(3000);
  });

  test('neither a long secret nor one at the place of the cut is shown', () => {
    const long = 'hunter2'.repeat(200);
    expect(withoutCredentials(`see https://user:${long}@example.com`)).not.toContain('hunter2');
    expect(withoutCredentials(`${'x '.repeat(4990)}https://user:${long}@example.com`)).not.toContain('hunter2');
  });

  test('a secret at the end of a long text is not shown', () => {
    expect(withoutCredentials(`${'x '.repeat(4000)}password=hunter2`)).not.toContain('hunter2');
    expect(withoutCredentialsInValue(`${'x '.repeat(8000)}password=hunter2`)).not.toContain('hunter2');
  });
});
