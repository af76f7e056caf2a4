import type { Construct } from 'constructs';
import { picked } from '../core/checks';
import type { Value } from '../core/value';
import type { IPostgres } from '../data/postgres';
import { postgresPort } from '../data/postgres';
import { Component, type IService } from '../workload/component';
import { contextOf, type StackContext } from '../workload/context';
import { everyAddress } from '../workload/ip-families';
import { COMPONENT_OPTION_CHECKS, type ComponentOptions } from '../workload/options';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
import { CONTROL_AUDIENCE } from './control';
import { credentialEnv, withCredentials } from './credential-file';
import { connect } from './edges';
import { allowlistJson, type Operators } from './operators';
import {
  allFeatures,
  type CaracalServiceProps,
  httpPort,
  httpProbes,
  NONROOT,
  poolEnv,
  revisionOf,
  secretFiles,
  trustEnv,
  fromRelease,
  POOL_SIZE,
  versionVariable,
} from './service';
import type { SignIn } from './sign-in';

const PORT = 3002;
const ALLOWLIST_FOLDER = '/run/caracalBootstrap';
const ALLOWLIST_FILE = 'operatorAllowlist.json';

/** Services that the console asks for diagnostics. */
export interface WebDiagnostics {
  /** The gateway. */
  readonly gateway: IService;
  /** Audit. */
  readonly audit: IService;
}

/** Properties of the console. */
export interface WebProps extends CaracalServiceProps {
  /** The database with the accounts. */
  readonly postgres: IPostgres;
  /** The api that it serves. */
  readonly api: IService;
  /** The coordinator that it serves. */
  readonly coordinator: IService;
  /** Origin under which browsers reach it. */
  readonly origin: Value<string>;
  /** How operators sign in. */
  readonly signIn: readonly SignIn[];
  /**
   * Who may sign in.
   * @default - nobody
   */
  readonly operators?: Operators;
  /** Whether browsers come through a proxy that sets X-Forwarded-For; sign-ins are then counted per client (caracal W37). */
  readonly behindProxy: boolean;
  /** Whether browsers reach it over https: cookies are then marked as secure. */
  readonly secureCookies: boolean;
  /** Whether control tokens are issued; the console asks the STS for them. */
  readonly control: boolean;
  /** The security token service, for control tokens and diagnostics. */
  readonly sts: IService;
  /**
   * Services that it asks for diagnostics, besides the STS.
   * @default - none: the page of diagnostics shows api and coordinator only
   */
  readonly diagnostics?: WebDiagnostics;
}

/** The spec of the console (caracal.md 2 to 6, caracal-addendum.md A13, B2, B4, B5; caracal W21, W53). */
export function webSpec(context: StackContext, props: WebProps): ComponentSpec {
  const { files, env } = secretFiles('web', props.secrets, allFeatures(props.features));
  const { diagnostics, operators } = props;
  return {
    component: 'web',
    kind: 'Deployment',
    ...fromRelease(props.release, 'web'),
    args: ['/app/auth/dist/server.js'],
    user: NONROOT,
    ports: httpPort(PORT),
    env: {
      NODE_ENV: nodeEnv(props.signIn),
      HOST: everyAddress(context.cluster),
      PORT: String(PORT),
      LOG_LEVEL: props.logLevel ?? 'info',
      CARACAL_VERSION: versionVariable(props.release),
      CARACAL_AUTH_URL: props.origin,
      CARACAL_WEB_ORIGIN: props.origin,
      CARACAL_AUTH_SECURE_COOKIES: String(props.secureCookies),
      // The auth-migrate Job does it.
      CARACAL_AUTH_AUTO_MIGRATE: 'false',
      CARACAL_API_URL: props.api.url,
      CARACAL_COORDINATOR_URL: props.coordinator.url,
      ...(context.profile === 'dev' ? {} : { CARACAL_REQUIRE_SIGN_IN_METHOD: '1' }),
      ...(props.behindProxy ? { CARACAL_AUTH_TRUST_PROXY: 'true' } : {}),
      ...(operators === undefined ? {} : { CARACAL_OPERATOR_ALLOWLIST_FILE: `${ALLOWLIST_FOLDER}/${ALLOWLIST_FILE}` }),
      ...(asksSts(props) ? { CARACAL_STS_URL: props.sts.url } : {}),
      ...(diagnostics === undefined
        ? {}
        : {
            CARACAL_GATEWAY_URL: diagnostics.gateway.url,
            CARACAL_AUDIT_URL: diagnostics.audit.url,
          }),
      ...(props.control ? { CONTROL_AUDIENCE } : {}),
      ...trustEnv('node', props.trust),
      ...poolEnv('node', props.poolSize),
      ...env,
      ...signInEnv(props.signIn),
    },
    secretFiles: [
      withCredentials(
        files,
        props.signIn.flatMap((method) => method.files),
        props.secrets,
      ),
    ],
    // Read at each request, so a change needs no restart (caracal-addendum.md A17).
    ...(operators === undefined
      ? {}
      : {
          configFiles: [
            { volume: 'allowlist', mountPath: ALLOWLIST_FOLDER, files: { [ALLOWLIST_FILE]: allowlistJson(operators) } },
          ],
        }),
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    probes: httpProbes(6),
    resources: { cpu: '100m', cpuLimit: '1', memory: '128Mi', memoryLimit: '384Mi' },
    scaling: Scaling.auto({ min: 2, max: 6, cpuPercent: 70, memoryPercent: 80 }),
    // 25 s to end requests and event streams: with the preStop sleep, the vendor's grace of 30 s leaves nothing (caracal W36).
    shutdown: { preStopSeconds: 5, budgetSeconds: 25, marginSeconds: 10 },
    connectionsPerPod: props.poolSize ?? POOL_SIZE,
    ...revisionOf(props.secrets),
  };
}

function asksSts({ control, diagnostics }: WebProps): boolean {
  return control || diagnostics !== undefined;
}

/**
 * Sign-up by password works without mail in development alone (caracal-addendum.md D10). What else that mode changes has
 * a variable of its own here: cookies, migrations, the address to listen at, the origins that are trusted. Addresses
 * are no longer confirmed by mail, and without `operators` anybody could register.
 */
function nodeEnv(methods: readonly SignIn[]): 'production' | 'development' {
  return methods.some(({ method }) => method === 'password') ? 'development' : 'production';
}

function signInEnv(methods: readonly SignIn[]): Record<string, string> {
  return Object.assign({}, ...methods.map(({ env, files }) => ({ ...env, ...credentialEnv(files) })));
}

/** The console: serves the operators' web interface. It has no metrics (caracal.md 10). */
export class Web extends Component {
  constructor(scope: Construct, id: string, props: WebProps) {
    super(scope, id, webSpec(contextOf(scope), props), picked<ComponentOptions>(props, COMPONENT_OPTION_CHECKS));
    connect(this, 'web', 'api', props.api);
    connect(this, 'web', 'coordinator', props.coordinator);
    connect(this, 'web', 'postgres', props.postgres.peer, postgresPort(props.postgres));
    for (const { method, egress } of props.signIn) {
      if (egress !== undefined) {
        connect(this, 'web', method === 'smtp' ? 'mail server' : 'sign-in provider', egress.peer, egress.port);
      }
    }
    if (asksSts(props)) {
      connect(this, 'web', 'sts', props.sts);
    }
    if (props.diagnostics !== undefined) {
      connect(this, 'web', 'gateway', props.diagnostics.gateway);
      connect(this, 'web', 'audit', props.diagnostics.audit);
    }
  }
}
