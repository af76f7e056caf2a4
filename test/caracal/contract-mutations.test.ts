import { ASPECTS } from './support-aspects';
import { Emitted, type KubeObject } from './support-objects';
import { build, type Built, switchable, worldOf } from './support-world';

/**
 * Controls of the contract tests: every field of every emitted object is changed, one at a time, and the comparison
 * must notice. What it need not notice is listed, with the reason: the contract says nothing about it.
 */
const WORLDS: readonly (readonly [string, Built])[] = [
  [
    'production with everything',
    build(
      worldOf(
        'production',
        switchable('production').filter((id) => id !== 'aiProviders'),
      ),
    ),
  ],
  [
    'dev with everything',
    build(
      worldOf(
        'dev',
        switchable('dev').filter((id) => id !== 'aiProviders'),
      ),
    ),
  ],
];

const KINDS = [
  'Deployment',
  'StatefulSet',
  'Job',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'ServiceMonitor',
  'Ingress',
  'Service',
];

const POD = '(Deployment|StatefulSet|Job)\\.template';
const DATA = 'StatefulSet(\\.template\\.spec\\.containers\\.\\*)?';

/** Paths of which some may change, with what watches over them instead, or why nothing needs to. */
const UNWATCHED: readonly (readonly [path: string, reason: string])[] = [
  ['(Deployment|StatefulSet)\\.revisionHistoryLimit', 'no program depends on it'],
  ['StatefulSet\\.updateStrategy\\.type', 'the default of Kubernetes'],
  [
    'StatefulSet\\.persistentVolumeClaimRetentionPolicy\\.whenDeleted',
    'the contract leaves it open, as long as it is written',
  ],
  [`${POD}\\.metadata\\.labels\\.app\\.kubernetes\\.io/version`, 'a label for people'],
  [
    'Job\\.template\\.metadata\\.labels\\.app\\.kubernetes\\.io/(name|instance|component)',
    'the reachability test reads them',
  ],
  [
    'Job\\.template\\.metadata\\.(labels\\.sidecar\\.istio|annotations\\.linkerd)\\.io/inject',
    'a matter of the mesh, not of the program',
  ],
  [
    `${POD}\\.metadata\\.annotations\\.cdk8s-selfhosted/(secrets|trust)-revision`,
    'any text that follows the values, or the certificates',
  ],
  [`${POD}\\.spec\\.(initContainers|containers)\\.\\*\\.(name|imagePullPolicy)`, 'no program depends on it'],
  [`${POD}\\.spec\\.nodeSelector\\.kubernetes\\.io/os`, 'no program depends on it'],
  ['(Deployment|Job)\\.template\\.spec\\.securityContext\\.fsGroupChangePolicy', 'matters for claims only'],
  ['Deployment\\.template\\.spec\\.volumes\\.\\*\\.configMap\\.defaultMode', 'nothing in a ConfigMap is secret'],
  [
    'Deployment.*\\.env\\.(AUDIT_EXPORT_S3_BUCKET|CARACAL_SMTP_FROM|SESSION_RETENTION_DAYS)\\.value',
    'the choice of the user',
  ],
  ['Job\\.podFailurePolicy\\..*', 'not of the contract; the control-plane suite evicts pods of a Job'],
  ['Job.*\\.env\\.PGUSER\\.value', 'the choice of the user'],
  ['Job.*\\.initContainers\\.\\*\\.command\\.\\*', 'contract-waiting.test.ts runs it'],
  [
    'HorizontalPodAutoscaler\\.metrics\\.\\*\\.(type|containerResource\\.(container|name|target\\.type))',
    'the STS may be without a memory target',
  ],
  [
    `${POD}\\.spec\\.affinity\\..*|Deployment\\.template\\.spec\\.topologySpreadConstraints\\.\\*\\.maxSkew`,
    'a wish and a share, which the control-plane suite tries with zones that come and go',
  ],
  ['Ingress\\.tls\\.\\*\\.secretName', 'the choice of the user'],
  [
    'Service\\.(ports\\.\\*\\.name|publishNotReadyAddresses)',
    'nobody calls audit, postgres and redis by a port name, nor pods by their own',
  ],
  ['ServiceMonitor\\.endpoints\\.\\*\\.scrapeTimeout', 'no program depends on it'],
  [`${DATA}\\.lifecycle\\.preStop\\.sleep\\.seconds`, 'servers of dev have no balancer in front of them'],
  [`${DATA}\\.(startup|liveness)Probe\\..*`, 'the contract has a readiness probe for servers of dev'],
  [`${DATA}\\.readinessProbe\\.exec\\.command\\.\\*`, 'the shell around the words that the contract wants'],
  [`${DATA}\\.resources\\.requests\\.cpu`, 'no figure in the contract for dev'],
  ['StatefulSet\\.template\\.spec\\.terminationGracePeriodSeconds', 'none in the contract for redis'],
  ['StatefulSet\\.template\\.spec\\.volumes\\.\\*\\.emptyDir\\.sizeLimit', 'sockets and scratch of the servers of dev'],
  [
    '.*(cdk8s-selfhosted/pod-names)',
    'only the headless Services need it; the control-plane suite compares selectors and pods',
  ],
  [
    'StatefulSet\\.volumeClaimTemplates\\.\\*\\.(apiVersion|kind|spec\\.volumeMode)',
    'the defaults of Kubernetes, written out',
  ],
  [
    'ExternalSecret\\..*\\.(conversionStrategy|decodingStrategy|metadataPolicy|mergePolicy)',
    'the defaults of the operator, written out',
  ],
  ['StatefulSet\\.volumeClaimTemplates\\.\\*\\.spec\\..*', 'redis of dev may keep its data in an emptyDir too'],
];

