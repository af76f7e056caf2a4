import { Testing } from 'cdk8s';
import {
  Peer,
  PlatformStack,
  Port,
  Postgres,
  Redis,
  SecretSource,
  type IPostgres,
  type IRedis,
  type ISecrets,
} from '../../src';
import {
  Api,
  Audit,
  AuthMigration,
  CaracalRelease,
  Coordinator,
  Gateway,
  Migration,
  ReplayPersistence,
  SignIn,
  Sts,
  Web,
} from '../../src/caracal';
import { contextOf } from '../../src/workload/context';
import { clusterWith, manifestOf, POSTGRES } from './fixture';

interface Collaborators {
  readonly release: CaracalRelease;
  readonly secrets: ISecrets;
  readonly postgres: IPostgres;
  readonly redis: IRedis;
}

/** A stack of the user's own, with the collaborators that components take as interfaces. */
function platform(): { readonly stack: PlatformStack; readonly shared: Collaborators } {
  const stack = new PlatformStack(Testing.app(), 'own', {
    profile: 'production',
    namespace: 'own',
    cluster: clusterWith(),
    product: 'caracal',
    instance: 'edge',
  });
  const release = CaracalRelease.fromManifest(manifestOf());
  const secretName = 'edge-runtime';
  const shared: Collaborators = {
    release,
    secrets: { secretName, keys: [], revision: undefined },
    postgres: Postgres.external(POSTGRES).bind(stack, {
      image: release.image('postgres'),
      secretName,
      passwordKey: 'p',
      user: 'caracal',
    }),
    redis: Redis.external({ host: 'redis.example.internal', peer: Peer.cidr('10.20.1.0/24') }).bind(stack, {
      image: release.image('redis'),
      secretName,
      passwordKey: 'r',
    }),
  };
  return { stack, shared };
}

const STS = {
  issuer: 'https://sts.example.com',
  control: false,
  replay: ReplayPersistence.persistent(),
  providers: [{ peer: Peer.internet(), port: Port.tcp(443) }],
} as const;

describe("components inside a stack of the user's own", () => {
  it('the STS alone is a service with its policy, and declares whom it calls', () => {
    const { stack, shared } = platform();
    const sts = new Sts(stack, 'sts', { ...shared, ...STS });
    const kinds = (Testing.synth(stack) as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'StatefulSet',
        'Service',
        'NetworkPolicy',
        'PodDisruptionBudget',
        'HorizontalPodAutoscaler',
        'ServiceMonitor',
        'ServiceAccount',
      ]),
    );
    expect(sts.url).toBe('http://edge-sts:8080');
    expect(flowsFrom(stack, 'edge-sts')).toEqual([
      '10.20.0.0/24 TCP/5432',
      '10.20.1.0/24 TCP/6379',
      'pods k8s-app=kube-dns in namespace kube-system UDP/53,TCP/53',
      'the internet TCP/443',
    ]);
  });

  it('a gateway beside it gets its address, and both sides of their flow', () => {
    const { stack, shared } = platform();
    const sts = new Sts(stack, 'sts', { ...shared, ...STS });
    const gateway = new Gateway(stack, 'gateway', { ...shared, sts, replay: STS.replay, behindProxy: false });
    expect(gateway.spec.env.STS_URL).toBe('http://edge-sts:8080');
    expect(flowsFrom(stack, 'edge-gateway')).toContain('edge-sts TCP/8080');
    expect(JSON.stringify(sts.connections.toPolicySpec().ingress)).toContain('"app.kubernetes.io/component":"gateway"');
  });

  it('a collaborator of another stack in the cluster is taken as an interface: both sides are emitted', () => {
    const { stack, shared } = platform();
    const far = new PlatformStack(stack.node.root as never, 'far', {
      profile: 'production',
      namespace: 'far',
      cluster: clusterWith(),
      product: 'caracal',
    });
    const sts = new Sts(far, 'sts', { ...shared, ...STS });
    new Coordinator(stack, 'coordinator', { ...shared, sts, issuer: STS.issuer });
    expect(flowsFrom(stack, 'edge-coordinator')).toContain('caracal-sts TCP/8080');
    expect(JSON.stringify(sts.connections.toPolicySpec().ingress)).toContain('"kubernetes.io/metadata.name":"own"');
  });

  it('all eight stand side by side, and only what they declare is open', () => {
    const { stack, shared } = platform();
    const sts = new Sts(stack, 'sts', { ...shared, ...STS });
    const gateway = new Gateway(stack, 'gateway', { ...shared, sts, replay: STS.replay, behindProxy: false });
    new Audit(stack, 'audit', shared);
    const coordinator = new Coordinator(stack, 'coordinator', { ...shared, sts, issuer: STS.issuer });
    const api = new Api(stack, 'api', {
      ...shared,
      sts,
      gateway,
      coordinator,
      issuer: STS.issuer,
      providers: [],
      control: false,
      behindProxy: false,
    });
    new Web(stack, 'web', {
      ...shared,
      api,
      coordinator,
      sts,
      origin: 'https://c.example.com',
      signIn: [SignIn.github({ secret: { name: 'github' } })],
      behindProxy: false,
      secureCookies: true,
      control: false,
    });
    new Migration(stack, 'migrate', shared);
    new AuthMigration(stack, 'auth-migrate', shared);
    expect(stack.findings().filter(({ level }) => level === 'error')).toEqual([]);
    const policies = (Testing.synth(stack) as { kind: string }[]).filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies).toHaveLength(9); // one each, and the default deny
    expect(flowsFrom(stack, 'edge-web')).not.toContain('edge-sts TCP/8080');
    expect(flowsFrom(stack, 'edge-api')).not.toContain('edge-gateway TCP/8081');
  });

  it('a component outside of any stack is refused with the way to make it right', () => {
    const { shared } = platform();
    expect(() => new Sts(Testing.chart(), 'sts', { ...shared, ...STS })).toThrow('stack/missing');
  });

  it("secrets of a source can be provided by the user's stack, as CaracalStack does", () => {
    const { stack } = platform();
    const provided = SecretSource.existing({ name: 'mine' }).provide(stack, {
      name: 'edge-runtime',
      namespace: contextOf(stack).namespaceName,
      labels: {},
      keys: [],
    });
    expect(provided.secretName).toBe('mine');
  });
});

/** Whom a component calls, as the list of flows tells it. */
function flowsFrom(stack: PlatformStack, name: string): string[] {
  return stack
    .flows()
    .filter(({ from }) => from === name)
    .map(({ to, ports }) => `${to} ${ports.map(String).join(',')}`)
    .sort();
}
