import type { Construct } from 'constructs';
import type { Value } from '../core/value';
import type { IService } from '../workload/component';
import { contextOf, type StackContext } from '../workload/context';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
import { CaracalCoreService } from './core-service';
import { connect } from './edges';
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
import { needsInsecureUrls } from './insecure-urls';

const PORT = 4000;

/** Properties of the coordinator. */
export interface CoordinatorProps extends CaracalCoreServiceProps {
  /** The security token service. */
  readonly sts: IService;
  /** Origin that tokens are issued by. */
  readonly issuer: Value<string>;
  /**
   * Where the issuer's JWKS is, when it is not the in-cluster STS: `POST /v1/verify` fetches it.
   * @default - the issuer is the in-cluster STS
   */
  readonly issuerTargets?: readonly EgressTarget[];
  /**
   * Limits and retention.
   * @default - the vendor's
   */
  readonly limits?: CoordinatorLimits;
}

/** Limits and retention of the coordinator, with the least that it accepts. */
export interface CoordinatorLimits {
  /**
   * Seconds that a receipt with a key of the client is kept, at least 3600.
   * @default 604800
   */
  readonly idempotencyRetentionSeconds?: number;
  /**
   * Seconds that a receipt with a generated key is kept, at least 3600.
   * @default 86400
   */
  readonly generatedIdempotencyRetentionSeconds?: number;
  /**
   * Receipts per scope, at least 100.
   * @default 10000
   */
  readonly maxReceiptsPerScope?: number;
  /**
   * Days that ended sessions are kept, at least 1.
   * @default 90
   */
  readonly sessionRetentionDays?: number;
  /**
   * Largest body of a request in bytes, at least 1024.
   * @default 262144
   */
  readonly bodyLimitBytes?: number;
}

/** The defaults of the vendor's chart, and the least that the service accepts. */
export const COORDINATOR_LIMITS = {
  idempotencyRetentionSeconds: { env: 'IDEMPOTENCY_RETENTION_SECONDS', default: 604800, least: 3600 },
  generatedIdempotencyRetentionSeconds: { env: 'GENERATED_IDEMPOTENCY_RETENTION_SECONDS', default: 86400, least: 3600 },
  maxReceiptsPerScope: { env: 'IDEMPOTENCY_MAX_RECEIPTS_PER_SCOPE', default: 10000, least: 100 },
  sessionRetentionDays: { env: 'SESSION_RETENTION_DAYS', default: 90, least: 1 },
  bodyLimitBytes: { env: 'COORDINATOR_BODY_LIMIT_BYTES', default: 262144, least: 1024 },
} as const satisfies Record<keyof CoordinatorLimits, { env: string; default: number; least: number }>;

function limitsEnv(limits: CoordinatorLimits = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(COORDINATOR_LIMITS).map(([name, limit]) => [
      limit.env,
      String(limits[name as keyof CoordinatorLimits] ?? limit.default),
    ]),
  );
}

/** The spec of the coordinator. */
export function coordinatorSpec(context: StackContext, props: CoordinatorProps): ComponentSpec {
  const { files, env } = secretFiles('coordinator', props.secrets, allFeatures(props.features));
  return {
    component: 'coordinator',
    kind: 'Deployment',
    ...fromRelease(props.release, 'node'),
    args: ['/app/coordinator/dist/main.js'],
    user: NONROOT,
    ports: httpPort(PORT),
    env: {
      ...commonEnv(context, 'coordinator', PORT, 'node', props),
      ...env,
      STS_URL: props.sts.url,
      ISSUER_URL: props.issuer,
      AGENT_COORDINATOR_SCOPE: 'agent:lifecycle',
      ...limitsEnv(props.limits),
      ...(needsInsecureUrls(props.issuer) ? { CARACAL_ALLOW_INSECURE_CONFIG_URLS: 'true' } : {}),
    },
    secretFiles: [files],
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    probes: httpProbes(6),
    resources: { cpu: '250m', cpuLimit: '1', memory: '256Mi', memoryLimit: '768Mi' },
    scaling: Scaling.auto({ min: 2, max: 8, cpuPercent: 70, memoryPercent: 80 }),
    shutdown: { preStopSeconds: 5, budgetSeconds: 15, marginSeconds: 10 },
    // Its own token, not the metrics bearer: /metrics asks for both and is happy when they are the same.
    metrics: metricsEndpoint(props.secrets, 'caracalCoordinatorToken'),
    connectionsPerPod: props.poolSize ?? POOL_SIZE,
    ...revisionOf(props.secrets),
  };
}

/** The coordinator: sessions, delegations and the life of agents. */
export class Coordinator extends CaracalCoreService {
  constructor(scope: Construct, id: string, props: CoordinatorProps) {
    super(scope, id, coordinatorSpec(contextOf(scope), props), props);
    connect(this, 'coordinator', 'sts', props.sts);
    props.issuerTargets?.forEach(({ peer, port }) => connect(this, 'coordinator', 'issuer', peer, port));
  }
}
