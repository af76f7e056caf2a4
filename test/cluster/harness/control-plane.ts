import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Binary, findBinaries } from './binaries';
import { ApiClient } from './client';
import { kubeletStages } from './kubelet';
import { Kubectl } from './kubectl';
import { type Layout, nodesOf } from './layouts';
import { isTrue, type Node } from './objects';
import { freePorts } from './ports';
import { Supervisor } from './supervisor';
import { stillMissing } from './wait';

/** How to start a control plane. */
export interface ControlPlaneOptions {
  readonly layout: Layout;
  /** The folder of the programs. @default the value of KUBEBUILDER_ASSETS */
  readonly assets?: string;
  /** The port of kube-apiserver. @default a free one */
  readonly apiPort?: number;
  /** Where the temporary folder is made. @default the system's folder for temporary files */
  readonly parentFolder?: string;
  /** How long each step of the start may take, in seconds. @default 60 */
  readonly startSeconds?: number;
}

/** How long a pod stays on a lost node, in seconds; 300 in production, shortened so that tests need not wait. */
export const LOST_NODE_TOLERATION_SECONDS = 3;

/** How kwok renews the nodes' leases, in seconds: it notices within a quarter of it that a node came back. */
const NODE_LEASE_SECONDS = 20;

/** A running Kubernetes control plane with simulated nodes, on loopback, in its own temporary folder. */
export class ControlPlane {
  /**
   * Starts a control plane and waits until its nodes are ready.
   *
   * @throws Error one line that says what failed, followed by the tail of the log; nothing stays running
   */
  public static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    const binaries = findBinaries(options.assets);
    const supervisor = new Supervisor(options.parentFolder);
    try {
      return await startIn(supervisor, binaries, options);
    } catch (error) {
      await supervisor.stop();
      throw error;
    }
  }

  constructor(
    public readonly layout: Layout,
    public readonly client: ApiClient,
    public readonly kubectl: Kubectl,
    /** The path of a kubeconfig of the administrator, for programs that are tried on this control plane. */
    public readonly kubeconfig: string,
    private readonly supervisor: Supervisor,
  ) {}

  /** The pids of everything that runs for this control plane. */
  public get pids(): number[] {
    return this.supervisor.livePids;
  }

  /** @throws Error when one of the processes has ended by itself; tells a dead server from a failed check */
  public assertAlive(): void {
    if (this.supervisor.failure) throw new Error(this.supervisor.failure);
  }

  /** Ends every process, etcd last, and removes the folder. */
  public async stop(): Promise<void> {
    this.client.close();
    await this.supervisor.stop();
  }
}

async function startIn(
  supervisor: Supervisor,
  binaries: Record<Binary, string>,
  options: ControlPlaneOptions,
): Promise<ControlPlane> {
  const { folder } = supervisor;
  const seconds = options.startSeconds ?? 60;
  const token = randomBytes(16).toString('hex');
  const [etcdPort, peerPort, freeApiPort, managerPort, schedulerPort] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const apiPort = options.apiPort ?? freeApiPort;
  const files = writeFiles(folder, token, apiPort);

  supervisor.start({ name: 'etcd', command: binaries.etcd, stage: 0, args: etcdFlags(folder, etcdPort, peerPort) });
  const apiFlags = apiServerFlags(folder, files, etcdPort, apiPort);
  supervisor.start({ name: 'kube-apiserver', command: binaries['kube-apiserver'], stage: 1, args: apiFlags });
  const ca = await until(supervisor, 'kube-apiserver', 'certificate', seconds, async () => readCertificate(files.ca));
  const client = new ApiClient({ port: apiPort, ca, token });
  // A short patience: where the port belongs to somebody else, the answer may never come.
  const isReady = (): Promise<unknown> => client.call('GET', '/readyz', undefined, { timeoutMillis: 1000 });
  await until(supervisor, 'kube-apiserver', 'readiness', seconds, isReady);

  const managerFlags = controllerManagerFlags(files, managerPort);
  const manager = { name: 'kube-controller-manager', stage: 2, args: managerFlags } as const;
  supervisor.start({ ...manager, command: binaries['kube-controller-manager'] });
  const scheduler = { name: 'kube-scheduler', stage: 2, args: schedulerFlags(files, schedulerPort) } as const;
  supervisor.start({ ...scheduler, command: binaries['kube-scheduler'] });
  supervisor.start({ name: 'kwok', command: binaries.kwok, stage: 2, args: kwokFlags(files) });
  const nodes = nodesOf(options.layout);
  for (const node of nodes) await client.ensure(node);
  await until(supervisor, 'kwok', 'ready nodes', seconds, async () => {
    const { items } = await client.list<Node>('/api/v1/nodes');
    const ready = items.filter(({ status }) => isTrue(status?.conditions, 'Ready'));
    if (ready.length < nodes.length) throw new Error(`${ready.length} of ${nodes.length} nodes are ready`);
  });
  await until(supervisor, 'kube-controller-manager', 'default service account', seconds, () =>
    client.call('GET', '/api/v1/namespaces/default/serviceaccounts/default'),
  );
  client.close();
  // From here on a server that cannot be reached is a failure, which the processes' logs explain.
  const explain = async (what: string): Promise<Error> => supervisor.explain(what);
  return new ControlPlane(
    options.layout,
    new ApiClient({ port: apiPort, ca, token, explain }),
    new Kubectl(binaries.kubectl, files.kubeconfig, folder, explain),
    files.kubeconfig,
    supervisor,
  );
}

