import * as pulumi from '@pulumi/pulumi';
import { Deferred, Peer, Port, Scaling } from '../../src';
import type { CaracalStackProps } from '../../src/caracal';
import { refusal } from '../support/findings';
import { caracal, devProps, emit, publishedProps } from './fixture';

/** Every property that JavaScript can put something else into, each with something that is accepted. */
function everything(): Record<string, unknown> {
  const target = (): object => ({ peer: Peer.cidr('10.0.0.0/8'), port: Port.tcp(443) });
  return {
    instance: 'caracal',
    namespace: { name: 'caracal', create: true },
    pods: {
      pullSecrets: ['registry'],
      priorityClassName: 'high',
      tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
      nodeSelector: { pool: 'apps' },
      labels: { team: 'identity' },
      annotations: { note: 'text' },
      env: { TZ: 'UTC' },
    },
    clients: [Peer.namespace('agents')],
    egress: { sts: [target()], api: [target()], gateway: [target()], issuer: target() },
    control: true,
    rotation: { encryptionKey: true },
    administration: { sts: true },
    limits: { mintsPerMinute: 1000, privateEgressHosts: ['idp.example.internal'], connectionsPerPod: { api: 20 } },
    auditExport: {
      bucket: 'evidence',
      region: 'eu-central-1',
      endpoint: 'https://s3.example.com',
      targets: [target()],
    },
    gatewayPaths: ['/mcp'],
    monitoring: { enabled: true, thresholds: { auditDlqSize: 1 }, redisExporter: { namespace: 'data', job: 'redis' } },
    operators: { active: ['@example.com'], locked: ['a@example.com'] },
    origins: {
      console: 'https://c.example.com',
      sts: 'https://s.example.com',
      gateway: 'https://g.example.com',
      api: 'https://a.example.com',
    },
    sts: {
      logLevel: 'warn',
      resources: { cpu: '1', memory: '2Gi' },
      env: { TZ: 'UTC' },
      volumes: [{ volume: { name: 'extra', emptyDir: {} }, mountPath: '/extra', readOnly: true }],
      podLabels: { team: 'identity' },
      podAnnotations: { note: 'text' },
      nodeSelector: { pool: 'apps' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      priorityClassName: 'high',
      serviceAccount: { name: 'caracal' },
      scaling: Scaling.fixed(2),
    },
    migration: { rerun: '2', env: { TZ: 'UTC' }, resources: { cpu: '100m' } },
    authMigration: { env: { TZ: 'UTC' } },
  };
}

type Path = readonly string[];

/** Properties of type `Value`, as the types say; everything else needs the value now. */
const VALUES = [
  'pods.env.TZ',
  'auditExport.bucket',
  'auditExport.endpoint',
  'origins.console',
  'origins.sts',
  'origins.gateway',
  'origins.api',
  'sts.env.TZ',
  'migration.env.TZ',
  'authMigration.env.TZ',
];

const isPlain = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);

/** Paths of every property, group and entry of a list. */
function paths(value: unknown, path: Path = []): Path[] {
  const below = isPlain(value) ? Object.keys(value).flatMap((key) => paths(value[key], [...path, key])) : [];
  return path.length === 0 ? below : [path, ...below];
}

/** The properties with something else in one place. */
function replaced(path: Path, value: unknown): CaracalStackProps {
  const props = everything();
  const holder = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, props);
  holder[path.at(-1) ?? ''] = value;
  return publishedProps(props);
}

/** A path as findings have it: `egress.sts[0].port`. */
const written = (path: Path): string => path.join('.').replace(/\.(\d+)/g, '[$1]');

const PATHS = paths(everything()).map((path): [string, Path] => [written(path), path]);
const text = `a ${pulumi.output('b') as unknown as string}`;

const found = (path: Path, value: unknown): [string, string][] =>
  refusal(() => emit(replaced(path, value))).map(({ id, path: where }) => [where, id]);

