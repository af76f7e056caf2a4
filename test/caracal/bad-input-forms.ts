import { Exposure, type Memory, Peer, Port, Postgres, Tls } from '../../src';
import { ReplayPersistence, SignIn } from '../../src/caracal';
import { type BadInput, PUBLISHED, ALL } from './bad-input-case';
import { POSTGRES } from './fixture';

/** Names, labels, ports, quantities, hosts and networks. */
export const FORMS: readonly BadInput[] = [
  ...['default', '', 'Caracal', 'a.b', '-a', 'a'.repeat(64), 'a b'].map((namespace): BadInput => ({
    row: 'name-form',
    what: `the namespace ${JSON.stringify(namespace)}`,
    id: 'stack/invalid-namespace',
    path: '.namespace',
    change: () => ({ namespace }),
    profiles: ALL,
  })),
  ...['', 'Caracal', '1st', 'a_b', '-a'].map((instance): BadInput => ({
    row: 'name-form',
    what: `the instance ${JSON.stringify(instance)}`,
    id: 'stack/invalid-instance',
    path: '.instance',
    change: () => ({ instance }),
    profiles: ALL,
  })),
  // "-gateway" has 8 characters and a StatefulSet's name at most 52; "-coordinator" has 12, "-auth-migrate" and a hash 22 of 63.
  {
    row: 'name-too-long',
    what: 'an instance of 45 characters',
    id: 'workload/invalid-name',
    path: 'caracal/gateway',
    change: () => ({ instance: 'a'.repeat(45) }),
    profiles: ALL,
  },
  {
    row: 'name-too-long',
    what: 'an instance of 42 characters',
    id: 'workload/invalid-name',
    path: 'caracal/auth-migrate',
    change: () => ({ instance: 'a'.repeat(42) }),
    profiles: ALL,
  },
  ...[
    { podLabels: { 'a b': 'x' } },
    { podLabels: { a: 'x y' } },
    { podLabels: { 'app.kubernetes.io/name': 'x' } },
    { podAnnotations: { 'a/b/c': 'x' } },
    { podAnnotations: { a: 5 } },
    { nodeSelector: { a: 'x y' } },
    { tolerations: [{ key: 'a b', operator: 'Exists' }] },
  ].map((options): BadInput => ({
    row: 'label-form',
    what: JSON.stringify(options),
    id: 'workload/invalid-metadata',
    path: `caracal/sts.${Object.keys(options)[0] ?? ''}`.replace('tolerations', 'tolerations[0]'),
    change: () => ({ sts: options }),
    profiles: ALL,
  })),
  {
    row: 'label-form',
    what: 'an annotation of the Ingress',
    id: 'workload/invalid-metadata',
    path: '.exposure.annotations',
    change: () => ({
      exposure: Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('tls'), annotations: { 'a b': 'x' } }),
    }),
    profiles: PUBLISHED,
  },
  ...[0, -1, 65536, 1.5, Number.NaN].map((number): BadInput => ({
    row: 'port-range',
    what: `the port ${number}`,
    id: 'network/invalid-port',
    path: 'Port.tcp',
    run: () => Port.tcp(number),
  })),
  {
    row: 'port-range',
    what: 'the port of the database',
    id: 'data/invalid-port',
    path: 'Postgres.external.port',
    run: () => Postgres.external({ ...POSTGRES, port: 70000 }),
  },
  {
    row: 'port-range',
    what: 'the port of the mail server',
    id: 'network/invalid-port',
    path: 'Port.tcp',
    run: () => SignIn.smtp({ from: 'a@example.com', peer: Peer.namespace('mail'), port: 0 }),
  },
  ...['512m', '1.5Gi', '-1Gi', '1GB', '0Mi', ' 1Gi'].map((memory): BadInput => ({
    row: 'quantity-form',
    what: `memory ${memory}`,
    id: 'core/invalid-memory',
    path: 'sts.resources.memory',
    change: () => ({ sts: { resources: { memory: memory as Memory } } }),
    profiles: ALL,
  })),
  ...['1Gi', '0', '-1', '1e3'].map((cpu): BadInput => ({
    row: 'quantity-form',
    what: `cpu ${cpu}`,
    id: 'core/invalid-cpu',
    path: 'sts.resources.cpu',
    change: () => ({ sts: { resources: { cpu } } }),
    profiles: ALL,
  })),
  {
    row: 'quantity-form',
    what: 'a volume of 5GB',
    id: 'core/invalid-memory',
    path: 'ReplayPersistence.persistent.size',
    run: () => ReplayPersistence.persistent({ size: '5GB' as Memory }),
  },
  ...[
    '',
    'pg example',
    'https://pg.example.com',
    'pg.example.com:5432',
    '-pg',
    'a..b',
    'pg.example.com/db',
    '10.0.0.256',
  ].map((host): BadInput => ({
    row: 'host-form',
    what: `the host ${JSON.stringify(host)}`,
    id: 'data/invalid-host',
    path: 'Postgres.external.host',
    run: () => Postgres.external({ ...POSTGRES, host }),
  })),
  {
    row: 'host-form',
    what: 'a host with a scheme in limits',
    id: 'caracal/invalid-limit',
    path: '.limits.gatewayUpstreamHosts',
    change: () => ({ limits: { gatewayUpstreamHosts: ['https://a.example.com'] } }),
    profiles: ALL,
  },
  ...['10.0.0.0', '10.0.0.0/33', '10.0.0.1/8', 'fe80::/129', '10.0.0/8', ''].map((cidr): BadInput => ({
    row: 'cidr-form',
    what: `the network ${JSON.stringify(cidr)}`,
    id: 'network/invalid-cidr',
    path: '',
    run: () => Peer.cidr(cidr),
  })),
  {
    row: 'cidr-form',
    what: 'an exception outside',
    id: 'network/invalid-cidr',
    path: 'Peer.cidr',
    run: () => Peer.cidr('10.0.0.0/8', { except: ['11.0.0.0/16'] }),
  },
];

/** Switches of the vendor that do not exist here. */
export const SWITCHES: readonly BadInput[] = [
  ...(
    [
      ['w30-policy-off', 'networkPolicy', { enabled: false }],
      ['w30-evaluation', 'evaluation', true],
      ['w30-migrations-off', 'migrations', false],
      ['w30-internal-url', 'internalUrl', 'http://sts.a.svc'],
    ] as const
  ).map(([row, key, text]): BadInput => ({
    row,
    what: `the property ${key}`,
    id: 'core/unknown-property',
    path: `.${key}`,
    change: () => ({ [key]: text }),
    profiles: ALL,
  })),
  {
    row: 'w30-migrations-off',
    what: 'a migration that is false',
    id: 'core/wrong-type',
    path: '.migration',
    change: () => ({ migration: false }),
    profiles: ALL,
  },
  {
    row: 'w30-sts-port',
    what: 'a port of the STS',
    id: 'core/unknown-property',
    path: '.sts.port',
    change: () => ({ sts: { port: 9999 } }),
    profiles: ALL,
  },
];
