import { isBranded } from '../core/brand';
import { checkShape, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';
import type { Peer } from '../network/peer';
import type { Port } from '../network/port';
import type { CaracalSettings } from './settings';
import type { EgressTarget } from './sts';

const TARGET_CHECKS: Checks<EgressTarget> = { peer: peerProblem, port: portProblem };

/** Peers and ports that are none: found here, they are one report; later, they would end in the middle of the tree. */
export function peerProblems(path: string, { clients = [], egress = {}, auditExport }: CaracalSettings): Finding[] {
  const { sts = [], api = [], gateway = [], issuer } = egress;
  return [
    ...clients.flatMap((client, index) => {
      const message = peerProblem(client);
      return message === undefined ? [] : [invalid(`${path}.clients[${index}]`, message, client)];
    }),
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
  const shape = checkShape(path, target, TARGET_CHECKS);
  if (shape.length > 0) {
    return shape;
  }
  const missing = (['peer', 'port'] as const).filter((key) => target[key] === undefined);
  return missing.map((key) => ({
    id: 'core/missing-property',
    level: 'error',
    path: `${path}.${key}`,
    message: `"${key}" is required`,
    fix: '{ peer: Peer.cidr("10.20.0.0/24"), port: Port.tcp(443) }',
  }));
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

function invalid(path: string, message: string, given: unknown): Finding {
  return {
    id: 'core/wrong-type',
    level: 'error',
    path,
    message,
    given: show(given),
    fix: 'use one of the factories of Peer',
  };
}
