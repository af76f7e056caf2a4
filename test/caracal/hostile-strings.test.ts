import { Testing, Yaml } from 'cdk8s';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { ConfigurationError, Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls, TrustBundle } from '../../src';
import { SecretBackend, SignIn, Telemetry } from '../../src/caracal';
import { expand } from '../support/expansion';
import { caracal, CERTIFICATE, clusterWith, POSTGRES, propsOf, publishedProps } from './fixture';

/** Texts that have broken templates, shells and YAML before. */
const HOSTILE = [
  `it's "quoted" \`text\``,
  'two\nlines\n',
  '\r\n',
  '\ttab',
  ' space around ',
  '# no comment',
  '- no list',
  '{a: b}, [c]',
  '&anchor *alias !tag',
  '%directive',
  '--- \n...',
  'yes',
  'null',
  '0x1F',
  '1e3',
  '~',
  '',
  '$(PORT)',
  '$$(PORT)',
  '$PORT ${PORT}',
  '{{ .Values.x }}',
  '{{ "{{" }}',
  '`id`; rm -rf / && echo $?',
  '../../etc/passwd',
  'Grüße, 你好, 😀',
  'a\ufeffb',
  '\u2028\u2029',
  '\u0085',
  '\u0000',
  '\u0007bell\u001b[31m',
  '\u007f',
  '\ud800',
  'x'.repeat(5000),
  '__proto__',
  'constructor',
];

/** What no YAML printer and reader agree on, what no environment carries, and what has no UTF-8 form. */
const CANNOT_TRAVEL = /(?![\t\n\r])[\p{Cc}\u2028\u2029]|\p{Cs}/u;

/** One text of the user: the properties that carry it. */
type Place = (text: string) => object;

/**
 * Every property that takes text of the user's, found by walking the interfaces of the stack and of the factories whose
 * values it takes.
 */
