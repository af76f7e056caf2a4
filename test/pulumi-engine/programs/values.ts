import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Peer, Postgres, Redis, SecretSource } from 'cdk8s-selfhosted';
import { CaracalStack } from 'cdk8s-selfhosted/caracal';
import { SelfHosted } from 'cdk8s-selfhosted/pulumi';

const config = new pulumi.Config();
const name = config.require('namespace');

// Stands for the servers of a cloud: nobody knows its uid before it exists.
const servers = new k8s.core.v1.ConfigMap('servers', { metadata: { name, namespace: 'default' } });
export const databaseHost = pulumi.interpolate`pg-${servers.metadata.uid}${config.require('domain')}`;
export const redisHost = pulumi.secret(pulumi.interpolate`redis-${servers.metadata.uid}.databases.example`);

const caracal = new SelfHosted(
  'caracal',
  ({ app, value }) =>
    new CaracalStack(app, 'caracal', {
      profile: 'dev',
      namespace: { name, create: true },
      secrets: SecretSource.derivedForDev('a passphrase of this test'),
      postgres: Postgres.external({
        host: value(databaseHost),
        peer: Peer.cidr('10.20.0.0/24'),
        maxConnections: 300,
        tls: 'disable',
      }),
      redis: Redis.external({ host: value(redisHost), peer: Peer.cidr('10.20.1.0/24'), tls: false }),
    }),
);

export const gateway = caracal.services.gateway;