/** Tries until it works, the process in question dies, or the time is over. */
async function until<T>(
  supervisor: Supervisor,
  program: Binary,
  what: string,
  seconds: number,
  attempt: () => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined;
  const ask = async (): Promise<string[]> => {
    if (supervisor.failure) throw new Error(`the control plane did not start: ${supervisor.failure}`);
    try {
      result = { value: await attempt() };
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  };
  const missing = await stillMissing(ask, { seconds, everyMillis: 100 });
  if (!result) {
    const tail = supervisor.logTail(program);
    throw new Error(
      `the control plane did not start: no ${what} from ${program} within ${seconds} s (${missing.join()}); the tail of its log:\n${tail}`,
    );
  }
  return result.value;
}

/** The server writes its certificate before it listens; a file that is half written is not there yet. */
function readCertificate(file: string): Buffer {
  const content = readFileSync(file);
  const complete = content.toString('utf8').trimEnd().endsWith('-----END CERTIFICATE-----');
  if (!complete) throw new Error(`${file} is incomplete`);
  return content;
}

interface Files {
  readonly kubeconfig: string;
  readonly serviceAccountKey: string;
  readonly tokens: string;
  readonly stages: string;
  /** Made by kube-apiserver itself when it starts. */
  readonly ca: string;
}

function writeFiles(folder: string, token: string, apiPort: number): Files {
  const files: Files = {
    kubeconfig: join(folder, 'kubeconfig'),
    serviceAccountKey: join(folder, 'service-account.key'),
    tokens: join(folder, 'tokens.csv'),
    stages: join(folder, 'kubelet-stages.yaml'),
    ca: join(folder, 'apiserver', 'apiserver.crt'),
  };
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: `https://127.0.0.1:${apiPort}`, 'certificate-authority': files.ca } },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  writeFileSync(files.serviceAccountKey, key.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(files.tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  writeFileSync(
    files.stages,
    kubeletStages()
      .map((stage) => stringify(stage))
      .join('---\n'),
  );
  writeFileSync(files.kubeconfig, JSON.stringify(kubeconfig), { mode: 0o600 });
  return files;
}

function etcdFlags(folder: string, port: number, peerPort: number): string[] {
  const client = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    // The data lives as long as the test: waiting for the disk would only make it slow.
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

function apiServerFlags(folder: string, files: Files, etcdPort: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'apiserver')}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${files.tokens}`,
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.96.0.0/16',
    // Otherwise the server refuses privileged containers by itself, and Pod Security would not be what is tested.
    '--allow-privileged=true',
    `--default-not-ready-toleration-seconds=${LOST_NODE_TOLERATION_SECONDS}`,
    `--default-unreachable-toleration-seconds=${LOST_NODE_TOLERATION_SECONDS}`,
  ];
}

function controllerManagerFlags(files: Files, port: number): string[] {
  return [
    ...clientFlags(files, port),
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    '--use-service-account-credentials=true',
    // Autoscalers act after this time; without metrics all they do is to lift a workload to its minimum.
    '--horizontal-pod-autoscaler-sync-period=2s',
    // The default evicts one lost node in ten seconds.
    '--node-eviction-rate=10',
    '--node-monitor-period=1s',
  ];
}

function schedulerFlags(files: Files, port: number): string[] {
  return clientFlags(files, port);
}

function clientFlags(files: Files, port: number): string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${files.kubeconfig}-${port}`,
  ];
}

function kwokFlags(files: Files): string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    `--config=${files.stages}`,
    '--manage-all-nodes=true',
    `--node-lease-duration-seconds=${NODE_LEASE_SECONDS}`,
  ];
}