const PLACES: Readonly<Record<string, Place>> = {
  namespace: (namespace) => ({ namespace }),
  'namespace.name': (name) => ({ namespace: { name, create: true } }),
  instance: (instance) => ({ instance }),
  'origins.console': (console) => ({ origins: { console, sts: 'https://sts.example.com' } }),
  'origins.sts': (sts) => ({ origins: { console: 'https://console.example.com', sts } }),
  'origins.gateway': (gateway) => ({ origins: { ...publishedProps().origins, gateway } }),
  'origins.api': (api) => ({ origins: { ...publishedProps().origins, api } }),
  operators: (entry) => ({ operators: [entry] }),
  'operators.locked': (entry) => ({ operators: { active: ['@example.com'], locked: [entry] } }),
  gatewayPaths: (path) => ({ gatewayPaths: [path] }),
  'pods.labels key': (key) => ({ pods: { labels: { [key]: 'x' } } }),
  'pods.labels': (value) => ({ pods: { labels: { a: value } } }),
  'pods.annotations key': (key) => ({ pods: { annotations: { [key]: 'x' } } }),
  'pods.annotations': (value) => ({ pods: { annotations: { a: value } } }),
  'pods.env name': (name) => ({ pods: { env: { [name]: 'x' } } }),
  'pods.env': (value) => ({ pods: { env: { TZ: value } } }),
  'pods.nodeSelector': (value) => ({ pods: { nodeSelector: { a: value } } }),
  'pods.pullSecrets': (name) => ({ pods: { pullSecrets: [name] } }),
  'pods.priorityClassName': (priorityClassName) => ({ pods: { priorityClassName } }),
  'pods.tolerations key': (key) => ({ pods: { tolerations: [{ key, operator: 'Exists' }] } }),
  'pods.tolerations value': (value) => ({ pods: { tolerations: [{ key: 'a', value }] } }),
  'limits.privateEgressHosts': (host) => ({ limits: { privateEgressHosts: [host] } }),
  'limits.gatewayUpstreamHosts': (host) => ({ limits: { gatewayUpstreamHosts: [host] } }),
  'auditExport.bucket': (bucket) => ({ auditExport: { bucket, targets: TARGETS } }),
  'auditExport.region': (region) => ({ auditExport: { bucket: 'evidence', region, targets: TARGETS } }),
  'auditExport.endpoint': (endpoint) => ({ auditExport: { bucket: 'evidence', endpoint, targets: TARGETS } }),
  'sts.env name': (name) => ({ sts: { env: { [name]: 'x' } } }),
  'sts.env': (value) => ({ sts: { env: { TZ: value } } }),
  'sts.podLabels': (value) => ({ sts: { podLabels: { a: value } } }),
  'sts.podAnnotations': (value) => ({ sts: { podAnnotations: { a: value } } }),
  'sts.nodeSelector': (value) => ({ sts: { nodeSelector: { a: value } } }),
  'sts.priorityClassName': (priorityClassName) => ({ sts: { priorityClassName } }),
  'sts.serviceAccount': (name) => ({ sts: { serviceAccount: { name } } }),
  'sts.volumes name': (name) => ({ sts: { volumes: [{ volume: { name, emptyDir: {} }, mountPath: '/extra' }] } }),
  'sts.volumes mountPath': (mountPath) => ({
    sts: { volumes: [{ volume: { name: 'extra', emptyDir: {} }, mountPath }] },
  }),
  'migration.rerun': (rerun) => ({ migration: { rerun } }),
  'migration.env': (value) => ({ migration: { env: { TZ: value } } }),
  'Cluster name': (name) => ({ cluster: clusterWith({ name }) }),
  'Cluster storageClass': (storageClass) => ({ cluster: clusterWith({ storageClass }) }),
  'Cluster selectorLabels': (value) => ({
    cluster: clusterWith({ prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: value } } }),
  }),
  'Postgres host': (host) => ({ postgres: Postgres.external({ ...POSTGRES, host }) }),
  'Postgres adminUser': (adminUser) => ({ postgres: Postgres.external({ ...POSTGRES, adminUser }) }),
  'Redis host': (host) => ({ redis: Redis.external({ host, peer: POSTGRES.peer }) }),
  'Telemetry host': (host) => ({ telemetry: Telemetry.otlp({ host, peer: Peer.namespace('otel') }) }),
  'SignIn.smtp from': (from) => ({ signIn: [SignIn.smtp({ from, peer: Peer.namespace('mail') })] }),
  'SignIn secret': (name) => ({ signIn: [SignIn.github({ secret: { name } })] }),
  'SecretBackend.vault address': (address) => ({
    secretBackend: SecretBackend.vault({ address, peer: POSTGRES.peer }),
  }),
  'SecretBackend.vault mount': (mount) => ({
    secretBackend: SecretBackend.vault({ address: 'https://vault', peer: POSTGRES.peer, mount }),
  }),
  'SecretBackend.vault namespace': (namespace) => ({
    secretBackend: SecretBackend.vault({ address: 'https://vault', peer: POSTGRES.peer, namespace }),
  }),
  'SecretBackend.infisical path': (path) => ({ secretBackend: SecretBackend.infisical({ projectId: 'a', path }) }),
  'SecretSource.existing name': (name) => ({ secrets: SecretSource.existing({ name }) }),
  'SecretSource.existing revision': (revision) => ({ secrets: SecretSource.existing({ name: 'a', revision }) }),
  'SecretSource.externalSecrets store': (name) => ({
    secrets: SecretSource.externalSecrets({ store: { kind: 'SecretStore', name }, prefix: '' }),
  }),
  'SecretSource.externalSecrets prefix': (prefix) => ({
    secrets: SecretSource.externalSecrets({ store: { kind: 'SecretStore', name: 'a' }, prefix }),
  }),
  'SecretSource.externalSecrets property': (property) => ({
    secrets: SecretSource.externalSecrets({ store: { kind: 'SecretStore', name: 'a' }, prefix: '', property }),
  }),
  'SecretSource.externalSecrets revision': (revision) => ({
    secrets: SecretSource.externalSecrets({ store: { kind: 'SecretStore', name: 'a' }, prefix: '', revision }),
  }),
  'Exposure className': (className) => ({ exposure: Exposure.ingress({ className, tls: Tls.existingSecret('tls') }) }),
  'Exposure annotations': (value) => ({
    exposure: Exposure.ingress({ className: 'a', tls: Tls.existingSecret('tls'), annotations: { a: value } }),
  }),
  'Tls.existingSecret': (name) => ({ exposure: Exposure.ingress({ className: 'a', tls: Tls.existingSecret(name) }) }),
  'Tls.certManager': (clusterIssuer) => ({
    exposure: Exposure.ingress({ className: 'a', tls: Tls.certManager({ clusterIssuer }) }),
  }),
  'TrustBundle configMap': (configMap) => ({ trust: TrustBundle.fromConfigMap({ configMap }) }),
  'TrustBundle key': (key) => ({ trust: TrustBundle.fromConfigMap({ configMap: 'ca', key }) }),
  'TrustBundle pem': (text) => ({
    trust: TrustBundle.fromPem(`# ${text}\n${CERTIFICATE}`),
  }),
  'Peer namespace': (name) => ({ clients: [Peer.namespace(name)] }),
  'Peer labels': (value) => ({ clients: [Peer.pods({ labels: { app: value } })] }),
  'Peer reason': (reason) => ({ clients: [Peer.anywhere({ reason })] }),
};

