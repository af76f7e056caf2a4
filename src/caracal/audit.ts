import type { Construct } from 'constructs';
import type { Value } from '../core/value';
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

/** The only port that audit accepts (caracal.md 2). */
const PORT = 9090;

/** Hourly Parquet files in a bucket that speaks the S3 API; Azure Blob and Google Cloud Storage do not work. */
export interface AuditExport {
  /** Name of the bucket. */
  readonly bucket: Value<string>;
  /**
   * Region of the bucket.
   * @default - the service's own "us-east-1"
   */
  readonly region?: string;
  /**
   * Endpoint of a store that is not AWS.
   * @default - AWS
   */
  readonly endpoint?: Value<string>;
  /**
   * Whom the pods must reach: the store, and the STS or pod identity that gives credentials. The SDK's default chain
   * finds them: bring a ServiceAccount with an identity, or variables.
   */
  readonly targets: readonly EgressTarget[];
}

/** Properties of audit. */
export interface AuditProps extends CaracalCoreServiceProps {
  /**
   * Where evidence is exported to.
   * @default - nowhere
   */
  readonly export?: AuditExport;
  /**
   * Days that evidence is kept; the api must know the same number.
   * @default - the service's own 365
   */
  readonly retentionDays?: number;
}

/** The spec of audit (caracal.md 2 to 6). */
export function auditSpec(context: StackContext, props: AuditProps): ComponentSpec {
  const { files, env } = secretFiles('audit', props.secrets, allFeatures(props.features));
  const { bucket, region, endpoint } = props.export ?? {};
  const probes = httpProbes(6);
  return {
    component: 'audit',
    kind: 'Deployment',
    ...fromRelease(props.release, 'go'),
    command: ['/usr/local/bin/audit'],
    user: NONROOT,
    ports: httpPort(PORT),
    env: {
      ...commonEnv(context, 'audit', PORT, 'go', props),
      ...env,
      AUDIT_EXPORT_TMP_DIR: '/var/lib/caracal/audit-export',
      ...(props.retentionDays === undefined ? {} : { AUDIT_RETENTION_DAYS: String(props.retentionDays) }),
      ...(bucket === undefined ? {} : { AUDIT_EXPORT_S3_BUCKET: bucket }),
      ...(region === undefined ? {} : { AUDIT_EXPORT_S3_REGION: region }),
      ...(endpoint === undefined ? {} : { AUDIT_EXPORT_S3_ENDPOINT: endpoint }),
    },
    secretFiles: [files],
    scratch: [{ volume: 'audit-export', mountPath: '/var/lib/caracal/audit-export', size: '2Gi' }],
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    // /health is the health of the Redis consumer here. When Redis has lost its data, only a restart makes the consumer's
    // group again: without one audit would stay away for ever (caracal-addendum.md D3). A minute of patience, so that
    // a failover of Redis restarts nothing (caracal W34).
    probes: { ...probes, liveness: { ...probes.liveness, failureThreshold: 6 } },
    resources: { cpu: '250m', cpuLimit: '1', memory: '256Mi', memoryLimit: '1Gi' },
    scaling: Scaling.auto({ min: 2, max: 8, cpuPercent: 70, memoryPercent: 80 }),
    shutdown: { preStopSeconds: 5, budgetSeconds: 10, marginSeconds: 15 },
    metrics: metricsEndpoint(props.secrets, 'metricsBearer'),
    connectionsPerPod: props.poolSize ?? POOL_SIZE,
    ...revisionOf(props.secrets),
  };
}

/** Audit: stores, verifies, exports and finally deletes evidence. */
export class Audit extends CaracalCoreService {
  constructor(scope: Construct, id: string, props: AuditProps) {
    super(scope, id, auditSpec(contextOf(scope), props), props);
    props.export?.targets.forEach(({ peer, port }) => connect(this, 'audit', 'export', peer, port));
  }
}
