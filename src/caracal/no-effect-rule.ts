import { isBranded } from '../core/brand';
import { known } from '../core/value';
import type { Peer } from '../network/peer';
import type { Rule, Violation } from '../validation/rule';
import { type CaracalSettings, issuerTargets } from './settings';
import type { EgressTarget } from './sts';

/** Properties that were given and change nothing, because another property switches off what they are about. */
export function noEffectRule(settings: CaracalSettings): Rule {
  return {
    id: 'caracal/no-effect',
    level: 'warning',
    acknowledgeable: true,
    why: 'whoever reads the program takes it for a setting that holds',
    fix: 'remove it, or give what it needs',
    check: ({ path, context: { monitored } }) =>
      [
        ...unusedExposure(settings),
        ...unusedNetwork(settings),
        ...(monitored ? [] : unusedMonitoring(settings)),
        ...(settings.operators !== undefined && settings.signIn.length === 0
          ? [
              nothing(
                'operators',
                'nobody can sign in, since there is no method',
                'add a method: signIn: [SignIn.github()], or in dev signIn: [SignIn.password()]',
              ),
            ]
          : []),
      ].map((violation) => ({ ...violation, path: `${path}.${violation.path}` })),
  };
}

function nothing(path: string, message: string, fix: string): Violation {
  return { path, message: `it has no effect: ${message}`, fix };
}

function unusedExposure({ origins, exposure, gatewayPaths }: CaracalSettings): Violation[] {
  const fix = 'use Exposure.ingress({ ... }), or Exposure.external({ proxy }) where a proxy of yours routes it';
  const paths =
    gatewayPaths === undefined
      ? []
      : origins.gateway === undefined
        ? [nothing('gatewayPaths', 'the gateway has no public origin', 'give origins.gateway, or remove the paths')]
        : exposure.isPublic
          ? []
          : [nothing('gatewayPaths', 'nothing is exposed (Exposure.none())', fix)];
  const unserved = exposure.isPublic
    ? []
    : Object.entries(origins)
        .filter(([, origin]) => origin !== undefined && known(origin)?.startsWith('http://') !== true)
        .map(([service]) => ({
          path: `origins.${service}`,
          message: 'a public origin that nothing in this stack answers for: nothing is exposed (Exposure.none())',
          fix,
        }));
  return [...paths, ...unserved];
}

function unusedNetwork(settings: CaracalSettings): Violation[] {
  const { limits = {}, egress = {} } = settings;
  const targets = [...(egress.sts ?? []), ...(egress.api ?? [])];
  return [
    ...(limits.privateEgressHosts !== undefined && limits.privateEgressHosts.length > 0 && !targets.some(isPrivate)
      ? [
          nothing(
            'limits.privateEgressHosts',
            'the network lets sts and api reach no private address',
            'open it as well: egress: { sts: [{ peer: Peer.cidr("10.40.0.0/24"), port: Port.tcp(443) }] }',
          ),
        ]
      : []),
    ...(egress.issuer !== undefined && issuerTargets(settings).length === 0
      ? [nothing('egress.issuer', 'the issuer is the STS of this stack, inside of the cluster', 'remove it')]
      : []),
  ];
}

/** Whether a target is anything but the public internet. */
function isPrivate({ peer }: EgressTarget): boolean {
  return (
    !isBranded<Peer>(peer, 'Peer') ||
    peer
      .toPolicyPeers()
      .some(({ ipBlock }) => ipBlock === undefined || ipBlock.except === undefined || !/\/0$/.test(ipBlock.cidr))
  );
}

function unusedMonitoring({ monitoring = {} }: CaracalSettings): Violation[] {
  return (['thresholds', 'redisExporter'] as const)
    .filter((key) => monitoring[key] !== undefined)
    .map((key) => nothing(`monitoring.${key}`, 'the stack is not monitored', 'set monitoring: { enabled: true }'));
}