const TARGETS = [{ peer: Peer.cidr('10.0.0.0/8'), port: Port.tcp(443) }];

/** Places where free text must arrive; everywhere else Kubernetes or the services allow little. */
const FREE_TEXT = [
  'pods.annotations',
  'pods.env',
  'sts.env',
  'sts.podAnnotations',
  'migration.env',
  'Exposure annotations',
  'SecretSource.existing revision',
];

type Outcome = 'refused' | 'intact' | 'not emitted' | `broken: ${string}`;

const known = new Map<Place, Map<string, Outcome>>();

/** Whether the text is refused, or arrives in the objects as they are read back from YAML. Each question is answered once. */
function outcome(place: Place, text: string): Outcome {
  const answers = known.get(place) ?? new Map<string, Outcome>();
  known.set(place, answers);
  const answer = answers.get(text) ?? tried(place, text);
  answers.set(text, answer);
  return answer;
}

function tried(place: Place, text: string): Outcome {
  let objects: unknown[];
  try {
    objects = caracal(propsOf('production', place(text))).toJson();
  } catch (error) {
    return error instanceof ConfigurationError ? 'refused' : `broken: ${String(error)}`;
  }
  // Reading YAML is slow; three objects with the text show what the printer makes of it.
  const holds = (object: unknown): boolean => strings(object).some((each) => each === text || expand(each) === text);
  const some = objects.filter(holds).slice(0, 3);
  const documents = parseAllDocuments(Buffer.from(Yaml.stringify(...some), 'utf8').toString('utf8'));
  const errors = documents.flatMap((document) => document.errors);
  if (errors.length > 0) {
    return `broken: ${String(errors[0])}`;
  }
  const read = documents.map((document) => document.toJS() as unknown);
  if (JSON.stringify(read) !== JSON.stringify(some)) {
    return 'broken: what is read back from YAML is not what was emitted';
  }
  return some.length > 0 ? 'intact' : 'not emitted';
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => [key, ...strings(each)])
    : [];
}

