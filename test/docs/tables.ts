import { App } from 'cdk8s';
import { stringify } from 'yaml';
import { platform as production } from '../../examples/caracal-production/main';
import { platform as quickstart } from '../../examples/caracal-quickstart/main';
import { platform as rc } from '../../examples/caracal-rc/main';
import { platform as pulumi } from '../../examples/pulumi-caracal/platform';
import { baseRules, Peer, PROFILE_TABLE } from '../../src';
import { CARACAL_EDGES, type CaracalStack, SecretBackend, SignIn } from '../../src/caracal';
import { caracalAlerts, DEFAULT_ALERT_THRESHOLDS } from '../../src/caracal/alerts';
import { CARACAL_HABITS, SERVICE_HABITS } from '../../src/caracal/habits';
import { caracalRules } from '../../src/caracal/rules';
import { issuedKeys, type SecretFeatures, secretRegistry } from '../../src/caracal/secrets';
import { code as printed } from '../../src/core/code';
import type { Habit } from '../../src/core/habits';
import { PODS_HABITS, STACK_HABITS } from '../../src/stack/habits';
import { OPTION_HABITS, RESOURCE_HABITS } from '../../src/workload/habits';
import { CONTENT_HABITS, PROBE_HABITS, SPEC_HABITS, VOLUME_HABITS } from '../../src/workload/spec-habits';
import type { Component } from '../../src/workload/component';
import { FORMAT_DESCRIPTIONS } from '../../src/secrets/format';
import { remoteName } from '../../src/secrets/secret-key';
import { EXCEPTIONS, OPTIONAL_CHECKS, OPTIONS } from '../scanners/policy';
import { type Blocks, code, table } from './blocks';

/** What the tests and the pages read of an emitted object. */
interface Emitted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly data?: readonly { readonly secretKey: string; readonly remoteRef: { readonly key: string } }[];
  };
}

/** Everything that pages say and code knows better. */
export function buildBlocks(): Blocks {
  const stacks = {
    production: production(new App()),
    rc: rc(new App()),
    quickstart: quickstart(new App()),
    pulumi: pulumi(new App(), { databaseHost: 'pg.example.internal', redisHost: 'redis.example.internal' }),
  };
  const objects = stacks.production.toJson() as Emitted[];
  return new Map([
    ['profiles', profiles()],
    ['flows', flows()],
    ['habits', habits()],
    ['rules', rules(stacks.quickstart)],
    ['alerts', alerts()],
    ['alert-first-steps', firstSteps()],
    ['secret-keys', secretKeys()],
    ['components', components(stacks.production)],
    ['connection-budget', connectionBudget(stacks.production, stacks.rc)],
    ['objects', objectsByKind(objects)],
    ['audit-policy', policy(objects, 'caracal-audit')],
    ['store-entries', storeEntries(objects)],
    ['pulumi-store-entries', storeEntries(stacks.pulumi.toJson() as Emitted[])],
    ['rc-checklist', checklist(stacks.rc)],
    ['production-findings', findings(stacks.production)],
    ['rc-findings', findings(stacks.rc)],
    ['quickstart-findings', findings(stacks.quickstart)],
    ['quickstart-objects', objectsByKind(stacks.quickstart.toJson() as Emitted[])],
    ['scanner-exceptions', scannerExceptions()],
    ['scanner-optional-checks', scannerOptionalChecks()],
    ['scanner-command', scannerCommand()],
  ]);
}

function profiles(): string {
  const word = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value));
  return table(
    ['setting', 'production', 'rc', 'dev', 'why'],
    Object.entries(PROFILE_TABLE).map(([setting, row]) => [
      code(setting),
      word(row.production),
      word(row.rc),
      word(row.dev),
      row.reason,
    ]),
  );
}

function flows(): string {
  return table(
    ['from', 'to', 'what for', 'when'],
    CARACAL_EDGES.map(({ from, to, reason, when }) => [from, to, reason, when]),
  );
}