test('the properties that are walked are accepted as they are, and there are many of them', () => {
  expect(() => emit(publishedProps(everything()))).not.toThrow();
  expect(PATHS.length).toBeGreaterThan(80);
  expect(PATHS.map(([name]) => name)).toEqual(expect.arrayContaining(VALUES));
});

describe('a value that is known only at deployment', () => {
  test.each(PATHS.filter(([name]) => !VALUES.includes(name)))(
    'in %s is one finding, with the property and what to do: the types refuse it, JavaScript does not',
    (name, path) => {
      const findings = refusal(() => emit(replaced(path, Deferred.create())));
      expect(findings).toEqual([
        expect.objectContaining({
          id: 'core/value-not-allowed',
          path: `caracal.${name}`,
          fix: expect.stringContaining('give the value itself') as string,
        }),
      ]);
      expect(JSON.stringify(findings)).not.toContain('cdk8s_selfhosted_value');
    },
  );

  test.each(PATHS.filter(([name]) => VALUES.includes(name)))('in %s is accepted, and named by it', (name, path) => {
    const value = Deferred.create();
    expect(() => emit(replaced(path, value))).not.toThrow();
    expect(value.source).toBe(name);
  });

  test('under a misspelt name is a misspelt name: another place for the value would be the wrong advice', () => {
    expect(found(['origin'], { sts: Deferred.create() })).toEqual([['caracal.origin', 'core/unknown-property']]);
    expect(found(['egress', 'stss'], Deferred.create())).toEqual([['caracal.egress.stss', 'core/unknown-property']]);
  });

  test('in the place of all properties is a report', () => {
    expect(refusal(() => caracal(Deferred.create() as never)).map(({ id }) => id)).toEqual(['core/value-not-allowed']);
  });

  test('in dev too', () => {
    const props = devProps({ instance: Deferred.create(), namespace: Deferred.create() });
    expect(refusal(() => caracal(props)).map(({ path }) => path)).toEqual(['caracal.namespace', 'caracal.instance']);
  });
});

describe('an Output', () => {
  test.each(PATHS)(
    'in %s is refused there, as it is, inside of text, and together with a text that holds a value',
    (name, path) => {
      expect(found(path, pulumi.output('a'))).toEqual([[`caracal.${name}`, 'core/output-in-property']]);
      expect(found(path, text)).toEqual([[`caracal.${name}`, 'core/output-in-text']]);
      expect(found(path, `a ${String(Deferred.create())}`)).toEqual([[`caracal.${name}`, 'core/value-in-text']]);
    },
  );

  test('in the place of all properties is a report', () => {
    expect(refusal(() => caracal(pulumi.output({}) as never))).toEqual([
      expect.objectContaining({ id: 'core/output-in-property', path: 'caracal' }),
    ]);
  });

  test('several are told in one report, with the misspelt property beside them', () => {
    const props = publishedProps({
      instance: pulumi.output('a'),
      namespace: text,
      origin: {},
      sts: { env: { TZ: text } },
    });
    expect(refusal(() => caracal(props)).map(({ id, path }) => [path, id])).toEqual([
      ['caracal.origin', 'core/unknown-property'],
      ['caracal.namespace', 'core/output-in-text'],
      ['caracal.instance', 'core/output-in-property'],
      ['caracal.sts.env.TZ', 'core/output-in-text'],
    ]);
  });

  test('given to addEnv is an error of the stack, and so is text with one', () => {
    const stack = caracal(publishedProps());
    stack.sts.addEnv('TZ', pulumi.output('UTC') as never);
    stack.api.addEnv('TZ', text);
    expect(
      stack
        .findings()
        .filter(({ id }) => id.startsWith('core/'))
        .map(({ id, path }) => [path, id]),
    ).toEqual([
      ['caracal/sts.addEnv.TZ', 'core/output-in-property'],
      ['caracal/api.addEnv.TZ', 'core/output-in-text'],
    ]);
  });
});