/** Texts that are emitted in another form, or only shown: each with what becomes of it. */
const CHANGED: Readonly<Record<string, string>> = {
  'migration.rerun': 'counts into the name of the Job alone',
  'Cluster name': 'is compared and shown, never emitted',
  'Peer reason': 'documents the flow',
  'origins.console': 'its host stands in the Ingress too',
  operators: 'stands in a JSON file, in lower case',
  'operators.locked': 'stands in a JSON file, in lower case',
  'Postgres host': 'stands inside connection strings',
  'Redis host': 'stands inside connection strings',
  'Postgres adminUser': 'stands in a variable',
  'Telemetry host': 'stands inside a URL',
  'auditExport.endpoint': 'stands in a variable',
  'SecretSource.externalSecrets prefix': 'stands before names',
  'TrustBundle pem': 'stands before a certificate',
};

/** Longest text of a place, in bytes, where it is less than an object holds. */
const LONGEST: Readonly<Record<string, number>> = {
  // It becomes an annotation of every pod, where 256 KiB are all there is.
  'SecretSource.existing revision': 4000,
};

describe('every text of the user arrives intact or is refused', () => {
  it.each(Object.entries(PLACES))('%s', (name, place) => {
    const outcomes = HOSTILE.map((text) => [text, outcome(place, text)] as const);
    expect(outcomes.filter(([, each]) => each.startsWith('broken'))).toEqual([]);
    expect(outcomes.filter(([, each]) => each === 'not emitted' && CHANGED[name] === undefined)).toEqual([]);
  });

  it.each(FREE_TEXT)('%s takes any text that YAML and environments can carry: nothing harmless is refused', (name) => {
    const place = PLACES[name] as Place;
    const longest = LONGEST[name] ?? Number.POSITIVE_INFINITY;
    const possible = HOSTILE.filter((text) => !CANNOT_TRAVEL.test(text) && Buffer.byteLength(text) <= longest);
    expect(possible.length).toBeGreaterThan(25);
    expect(possible.filter((text) => outcome(place, text) !== 'intact')).toEqual([]);
  });

  it('control characters, line separators and half surrogate pairs are refused, for they would not arrive', () => {
    for (const name of FREE_TEXT) {
      for (const text of ['\u0000', '\u0007', '\u001b[0m', '\u0085', '\u2028', '\ud800']) {
        expect([name, text, outcome(PLACES[name] as Place, text)]).toEqual([name, text, 'refused']);
      }
    }
  });

  it('random text of any script, in random places, is never broken', () => {
    const entries = Object.entries(PLACES);
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({
        unit: fc.constantFrom(
          '"',
          "'",
          '\\',
          '\n',
          '$',
          '(',
          ')',
          '{',
          '}',
          ':',
          '#',
          '|',
          '>',
          '-',
          ' ',
          'A',
          '%',
          '@',
          '`',
        ),
        maxLength: 30,
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...entries), text, ([, place], each) => !outcome(place, each).startsWith('broken')),
      { numRuns: 150, seed: 20261120 },
    );
  });

  it('the check itself notices text that does not arrive', () => {
    expect(outcome(() => ({}), 'this text is nowhere')).toBe('not emitted');
    expect(strings([{ a: { b: ['found'] } }])).toContain('found');
  });
});

describe('texts that are emitted in another form', () => {
  it('operators arrive in lower case, for the console compares keys in lower case', () => {
    const stack = caracal(propsOf('production', { operators: ['Ann@Example.COM', '@Example.org'] }));
    const [file] = Testing.synth(stack).filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'caracal-web',
    ) as [{ data: Record<string, string> }];
    expect(JSON.parse(file.data['operatorAllowlist.json'] ?? '')).toEqual({
      emails: { '@example.org': 'active', 'ann@example.com': 'active' },
    });
  });

  it('$(NAME) of a value is no reference for Kubernetes: the container sees the text as it was given', () => {
    const stack = caracal(propsOf('production', { sts: { env: { TZ: '$(PORT) $$ $(HOST)' } } }));
    const given = strings(Testing.synth(stack)).find((each) => each.includes('(PORT)')) ?? '';
    expect(expand(given, { PORT: '8080', HOST: '0.0.0.0' })).toBe('$(PORT) $$ $(HOST)');
    expect(expand('$(PORT)', { PORT: '8080' })).toBe('8080');
  });
});