function rules(stack: CaracalStack): string {
  // Where a rule comes from is for those who have the product's contract.
  const withoutSource = (text: string): string => text.replaceAll(/ \(caracal[^)]*\)/g, '');
  return table(
    ['id', 'level', 'can be acknowledged', 'why it matters', 'how to fix it'],
    [...baseRules(), ...caracalRules(stack, {} as never)]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, level, acknowledgeable, why, fix }) => [
        code(id),
        level,
        acknowledgeable ? 'yes' : 'no',
        withoutSource(why),
        withoutSource(fix),
      ]),
  );
}

/** Names that users of other tools try, with what they are told. */
function habits(): string {
  const places: [string, readonly Habit[]][] = [
    ['the stack', [...CARACAL_HABITS, ...STACK_HABITS]],
    ['a component or Job', [...SERVICE_HABITS, ...OPTION_HABITS]],
    ['`resources`', RESOURCE_HABITS],
    ['`pods`', PODS_HABITS],
    ['the spec of a `Component`', SPEC_HABITS.filter((habit) => !CONTENT_HABITS.includes(habit))],
    ['the spec of a `Component` or Job', CONTENT_HABITS],
    ['a probe of a spec', PROBE_HABITS],
    ['files, scratch space and storage of a spec', VOLUME_HABITS],
  ];
  return table(
    ['place', 'what is written', 'known from', 'what to do'],
    places.flatMap(([place, all]) =>
      all.map(({ names, from, example, fix }) => [
        place,
        names.map((name, index) => code(index === 0 ? `${name}: ${printed(example)}` : name)).join(', '),
        from,
        fix(example),
      ]),
    ),
  );
}

const everyAlert = (change = {}): ReturnType<typeof caracalAlerts> =>
  caracalAlerts(
    {
      namespace: 'caracal',
      job: (component) => `caracal-${component}`,
      podPrefix: 'caracal-',
      components: ['sts', 'gateway', 'audit', 'api', 'coordinator'],
      workloads: (['sts', 'gateway', 'audit', 'api', 'coordinator', 'web'] as const).map((component) => ({
        component,
        kind: component === 'sts' || component === 'gateway' ? 'StatefulSet' : 'Deployment',
        name: `caracal-${component}`,
        minimum: 2,
        maximum: 8,
      })),
      replayPersistence: true,
      redisExporter: { namespace: 'redis', job: 'redis-exporter' },
    },
    change,
  );

function alerts(): string {
  const normal = everyAlert();
  // Which threshold belongs to which alert shows when it is changed; no metric excludes one half.
  const moved = Object.entries(DEFAULT_ALERT_THRESHOLDS).map(([name, standard]) => ({
    text: `${code(name)} ${String(standard)}`,
    alerts: everyAlert({ [name]: 0.5 }).filter(({ expr }, index) => expr !== normal[index]?.expr),
  }));
  return table(
    ['alert', 'severity', 'after', 'about', 'what happened', 'threshold and default'],
    normal.map((alert) => [
      `[${alert.alert}](#${alert.alert.toLowerCase()})`,
      alert.severity,
      alert.for,
      alert.component,
      alert.summary,
      moved
        .filter(({ alerts: changed }) => changed.some((each) => each.alert === alert.alert))
        .map(({ text }) => text)
        .join(', '),
    ]),
  );
}

function firstSteps(): string {
  return everyAlert()
    .map(
      ({ alert, description }) =>
        `### ${alert}\n\n${description.replaceAll(/\{\{ \$(?:labels\.)?(\w+)[^}]*\}\}/g, '`$1`')}`,
    )
    .join('\n\n');
}

const NO_FEATURES: SecretFeatures = {
  kekRotation: false,
  idempotencyRotation: false,
  stsAdmin: false,
  auditAdmin: false,
  gatewayReload: false,
};

