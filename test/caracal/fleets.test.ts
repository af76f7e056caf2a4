import { App } from 'cdk8s';
import { Peer, Port, Postgres, Redis, SecretSource } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { refusedIds } from '../support/findings';
import { clusterWith, devProps, POSTGRES, publishedProps } from './fixture';

const OTHER_SERVER = Postgres.external({ ...POSTGRES, host: 'pg-2.example.internal' });

/** Everything that two installations of one cluster may not share. */
const APART = {
  postgres: OTHER_SERVER,
  redis: Redis.external({ host: 'redis-2.example.internal', peer: POSTGRES.peer }),
  origins: { console: 'https://c2.example.com', sts: 'https://s2.example.com', gateway: 'https://g2.example.com' },
};

/** Two platforms in one app, and the report of its synthesis; empty where both are emitted. */
function fleet(second: object, first: object = {}): string {
  const app = new App();
  new CaracalStack(app, 'first', publishedProps(first));
  new CaracalStack(app, 'second', publishedProps(second));
  try {
    app.synthYaml();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('two platforms in one app', () => {
  it.each([
    ['another cluster, all else the same', { cluster: clusterWith({ name: 'us-1' }) }],
    ['another namespace, servers and hosts', { ...APART, namespace: 'other' }],
    ['another instance, servers and hosts in one namespace', { ...APART, instance: 'second' }],
    [
      'another port of the same host, which is another server',
      { ...APART, namespace: 'other', postgres: Postgres.external({ ...POSTGRES, port: 5433 }) },
    ],
  ])('%s: both are emitted', (_name, second) => {
    expect(fleet(second)).toBe('');
  });

  it.each([
    ['the same installation', {}, 'stack/duplicate-instance'],
    [
      'one Redis database',
      { ...APART, namespace: 'other', redis: Redis.external({ host: 'redis.example.internal', peer: POSTGRES.peer }) },
      'stack/shared-resource',
    ],
    [
      'one public host, by which tokens of both would have one issuer',
      { ...APART, namespace: 'other', origins: { ...APART.origins, sts: 'https://sts.example.com' } },
      'stack/shared-resource',
    ],
    ['the same installation beside another server', { postgres: OTHER_SERVER }, 'stack/duplicate-instance'],
    ['one database server for two namespaces', { namespace: 'other' }, 'stack/shared-resource'],
    ['one database server for two instances', { instance: 'second' }, 'stack/shared-resource'],
  ])('%s: refused, with both paths', (_name, second, id) => {
    const report = fleet(second);
    expect(report).toContain(id);
    expect(report).toContain('first');
    expect(report).toContain('second');
    expect(report).toContain('Fix: ');
  });

  it('clashing objects are refused where only the names agree', () => {
    const app = new App();
    new CaracalStack(
      app,
      'first',
      devProps({
        instance: 'a',
        secrets: SecretSource.existing({ name: 'x' }),
        namespace: { name: 'shared', create: true },
      }),
    );
    new CaracalStack(
      app,
      'second',
      devProps({
        instance: 'b',
        secrets: SecretSource.existing({ name: 'x' }),
        namespace: { name: 'shared', create: true },
      }),
    );
    expect(() => app.synthYaml()).toThrow('stack/duplicate-object');
  });

  it('in dev each has servers of its own, so one cluster holds many', () => {
    const app = new App();
    for (const name of ['ann', 'ben', 'cy']) {
      new CaracalStack(app, name, devProps({ namespace: name }));
    }
    expect(app.synthYaml().match(/kind: StatefulSet/g)?.length).toBeGreaterThanOrEqual(12);
  });

  it('a component is a peer of another platform in its cluster, with rules on both sides; in another cluster it is not', () => {
    const app = new App();
    const first = new CaracalStack(app, 'first', publishedProps());
    const near = new CaracalStack(app, 'near', publishedProps({ ...APART, namespace: 'other' }));
    const far = new CaracalStack(app, 'far', publishedProps({ cluster: clusterWith({ name: 'us-1' }) }));
    first.gateway.connections.allowTo(near.sts, { reason: 'federation' });
    const rules = JSON.stringify([first.gateway, near.sts].map(({ connections }) => connections.toPolicySpec()));
    expect(rules.match(/"kubernetes.io\/metadata.name":"(other|caracal)"/g)?.sort()).toEqual([
      '"kubernetes.io/metadata.name":"caracal"',
      '"kubernetes.io/metadata.name":"other"',
    ]);
    expect(refusedIds(() => first.gateway.connections.allowTo(far.sts, { reason: 'federation' }))).toEqual([
      'network/other-cluster',
    ]);
    expect(() =>
      first.gateway.connections.allowTo(Peer.cidr('10.9.0.0/16'), { port: Port.tcp(443), reason: 'far' }),
    ).not.toThrow();
  });
});
