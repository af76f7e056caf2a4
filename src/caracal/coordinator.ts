import type { Construct } from 'constructs';
import type { Value } from '../core/value';
import { postgresPort } from '../data/postgres';
import { redisPort } from '../data/redis';
import { Component, type IService } from '../workload/component';
import { contextOf, type StackContext } from '../workload/context';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
import { connect } from './edges';
import {
  allFeatures,
  type CaracalCoreServiceProps,
  commonEnv,
  componentOptions,
  httpPort,
  httpProbes,
  metricsEndpoint,
  NONROOT,
  revisionOf,
  secretFiles,
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
   * Where the issuer's JWKS is, when it is not the in-cluster STS: `POST /v1/verify` fetches it (caracal-addendum.md A1).
   * @default - the issuer is the in-cluster STS
   */
  readonly issuerTarget?: EgressTarget;
}

/** The spec of the coordinator (caracal.md 2 to 6, caracal-addendum.md A2). */
export function coordinatorSpec(context: StackContext, props: CoordinatorProps): ComponentSpec {
  const { files, env } = secretFiles('coordinator', props.secrets, allFeatures(props.features));
  return {
    component: 'coordinator',
    kind: 'Deployment',
    image: props.release.image('node'),
    args: ['/app/coordinator/dist/main.js'],
    user: NONROOT,
    ports: httpPort(PORT),
    env: {
      ...commonEnv(context, 'coordinator', PORT, 'node', props),
      ...env,
      STS_URL: props.sts.url,
      ISSUER_URL: props.issuer,
      AGENT_COORDINATOR_SCOPE: 'agent:lifecycle',
      IDEMPOTENCY_RETENTION_SECONDS: '604800',
      GENERATED_IDEMPOTENCY_RETENTION_SECONDS: '86400',
      IDEMPOTENCY_MAX_RECEIPTS_PER_SCOPE: '10000',
      SESSION_RETENTION_DAYS: '90',
      COORDINATOR_BODY_LIMIT_BYTES: '262144',
      ...(needsInsecureUrls(props.issuer) ? { CARACAL_ALLOW_INSECURE_CONFIG_URLS: 'true' } : {}),
    },
    secretFiles: [files],
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    probes: httpProbes(6),
    resources: { cpu: '250m', cpuLimit: '1', memory: '256Mi', memoryLimit: '768Mi' },
    scaling: Scaling.auto({ min: 2, max: 8, cpuPercent: 70, memoryPercent: 80 }),
    shutdown: { preStopSeconds: 5, budgetSeconds: 15, marginSeconds: 10 },
    // Its own token, not the metrics bearer: /metrics asks for both and is happy when they are the same (caracal.md 10).
    metrics: metricsEndpoint(props.secrets, 'caracalCoordinatorToken'),
    ...revisionOf(props.secrets),
  };
}

/** The coordinator: sessions, delegations and the life of agents. */
export class Coordinator extends Component {
  constructor(scope: Construct, id: string, props: CoordinatorProps) {
    super(scope, id, coordinatorSpec(contextOf(scope), props), componentOptions(props));
    connect(this, 'coordinator', 'sts', props.sts);
    connect(this, 'coordinator', 'postgres', props.postgres.peer, postgresPort(props.postgres));
    connect(this, 'coordinator', 'redis', props.redis.peer, redisPort(props.redis));
    if (props.issuerTarget !== undefined) {
      connect(this, 'coordinator', 'issuer', props.issuerTarget.peer, props.issuerTarget.port);
    }
    if (props.telemetry !== undefined) {
      connect(this, 'coordinator', 'collector', props.telemetry.peer, props.telemetry.port);
    }
  }
}
