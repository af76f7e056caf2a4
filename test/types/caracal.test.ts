import { compile, type Snippet } from './caracal-compile';
import { MUST_NOT_COMPILE } from './caracal-snippets';

const DEFERRED_PLACES = [
  "new CaracalStack(app, 'a', { ...base, origins: { console: later, sts: later, gateway: later } });",
  "new CaracalStack(app, 'b', { ...base, postgres: Postgres.external({ host: later, peer: Peer.internet(), maxConnections: 500 }) });",
  "new CaracalStack(app, 'c', { ...base, redis: Redis.external({ host: later, peer: Peer.internet() }) });",
  "new CaracalStack(app, 'd', { ...base, telemetry: Telemetry.otlp({ host: later, peer: Peer.internet() }), sts: { env: { A: later } } });",
];

// Both values of each property are of the same type, so that only `profile` decides.
const BY_ENVIRONMENT = `
declare const isProd: boolean;
new CaracalStack(app, 'whole', isProd ? { ...base } : { profile: 'dev', namespace: 'a', secrets: SecretSource.derivedForDev('passphrase') });
`;
const FIELD_WISE = `
declare const isProd: boolean;
new CaracalStack(app, 'computed', { ...base, profile: isProd ? 'production' : 'dev', postgres: isProd ? base.postgres : Postgres.inCluster() });
`;

// A consumer with exactOptionalPropertyTypes passes what it was not given as an absent property, never as undefined.
const EXACT = `
function platform(change: Partial<CaracalProductionProps>): CaracalStack {
  return new CaracalStack(app, 'exact', { ...base, ...change });
}
platform({ sts: { logLevel: 'warn', scaling: Scaling.auto({ min: 2, max: 4, cpuPercent: 70 }) }, limits: { policyPollSeconds: 30 } });
platform({ telemetry: Telemetry.otlp({ host: 'otel', peer: Peer.namespace('otel') }), trust: TrustBundle.fromConfigMap({ configMap: 'ca' }) });
new CaracalStack(app, 'dev', { profile: 'dev', namespace: { name: 'a', create: true }, secrets: SecretSource.existing({ name: 'b' }) });
`;

const wrong: Snippet[] = MUST_NOT_COMPILE.map(({ what, code }, index) => ({
  name: `wrong-${index}-${what}`,
  statements: code,
}));
const right: Snippet[] = MUST_NOT_COMPILE.map((each, index) => ({
  name: `right-${index}-${each.what}`,
  statements: each.right,
}));
const SMALLEST =
  "new CaracalStack(app, 'dev', { profile: 'dev', namespace: 'a', secrets: SecretSource.derivedForDev('passphrase') });";
const errors = compile([
  ...wrong,
  ...right,
  ...DEFERRED_PLACES.map((statements, index) => ({ name: `deferred-${index}`, statements })),
  { name: 'smallest', statements: SMALLEST },
  { name: 'whole', statements: BY_ENVIRONMENT },
  { name: 'fields', statements: FIELD_WISE },
]);

describe('what types can carry does not compile', () => {
  it.each(MUST_NOT_COMPILE.map((each, index) => [each.what, each, index] as const))('%s', (what, { says }, index) => {
    expect(errors.get(`wrong-${index}-${what}`)?.join('\n')).toMatch(says);
  });

  it('the same programs made right compile, so each error is about its mistake and nothing else', () => {
    expect(right.flatMap(({ name }) => (errors.get(name) ?? []).map((error) => `${name}: ${error}`))).toEqual([]);
  });
});

describe('what a user writes compiles', () => {
  it('dev needs a namespace and secrets, nothing else', () => {
    expect(errors.get('smallest')).toEqual([]);
  });

  it('a value that is known only at deployment is taken where it may be unknown', () => {
    expect(DEFERRED_PLACES.flatMap((_, index) => errors.get(`deferred-${index}`))).toEqual([]);
  });

  it('the profile is chosen with the properties as a whole; property by property does not compile', () => {
    expect(errors.get('whole')).toEqual([]);
    expect(errors.get('fields')).not.toEqual([]);
  });

  it('consumers with exactOptionalPropertyTypes need no undefined, and may not pass one', () => {
    const exact = compile(
      [
        { name: 'exact', statements: EXACT },
        { name: 'undefined', statements: "new CaracalStack(app, 'a', { ...base, instance: undefined });" },
      ],
      { exactOptionalPropertyTypes: true },
    );
    expect(exact.get('exact')).toEqual([]);
    expect(exact.get('undefined')?.join('\n')).toContain('exactOptionalPropertyTypes');
  });
});
