import type { Construct } from 'constructs';
import type { Value } from '../core/value';
import type { PeerLike } from '../network/connections';
import type { Port } from '../network/port';
import { contextOf, type StackContext } from '../workload/context';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
import { backendEnv, connectBackend, type SecretBackendUser, withBackend } from './backend-use';
import { CONTROL_AUDIENCE } from './control';
import { CaracalCoreService } from './core-service';
import { connect } from './edges';
import { REPLAY_STARTUP_ATTEMPTS, replayVolumes, type ReplayPersistence, replayWorkload } from './replay';
import {
  allFeatures,
  type CaracalCoreServiceProps,
  commonEnv,
  httpPort,
  httpProbes,
  metricsEndpoint,
  NONROOT,
  revisionOf,
  secretFiles,
  fromRelease,
  POOL_SIZE,
} from './service';

/** The only port that the STS accepts (caracal.md 2). */
const PORT = 8080;

/** Somebody whom a component may call, and on which port. */
export interface EgressTarget {
  /** Who it is. */
  readonly peer: PeerLike;
  /** Port, or ports. */
  readonly port: Port | readonly Port[];
}

/** Properties of the security token service. */
export interface StsProps extends CaracalCoreServiceProps, SecretBackendUser {
  /** Origin that it writes into every token (`iss`). */
  readonly issuer: Value<string>;
  /** Whether control tokens are issued. */
  readonly control: boolean;
  /** What keeps audit events while Redis is away. */
  readonly replay: ReplayPersistence;
  /** Identity providers whose token endpoints and JWKS it asks. */
  readonly providers: readonly EgressTarget[];
  /**
   * Seconds between two looks for changed policies; a change reaches one replica at once and the others after this
   * time (caracal W64). 1 to 300.
   * @default - the service's own 60
   */
  readonly policyPollSeconds?: number;
  /**
   * Tokens that may be minted per minute; the api must know the same number.
   * @default - the service's own 1000
   */
  readonly mintsPerMinute?: number;
  /**
   * Hosts in private networks that it may call.
   * @default - none
   */
  readonly privateEgressHosts?: readonly string[];
}

/** The spec of the STS (caracal.md 2 to 6, caracal-addendum.md A15, A21, B12). */
export function stsSpec(context: StackContext, props: StsProps): ComponentSpec {
  const { files, env } = secretFiles('sts', props.secrets, allFeatures(props.features));
  return {
    component: 'sts',
    ...fromRelease(props.release, 'go'),
    command: ['/usr/local/bin/sts'],
    user: NONROOT,
    ports: httpPort(PORT),
    env: {
      ...commonEnv(context, 'sts', PORT, 'go', props),
      ...env,
      ISSUER_URL: props.issuer,
      AUDIT_REPLAY_DIR: '/var/lib/caracal/audit-replay',
      ...(props.policyPollSeconds === undefined ? {} : { OPA_POLL_SECONDS: String(props.policyPollSeconds) }),
      ...sharedLimits(props),
      ...backendEnv(props),
      ...(props.control ? { CONTROL_AUDIENCE } : {}),
      // Read by the STS alone, for identity providers of a private authority.
      ...(props.trust === undefined ? {} : { CARACAL_TLS_EXTRA_CA_FILE: props.trust.file }),
    },
    secretFiles: [withBackend(files, props)],
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    ...replayWorkload(props.replay),
    ...replayVolumes(props.replay),
    probes: httpProbes(6, REPLAY_STARTUP_ATTEMPTS),
    // Verifying secrets (Argon2) takes 64 MB each: 337 MB as the floor under load and 792 MB at peak were measured, so the contract's
    // request of 512Mi would keep the autoscaler at its maximum.
    resources: { cpu: '500m', cpuLimit: '2', memory: '1Gi', memoryLimit: '2Gi' },
    scaling: Scaling.auto({ min: 2, max: 8, cpuPercent: 70, memoryPercent: 80 }),
    // HTTP 10 s and audit flush 10 s, then telemetry without a deadline.
    shutdown: { preStopSeconds: 5, budgetSeconds: 20, marginSeconds: 15 },
    metrics: metricsEndpoint(props.secrets, 'metricsBearer'),
    connectionsPerPod: props.poolSize ?? POOL_SIZE,
    ...revisionOf(props.secrets),
  };
}

/** Settings that api and STS must share (caracal W65). */
export function sharedLimits(props: Pick<StsProps, 'mintsPerMinute' | 'privateEgressHosts'>): Record<string, string> {
  const { mintsPerMinute, privateEgressHosts = [] } = props;
  return {
    ...(mintsPerMinute === undefined ? {} : { STS_MINT_RATE_LIMIT_PER_MIN: String(mintsPerMinute) }),
    ...(privateEgressHosts.length === 0 ? {} : { CARACAL_PRIVATE_EGRESS_HOSTS: privateEgressHosts.join(',') }),
  };
}

/** The security token service: issues the tokens that everything else trusts. */
export class Sts extends CaracalCoreService {
  constructor(scope: Construct, id: string, props: StsProps) {
    super(scope, id, stsSpec(contextOf(scope), props), props);
    props.providers.forEach(({ peer, port }) => connect(this, 'sts', 'providers', peer, port));
    connectBackend(this, 'sts', props);
  }
}
