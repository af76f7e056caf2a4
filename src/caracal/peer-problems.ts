import { isBranded } from '../core/brand';
import { type Check, withInstead } from '../core/check';
import { check, type Checks } from '../core/checks';
import { codeOr } from '../core/habits';
import type { Finding } from '../core/errors';
import type { Peer } from '../network/peer';
import type { Port } from '../network/port';
import type { CaracalSettings } from './settings';
import type { EgressTarget } from './sts';

const PEER = check.instance('Peer');
const PORT = check.instance('Port');

/** Somebody that a flow can be declared with. */
const PEER_CHECK: Check = withInstead(peerProblem, (given) => PEER.instead?.(given));

/** Checks of somebody whom a component may call. */
const TARGET_CHECKS: Checks<EgressTarget> = {
  peer: PEER_CHECK,
  port: withInstead(portProblem, (given) => PORT.instead?.(Array.isArray(given) ? given[0] : given)),
};

/** Somebody whom a component may call; an address alone is an easy mistake. */
export const TARGET_CHECK: Check = check.shape(TARGET_CHECKS, undefined, targetInstead);
/** A list of them. */
export const TARGETS_CHECK: Check = check.each(TARGET_CHECK);
/** A list of peers. */
export const PEERS_CHECK: Check = check.each(PEER_CHECK);

/** Targets that lack their peer or their port. */
export function peerProblems(
  path: string,
  { egress = {}, auditExport }: Pick<CaracalSettings, 'egress' | 'auditExport'>,
): Finding[] {
  const { sts = [], api = [], gateway = [], issuer } = egress;
  return [
    ...targetProblems(`${path}.egress.sts`, sts),
    ...targetProblems(`${path}.egress.api`, api),
    ...targetProblems(`${path}.egress.gateway`, gateway),
    ...(issuer === undefined ? [] : targetProblem(`${path}.egress.issuer`, issuer)),
    ...targetProblems(`${path}.auditExport.targets`, auditExport?.targets ?? []),
  ];
}

function targetProblems(path: string, targets: readonly EgressTarget[]): Finding[] {
  return targets.flatMap((target, index) => targetProblem(`${path}[${index}]`, target));
}

function targetProblem(path: string, target: EgressTarget): Finding[] {
  const missing = (['peer', 'port'] as const).filter((key) => target[key] === undefined);
  return missing.map((key) => ({
    id: 'core/missing-property',
    level: 'error',
    path: `${path}.${key}`,
    message: `"${key}" is required`,
    fix: `write ${targetCode(codeOr(target.peer), codeOr(target.port))}`,
  }));
}

function targetInstead(given: unknown): string | undefined {
  return peerProblem(given) === undefined
    ? targetCode(codeOr(given), '...')
    : targetCode(PEER.instead?.(given) ?? '...', '...');
}

/** A target as a program writes it; what cannot be printed is an example. */
function targetCode(peer: string, port: string): string {
  const or = (text: string, example: string): string => (text === '...' || text === 'undefined' ? example : text);
  return `{ peer: ${or(peer, 'Peer.cidr("10.20.0.0/24")')}, port: ${or(port, 'Port.tcp(443)')} }`;
}

function peerProblem(peer: unknown): string | undefined {
  if (isBranded<Peer>(peer, 'Peer')) {
    return peer.isNobody ? 'the peer is nobody' : undefined;
  }
  const like =
    typeof peer === 'object' && peer !== null && ('connections' in peer || 'toNetworkPolicyPeerConfig' in peer);
  return like ? undefined : 'it must be a Peer, a component of a stack, or a workload or namespace of cdk8s-plus';
}

function portProblem(port: unknown): string | undefined {
  const ports = [port].flat();
  return ports.length > 0 && ports.every((each) => isBranded<Port>(each, 'Port'))
    ? undefined
    : 'it must be a Port, or a list of at least one';
}