/** The property that switches a feature on. */
const FEATURE_PROPS: Readonly<Record<keyof SecretFeatures, string>> = {
  kekRotation: 'rotation.encryptionKey',
  idempotencyRotation: 'rotation.idempotencyKey',
  stsAdmin: 'administration.sts',
  auditAdmin: 'administration.audit',
  gatewayReload: 'administration.gatewayReload',
};

const PEER = Peer.cidr('10.0.0.0/24');
const METHODS = [SignIn.github(), SignIn.google(), SignIn.smtp({ from: 'a@example.com', peer: PEER })];
const BACKENDS = [
  SecretBackend.vault({ address: 'https://a.example.com', peer: PEER }),
  SecretBackend.infisical({ projectId: 'a' }),
  SecretBackend.azureKeyVault({ vaultUrl: 'https://a.vault.azure.net', application: { tenantId: 'a', clientId: 'b' } }),
  SecretBackend.custom({ address: 'https://a.example.com', peer: PEER }),
];

function secretKeys(): string {
  const registry = (features: SecretFeatures) =>
    secretRegistry(
      { host: '<host>', port: 5432, tls: 'verify-full' },
      { host: '<host>', port: 6379, tls: true, database: 0 },
      features,
      BACKENDS.flatMap((secretBackend, index) => issuedKeys({ signIn: index === 0 ? METHODS : [], secretBackend })),
    );
  const always = new Map(registry(NO_FEATURES).map((key) => [key.key, key]));
  const byFeature = (Object.keys(FEATURE_PROPS) as (keyof SecretFeatures)[]).map((feature) => ({
    prop: FEATURE_PROPS[feature],
    keys: new Map(registry({ ...NO_FEATURES, [feature]: true }).map((key) => [key.key, key])),
  }));
  const all = registry({
    kekRotation: true,
    idempotencyRotation: true,
    stsAdmin: true,
    auditAdmin: true,
    gatewayReload: true,
  });
  return table(
    ['key', 'entry in a store', 'form', 'what for', 'read by', 'when'],
    all.map((key) => {
      const features = byFeature
        .filter(({ keys }) => keys.has(key.key) && !always.has(key.key))
        .map(({ prop }) => code(prop));
      const readers = key.consumers.map((consumer) => {
        if (!always.has(key.key) || always.get(key.key)?.consumers.includes(consumer) === true) return consumer;
        const only = byFeature.find(({ keys }) => keys.get(key.key)?.consumers.includes(consumer))?.prop ?? '';
        return `${consumer} (with ${code(only)})`;
      });
      return [
        code(key.key),
        key.composed === undefined ? code(remoteName(key)) : 'none: composed in the cluster',
        FORMAT_DESCRIPTIONS[key.format],
        key.description.replace(/\b(postgres|rediss?):\/\/.*$/, (url) => code(url)),
        readers.join(', '),
        key.issuedElsewhere === true
          ? `with that ${key.consumers.includes('web') ? 'sign-in' : 'backend'}, unless it names a Secret of its own`
          : features.join(', ') || 'always',
      ];
    }),
  );
}

function services({ sts, gateway, audit, coordinator, api, web }: CaracalStack): Component[] {
  return [sts, gateway, audit, coordinator, api, web];
}

function components(stack: CaracalStack): string {
  return table(
    [
      'component',
      'kind',
      'port',
      'replicas',
      'CPU request, limit',
      'memory request, limit',
      'grace period',
      'volume of each replica',
    ],
    services(stack).map((component) => {
      const { spec, scaling } = component;
      const { cpu, cpuLimit = 'none', memory, memoryLimit } = spec.resources;
      return [
        spec.component,
        spec.kind,
        String(component.portNumber),
        `${scaling.min} to ${scaling.max}`,
        `${cpu}, ${cpuLimit}`,
        `${memory}, ${memoryLimit}`,
        `${component.terminationGracePeriodSeconds} s`,
        spec.storage?.map(({ size, mountPath }) => `${size} at ${code(mountPath)}`).join(', ') ?? 'none',
      ];
    }),
  );
}

