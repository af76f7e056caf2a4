import type { Construct } from 'constructs';
import type { IService } from '../workload/component';
import { contextOf, type StackContext } from '../workload/context';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
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
import type { EgressTarget } from './sts';

/** The only port that the gateway accepts (caracal.md 2). */
const PORT = 8081;

/** Properties of the gateway. */
export interface GatewayProps extends CaracalCoreServiceProps {
  /** The security token service. */
  readonly sts: IService;
  /** What keeps audit events while Redis is away. */
  readonly replay: ReplayPersistence;
  /**
   * Services that it calls for its clients; `gateway.connections.allowTo` adds more.
   * @default - none
   */
  readonly upstreams?: readonly EgressTarget[];
  /**
   * Hosts that it may call, besides what the network policy allows.
   * @default - every host that the policy allows
   */
  readonly upstreamHosts?: readonly string[];
  /** Whether clients come through a proxy that sets X-Forwarded-For, so that upstreams learn their addresses. */
  readonly behindProxy: boolean;
}

/** The spec of the gateway (caracal.md 2 to 6, caracal-addendum.md A15). */
export function gatewaySpec(context: StackContext, props: GatewayProps): ComponentSpec {
  const { files, env } = secretFiles('gateway', props.secrets, allFeatures(props.features));
  return {
    component: 'gateway',
    ...fromRelease(props.release, 'go'),
    command: ['/usr/local/bin/gateway'],
    user: NONROOT,
    ports: httpPort(PORT),
    env: {
      ...commonEnv(context, 'gateway', PORT, 'go', props),
      ...env,
      // One DNS label: the gateway takes plain http only for a host without a dot.
      STS_URL: props.sts.url,
      AUDIT_REPLAY_DIR: '/var/lib/caracal/audit-replay',
      ...(props.behindProxy ? { TRUST_PROXY: 'true' } : {}),
      ...(props.upstreamHosts === undefined ? {} : { UPSTREAM_HOST_ALLOWLIST: props.upstreamHosts.join(',') }),
    },
    secretFiles: [files],
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    ...replayWorkload(props.replay),
    ...replayVolumes(props.replay),
    probes: httpProbes(6, REPLAY_STARTUP_ATTEMPTS),
    resources: { cpu: '500m', cpuLimit: '2', memory: '256Mi', memoryLimit: '1Gi' },
    scaling: Scaling.auto({ min: 2, max: 16, cpuPercent: 65, memoryPercent: 80 }),
    // Streams are closed after 14 s whatever the grace; 4 s more flush audit events, then telemetry.
    shutdown: { preStopSeconds: 5, budgetSeconds: 18, marginSeconds: 15 },
    metrics: metricsEndpoint(props.secrets, 'metricsBearer'),
    connectionsPerPod: props.poolSize ?? POOL_SIZE,
    ...revisionOf(props.secrets),
  };
}

/** The gateway: checks and forwards the calls of agents to governed services. */
export class Gateway extends CaracalCoreService {
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id, gatewaySpec(contextOf(scope), props), props);
    connect(this, 'gateway', 'sts', props.sts);
    props.upstreams?.forEach(({ peer, port }) => connect(this, 'gateway', 'upstreams', peer, port));
  }
}
