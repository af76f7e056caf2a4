import { Exposure, Peer, Port } from '../../src';
import { type CaracalStackProps, ReplayPersistence } from '../../src/caracal';
import { findingsWith, openErrorIds } from '../support/findings';
import { assertEveryPropertyHasEffect, resolved, walkEffects } from '../support/effect';
import { CARACAL_WALK, observed } from './effect-samples';
import { caracal, devProps, publishedProps } from './fixture';

jest.setTimeout(300_000);

describe('every property of a platform changes objects, findings, flows or the budget', () => {
  it.each(Object.keys(CARACAL_WALK.samples))('the sample "%s" is accepted', (name) => {
    const stack = caracal(resolved(CARACAL_WALK.samples[name]) as CaracalStackProps);
    expect(openErrorIds(stack)).toEqual([]);
  });

  it('each of them, at every depth, also those that were added today', () => {
    assertEveryPropertyHasEffect(CARACAL_WALK);
  });

  type Props = CaracalStackProps & Record<string, unknown>;
  const drop =
    (group: string, key: string) =>
    (props: Props): Props =>
      ({ ...props, [group]: { ...(props[group] as object), [key]: undefined } }) as Props;

  // What a stack that forgets to pass a property on would do.
  it.each<[string, (props: Props) => Props]>([
    ['limits.auditRetentionDays', drop('limits', 'auditRetentionDays')],
    ['limits.privateEgressHosts', drop('limits', 'privateEgressHosts')],
    ['limits.gatewayUpstreamHosts', drop('limits', 'gatewayUpstreamHosts')],
    ['limits.policyPollSeconds', drop('limits', 'policyPollSeconds')],
    ['limits.apiRequestsPerMinute', drop('limits', 'apiRequestsPerMinute')],
    ['limits.mintsPerMinute', drop('limits', 'mintsPerMinute')],
    ['auditExport.region', drop('auditExport', 'region')],
    [
      'replayPersistence.storageClass',
      (props) => ({ ...props, replayPersistence: ReplayPersistence.persistent({ size: '7Gi' }) }) as Props,
    ],
  ])('negative control: a stack that drops %s is found', (path, forget) => {
    const { production } = CARACAL_WALK.samples;
    const walk = {
      ...CARACAL_WALK,
      samples: { production: production ?? {} },
      only: [path],
    };
    expect(walkEffects(walk).withoutEffect).toEqual([]);
    const forgetful = { ...walk, observe: (props: never) => observed(caracal(forget(props))) };
    expect(walkEffects(forgetful).withoutEffect).toEqual([path]);
  });

  it('negative control: a property without a sample is found', () => {
    const { withoutSample } = walkEffects({
      ...CARACAL_WALK,
      samples: { production: publishedProps() as never },
      only: [],
    });
    expect(withoutSample).toEqual(expect.arrayContaining(['caracal.limits', 'caracal.sts', 'caracal.trust']));
  });
});

describe('what has no effect says so', () => {
  const silent = (props: CaracalStackProps): string[] =>
    findingsWith(caracal(props), 'caracal/no-effect').map(({ path, level }) => `${level} ${path}`);

  it.each<[string, CaracalStackProps, string[]]>([
    [
      'paths and public origins, with nothing exposed',
      publishedProps({ exposure: Exposure.none() }),
      ['gatewayPaths', 'origins.console', 'origins.sts', 'origins.gateway'],
    ],
    [
      'paths of a gateway without a public origin',
      publishedProps({ origins: { console: 'https://c.example.com', sts: 'https://s.example.com' } }),
      ['gatewayPaths'],
    ],
    [
      'hosts in private networks that the network keeps closed',
      publishedProps({ limits: { privateEgressHosts: ['idp.example.internal'] } }),
      ['limits.privateEgressHosts'],
    ],
    [
      'thresholds and an exporter without monitoring',
      devProps({ monitoring: { thresholds: { auditDlqSize: 2 }, redisExporter: { namespace: 'data', job: 'redis' } } }),
      ['monitoring.thresholds', 'monitoring.redisExporter'],
    ],
    ['operators, where nobody can sign in', devProps({ operators: ['@example.com'] }), ['operators']],
    [
      'the way to an issuer that is inside of the cluster',
      devProps({ egress: { issuer: { peer: Peer.cidr('10.1.0.0/16'), port: Port.tcp(443) } } }),
      ['egress.issuer'],
    ],
  ])('%s', (_what, props, paths) => {
    expect(silent(props)).toEqual(paths.map((path) => `warning caracal.${path}`));
  });

  it.each<[string, CaracalStackProps]>([
    ['a platform without such properties', publishedProps()],
    ['a laptop', devProps()],
    ['a proxy of the user', publishedProps({ exposure: Exposure.external({ proxy: Peer.namespace('envoy') }) })],
    [
      'hosts in private networks that the network opens',
      publishedProps({
        limits: { privateEgressHosts: ['idp.example.internal'] },
        egress: { sts: [{ peer: Peer.cidr('10.40.0.0/16'), port: Port.tcp(443) }] },
      }),
    ],
    ['thresholds with monitoring', publishedProps({ monitoring: { thresholds: { auditDlqSize: 2 } } })],
  ])('negative control: nothing is said about %s', (_what, props) => {
    expect(silent(props)).toEqual([]);
  });
});
