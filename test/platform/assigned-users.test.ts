import { ApiObject } from 'cdk8s';
import { Exposure, Peer, Port, type Sidecar } from '../../src';
import type { CaracalStackProps } from '../../src/caracal';
import { restrictedProblems } from '../../src/validation/pod-security';
import { podSpecsOf } from '../../src/validation/pod-specs';
import { caracal, clusterWith, devProps, publishedProps } from '../caracal/fixture';
import { findingsWith } from '../support/findings';
import { SERVER_IMAGE, testCluster, testStack } from '../support/ledger';

const FIELDS = new Set(['runAsUser', 'runAsGroup', 'fsGroup']);

/** A container beside another, with a user of its own. */
const PROXY: Sidecar = {
  name: 'proxy',
  image: SERVER_IMAGE,
  user: { uid: 1000, gid: 1000 },
  ready: { port: Port.tcp(5432) },
};

type Json = Readonly<Record<string, unknown>>;

const cluster = (assignsPodUsers: boolean) => clusterWith({ assignsPodUsers });

/** Platforms as the examples have them: both profiles with databases outside, and dev with its own. */
const PLATFORMS: Readonly<Record<string, (assigned: boolean) => CaracalStackProps>> = {
  production: (assigned) => publishedProps({ cluster: cluster(assigned) }),
  rc: (assigned) => publishedProps({ cluster: cluster(assigned) }, 'rc'),
  'production with everything': (assigned) =>
    publishedProps({
      cluster: cluster(assigned),
      sts: { sidecars: [PROXY] },
      migration: { sidecars: [PROXY] },
      control: true,
      webDiagnostics: true,
      clients: [Peer.namespace('agents')],
      exposure: Exposure.external({ proxy: Peer.namespace('router') }),
    }),
  'dev with its databases': (assigned) => devProps({ cluster: cluster(assigned) }),
};

/** Paths of the fields that name a user, anywhere in an object. */
function namedUsers(value: unknown, path = ''): string[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        FIELDS.has(key) ? [`${path}.${key}`] : namedUsers(inner, `${path}.${key}`),
      )
    : [];
}

/** An object without these fields, and without what a hash of its content is in the name of a Job. */
function withoutUsers(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutUsers);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !FIELDS.has(key))
          .map(([key, inner]) => [
            key,
            key === 'name' && typeof inner === 'string' ? inner.replace(/-[0-9a-f]{8}$/, '-hash') : withoutUsers(inner),
          ]),
      )
    : value;
}

const objectsOf = (props: CaracalStackProps): Json[] => caracal(props).toJson() as Json[];

describe('a platform that gives pods their user', () => {
  it.each(Object.entries(PLATFORMS))('%s: no object names a user, a group or an fsGroup', (_name, props) => {
    expect(objectsOf(props(true)).flatMap((object) => namedUsers(object))).toEqual([]);
  });

  it.each(Object.entries(PLATFORMS))(
    'control: %s names them on any other cluster, in each of its pods',
    (_name, props) => {
      const objects = objectsOf(props(false));
      const pods = objects.flatMap((object) => podSpecsOf(object as never));
      expect(pods.length).toBeGreaterThan(7);
      expect(pods.filter(({ spec }) => namedUsers(spec).length < FIELDS.size)).toEqual([]);
    },
  );

  it.each(Object.entries(PLATFORMS))('%s: all else stays, files and their modes too', (_name, props) => {
    expect(objectsOf(props(true)).map(withoutUsers)).toEqual(objectsOf(props(false)).map(withoutUsers));
  });

  it.each(Object.entries(PLATFORMS))('%s: every pod is "restricted" still', (_name, props) => {
    const problems = objectsOf(props(true)).flatMap((object) =>
      podSpecsOf(object as never).flatMap(({ spec }) => restrictedProblems(spec)),
    );
    expect(problems).toEqual([]);
  });

  it('Secret files are readable by the group that the platform gives, and by nobody else', () => {
    const volumes = objectsOf(devProps({ cluster: cluster(true) })).flatMap((object) =>
      podSpecsOf(object as never).flatMap(
        ({ spec }) => (spec.volumes ?? []) as { projected?: { defaultMode: number } }[],
      ),
    );
    const modes = volumes.flatMap(({ projected }) => (projected === undefined ? [] : [projected.defaultMode]));
    expect(modes.length).toBeGreaterThan(7);
    expect(new Set(modes)).toEqual(new Set([0o440]));
  });

  it.each([
    ['of the pod', { securityContext: { runAsUser: 1000 } }, {}, true, 1],
    ['of the files', { securityContext: { fsGroup: 1000 } }, {}, true, 1],
    ['of a container', {}, { securityContext: { runAsGroup: 1000 } }, true, 1],
    ['of nobody', { securityContext: { runAsNonRoot: true } }, {}, true, 0],
    ['of the pod, on any other cluster', { securityContext: { runAsUser: 1000 } }, {}, false, 0],
  ])('an object of the user that names the user %s is found', (_what, pod, container, assignsPodUsers, count) => {
    const stack = testStack({ cluster: testCluster({ assignsPodUsers }) });
    new ApiObject(stack, 'tool', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'tool', labels: { app: 'tool' } },
      spec: { ...pod, containers: [{ name: 'tool', image: 'tool', ...container }] },
    });
    expect(findingsWith(stack, 'workload/fixed-user')).toHaveLength(count);
  });
});