interface Leaf {
  readonly path: string;
  readonly set: (value: unknown) => void;
  readonly value: unknown;
}

function leavesOf(parent: Record<string, unknown>, key: string, path: string): Leaf[] {
  const value = parent[key];
  if (typeof value === 'object' && value !== null) {
    const children = Object.keys(value);
    // Variables by their names: the values of some are the user's, those of others are not.
    const nameOf = (child: string): string =>
      key === 'env' ? String((value as { name: string }[])[Number(child)]?.name) : '*';
    if (children.length > 0) {
      return children.flatMap((child) =>
        leavesOf(value as Record<string, unknown>, child, `${path}.${Array.isArray(value) ? nameOf(child) : child}`),
      );
    }
  }
  return [
    {
      path,
      value,
      set: (next) => {
        parent[key] = next;
      },
    },
  ];
}

// Greater is right for some figures and smaller for none, so both are tried.
const others = (value: unknown): unknown[] =>
  typeof value === 'number'
    ? [value + 100000, 0]
    : typeof value === 'boolean'
      ? [!value]
      : [`${String(value)}-changed`];

function isNoticed(built: Built): boolean {
  return ASPECTS.some(([, differences]) => {
    try {
      return differences(built).length > 0;
    } catch {
      return true; // a quantity or path type that is none
    }
  });
}

test.each(WORLDS)('%s: no field that the contract speaks of changes unnoticed', (_title, built) => {
  const objects = structuredClone(built.emitted.objects) as KubeObject[];
  const copy: Built = { ...built, emitted: new Emitted(objects) };
  expect(isNoticed(copy)).toBe(false);
  const leaves = objects
    .filter(({ kind }) => KINDS.includes(kind))
    .flatMap((object) => leavesOf(object as unknown as Record<string, unknown>, 'spec', object.kind));
  const silent = leaves.filter(({ set, value }) => {
    const found = others(value).map((next) => {
      set(next);
      return isNoticed(copy);
    });
    set(value);
    return !found.includes(true);
  });
  const open = [...new Set(silent.map(({ path }) => path))].filter(
    (path) => !UNWATCHED.some(([pattern]) => new RegExp(`^${pattern}$`).test(path)),
  );
  expect(leaves.length).toBeGreaterThan(1000);
  expect(open.sort()).toEqual([]);
});
