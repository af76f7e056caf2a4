import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { SelfHosted } from 'cdk8s-selfhosted/pulumi';
import { NAMESPACE, platform } from './platform';
import { Servers } from './servers';

const config = new pulumi.Config();
const servers = new Servers('servers', config.require('databaseHost'));

// Kept by `pulumi destroy`: volumes with unsent audit events go with their namespace.
const namespace = new k8s.core.v1.Namespace(
  'namespace',
  { metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
  { retainOnDelete: true },
);

// From the configuration, encrypted there and in the state; the console mounts it as files.
const oauth = new k8s.core.v1.Secret('github-oauth', {
  metadata: { name: 'github-oauth', namespace: namespace.metadata.name },
  stringData: {
    clientId: config.require('githubClientId'),
    clientSecret: config.requireSecret('githubClientSecret'),
  },
});

// `value` makes an Output something that properties take; an address that is none is refused before pods exist.
const caracal = new SelfHosted(
  'caracal',
  ({ app, value }) => platform(app, { databaseHost: value(servers.databaseHost), redisHost: value(servers.redisHost) }),
  { dependsOn: [namespace, oauth] },
);

export const gateway = caracal.services.gateway;
// What the store must hold before pods can start.
export const storeEntries = caracal.stack
  .secretChecklist()
  .flatMap(({ location }) => (location.kind === 'store' ? [location.entry] : []));