function connectionBudget(...stacks: readonly CaracalStack[]): string {
  const parts: readonly [string, (stack: CaracalStack) => number][] = [
    ['pods at their maximum, 20 each', (stack) => stack.connectionBudget().pods],
    ['one more pod per Deployment during a rollout, 20 each', (stack) => stack.connectionBudget().surge],
    ['Jobs: 1 for the migration, 20 for the one of the accounts', (stack) => stack.connectionBudget().jobs],
    ['`reservedConnections`', (stack) => stack.connectionBudget().reserved],
    ['needed', (stack) => stack.connectionBudget().needed],
    ['`maxConnections` of the example', (stack) => stack.connectionBudget().available],
  ];
  const replicas = stacks[0] === undefined ? [] : services(stacks[0]).map(({ spec }) => spec.component);
  return table(
    ['', ...stacks.map(({ profile }) => profile)],
    [
      ...replicas.map((name, index) => [
        `maximum of ${name}`,
        ...stacks.map((stack) => String(services(stack)[index]?.scaling.max)),
      ]),
      ...parts.map(([text, count]) => [text, ...stacks.map((stack) => String(count(stack)))]),
    ],
  );
}

function objectsByKind(objects: readonly Emitted[]): string {
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  return table(
    ['kind', 'number', 'names'],
    kinds.map((kind) => {
      const names = objects.filter((each) => each.kind === kind).map(({ metadata }) => code(metadata.name));
      return [kind, String(names.length), names.join(', ')];
    }),
  );
}

function policy(objects: readonly Emitted[], name: string): string {
  const found = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name);
  const { apiVersion, kind, metadata, spec } = found ?? { apiVersion: '', kind: '', metadata: { name: '' }, spec: {} };
  const shown = { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace }, spec };
  return `\`\`\`yaml\n${stringify(shown).trim()}\n\`\`\``;
}

function storeEntries(objects: readonly Emitted[]): string {
  const entries = objects.find(({ kind }) => kind === 'ExternalSecret')?.spec?.data ?? [];
  return table(
    ['entry in the store', 'key in the Secret'],
    entries.map(({ secretKey, remoteRef }) => [code(remoteRef.key), code(secretKey)]),
  );
}

function checklist(stack: CaracalStack): string {
  return table(
    ['goes into', 'form', 'what for'],
    stack
      .secretChecklist()
      .map(({ location, format, description }) => [
        location.kind === 'store' ? code(location.entry) : `${code(location.secretName)}, ${code(location.key)}`,
        format,
        description.replace(/\b(postgres|rediss?):\/\/.*$/, (url) => code(url)),
      ]),
  );
}

function findings(stack: CaracalStack): string {
  return table(
    ['finding', 'level', 'at', 'what was found', 'accepted because'],
    stack
      .findings()
      .map(({ id, level, path, message, acknowledged = 'open' }) => [
        code(id),
        level,
        code(path),
        message,
        acknowledged,
      ]),
  );
}

function scannerExceptions(): string {
  return table(
    ['check', 'what kube-score says', 'objects', 'why it is right', 'accepted only while'],
    EXCEPTIONS.map(({ check, says, kinds, component, reason, condition }) => [
      code(check),
      says.join('; '),
      `${kinds.join(', ')}${component === undefined ? '' : ` of ${code(component)}`}`,
      reason,
      condition,
    ]),
  );
}

function scannerOptionalChecks(): string {
  return table(
    ['optional check', 'used', 'why'],
    OPTIONAL_CHECKS.map(({ id, used, reason }) => [code(id), used ? 'yes' : 'no', reason]),
  );
}

function scannerCommand(): string {
  const options = [...OPTIONS, '--exit-one-on-warning', ...EXCEPTIONS.flatMap(({ check }) => ['--ignore-test', check])];
  const lines = options.join(' ').split(/ (?=--)/);
  return `\`\`\`sh\n${['kube-score score', ...lines.map((line) => `  ${line}`), '  dist/*.yaml'].join(' \\\n')}\n\`\`\``;
}
