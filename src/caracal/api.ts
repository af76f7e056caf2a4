import type { Construct } from 'constructs';
import { compose, type Value } from '../core/value';
import type { IService } from '../workload/component';
import { contextOf, type StackContext } from '../workload/context';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
import { backendEnv, connectBackend, type SecretBackendUser, withBackend } from './backend-use';
import { CONTROL_AUDIENCE } from './control';
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
  secretFile,
  secretFiles,
  fromRelease,
  POOL_SIZE,
} from './service';
import { type EgressTarget, sharedLimits } from './sts';

const PORT = 3000;

/** Properties of the api. */
export interface ApiProps extends CaracalCoreServiceProps, SecretBackendUser {
  /** The security token service. */
  readonly sts: IService;
  /** The gateway, whose address it hands out. */
  readonly gateway: IService;
  /** The coordinator, whose address it hands out. */
  readonly coordinator: IService;
  /** Origin that tokens are issued by. */
  readonly issuer: Value<string>;
  /** Providers, notification sinks and AI endpoints that it calls. */
  readonly providers: readonly EgressTarget[];
  /** Whether the control plane for governed model calls runs inside the api. */
  readonly control: boolean;
  /** Whether clients come through a proxy that sets X-Forwarded-For; limits are then counted per client (caracal W37). */
  readonly behindProxy: boolean;
  /**
   * Days that evidence is kept.
   * @default - the service's own 365
   */
  readonly retentionDays?: number;
  /**
   * Requests per minute that each client address and each token may make. All of the console counts as one client.
   * @default 6000; in dev the service's own 600
   */
  readonly requestsPerMinute?: number;
  /**
   * Tokens that the STS may mint per minute.
   * @default - the service's own 1000
   */
  readonly mintsPerMinute?: number;
  /**
   * Hosts in private networks that it may call.
   * @default - none
   */
  readonly privateEgressHosts?: readonly string[];
}

/** The spec of the api (caracal.md 2 to 6, caracal-addendum.md A16, B5; caracal W4, W5). */
export function apiSpec(context: StackContext, props: ApiProps): ComponentSpec {
  const { files, env } = secretFiles('api', props.secrets, allFeatures(props.features));
  return {
    component: 'api',
    kind: 'Deployment',
    ...fromRelease(props.release, 'node'),
    args: ['/app/api/dist/main.js'],
    user: NONROOT,
    ports: httpPort(PORT),
    env: {
      ...commonEnv(context, 'api', PORT, 'node', props),
      ...env,
      STS_URL: props.sts.url,
      CARACAL_GATEWAY_URL: props.gateway.url,
      CARACAL_COORDINATOR_URL: props.coordinator.url,
      ...sharedLimits(props),
      ...backendEnv(props),
      ...(props.behindProxy ? { TRUST_PROXY: 'true' } : {}),
      ...(props.retentionDays === undefined ? {} : { AUDIT_RETENTION_DAYS: String(props.retentionDays) }),
      ...rateLimit(context, props),
      ...(props.control ? controlEnv(props) : {}),
    },
    secretFiles: [withBackend(files, props)],
    // The file's existence is the switch; its content is empty.
    ...(props.control
      ? { configFiles: [{ volume: 'control-gate', mountPath: '/run/caracal-control', files: { enabled: '' } }] }
      : {}),
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    // Three checks of 5 s, one after the other.
    probes: httpProbes(17),
    resources: { cpu: '250m', cpuLimit: '1', memory: '256Mi', memoryLimit: '768Mi' },
    scaling: Scaling.auto({ min: 2, max: 8, cpuPercent: 70, memoryPercent: 80 }),
    shutdown: { preStopSeconds: 5, budgetSeconds: 15, marginSeconds: 10 },
    metrics: metricsEndpoint(props.secrets, 'metricsBearer'),
    connectionsPerPod: props.poolSize ?? POOL_SIZE,
    ...revisionOf(props.secrets),
  };
}

// All pods of the console share one token and few addresses; at 600 a busy console answers 429 (caracal W37).
function rateLimit({ profile }: StackContext, { requestsPerMinute }: ApiProps): Record<string, string> {
  const limit = requestsPerMinute ?? (profile === 'dev' ? undefined : 6000);
  return limit === undefined ? {} : { API_V1_RATE_LIMIT_PER_MIN: String(limit) };
}

function controlEnv(props: ApiProps): Record<string, Value<string>> {
  return {
    CARACAL_CONTROL_ENABLED: 'true',
    CONTROL_GATE_FILE: '/run/caracal-control/enabled',
    CONTROL_AUDIENCE,
    CONTROL_API_TOKEN_FILE: secretFile('caracalAdminToken'),
    STS_ISSUER_URL: props.issuer,
    // The in-cluster STS: the public issuer would make the api call its own ingress (caracal W5).
    STS_JWKS_URL: compose`${props.sts.url}/.well-known/jwks.json`,
    // Its client refuses http otherwise, and the in-cluster addresses are http (caracal W4).
    CARACAL_ALLOW_INSECURE_CONFIG_URLS: 'true',
  };
}

/** The management api. */
export class Api extends CaracalCoreService {
  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id, apiSpec(contextOf(scope), props), props);
    connect(this, 'api', 'sts', props.sts);
    props.providers.forEach(({ peer, port }) => connect(this, 'api', 'providers', peer, port));
    connectBackend(this, 'api', props);
    if (props.control) {
      connect(this, 'api', 'gateway', props.gateway);
      connect(this, 'api', 'coordinator', props.coordinator);
    }
  }
}
