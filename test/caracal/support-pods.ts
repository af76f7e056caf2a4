/** Workloads, files, probes and Jobs of the emitted pods against `workloads.json`. Each check returns what differs. */
import type { Container } from '../../src/core/kubernetes';
import type { Row } from '../contract/data';
import { envOf, rowsOf, runtimeSecret, trustConfigMap } from './support-env';
import { amount, type MountView, mountsOf, type PodView } from './support-objects';
import { MANIFEST, NAMES } from './support-props';
import type { Built } from './support-world';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Compares the rows of each component with its pods. */
function each(built: Built, list: string, compare: (row: Row, view: PodView) => string[]): string[] {
  return rowsOf(built, 'workloads', list).flatMap((row) => {
    const view = built.emitted.pod(String(row.component));
    return (view === undefined ? ['has no pods'] : compare(row, view)).map(
      (text) => `${String(row.component)}: ${text}`,
    );
  });
}

function argumentProblems(row: Row, args: readonly string[], needed: number): string[] {
  const wanted =
    (row.argsMustInclude as { flag: string; valuePattern: string; min: number; covers?: string }[] | undefined) ?? [];
  return wanted.flatMap(({ flag, valuePattern, min, covers }) => {
    const values = args.flatMap((arg, index) =>
      args[index - 1] === flag ? [new RegExp(valuePattern).exec(arg)?.[1]] : [],
    );
    const numbers = values.filter((value) => value !== undefined).map(Number);
    const least = covers === undefined ? min : Math.max(min, needed);
    return numbers.some((number) => number >= least)
      ? []
      : [`arguments lack ${flag} ${valuePattern} of at least ${least}`];
  });
}

/** Kind, image, command, user and port of every pod, and no pod too many. */
export function workloadDifferences(built: Built): string[] {
  const rows = rowsOf(built, 'workloads', 'workloads');
  const { profile } = built.world;
  const strays = built.emitted.pods.filter(({ component }) => !rows.some((row) => row.component === component));
  const names = built.emitted.pods.map(({ component }) => component);
  return [
    ...strays.map(({ component }) => `${component}: nobody expects these pods`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name}: more than one workload`),
    ...each(built, 'workloads', (row, { workload, pod, main }) => {
      const key = String(row.image);
      const pinned = profile === 'dev' ? '' : `@${String(MANIFEST.imageDigests[key])}`;
      const images = [
        `${String(MANIFEST.images[key])}${pinned}`,
        `${String(MANIFEST.images[key]).replace(/:v[^:]*$/, '')}${pinned}`,
      ];
      const security = pod.securityContext;
      const port = (main.ports ?? []).find(({ containerPort }) => containerPort === row.port);
      return [
        ...((row.kinds as string[]).includes(workload.kind) ? [] : [`is a ${workload.kind}`]),
        ...(pod.containers.length === 1 ? [] : ['runs a second container']),
        ...(row.component === 'auth-migrate' || (pod.initContainers ?? []).length === 0
          ? []
          : ['runs an init container']),
        ...(images.includes(main.image ?? '') ? [] : [`runs ${String(main.image)}, not the image ${key}`]),
        ...(same(main.command ?? [], row.command) ? [] : [`command is ${String(main.command)}`]),
        ...(row.args === undefined || same(main.args ?? [], row.args) ? [] : [`args are ${String(main.args)}`]),
        ...argumentProblems(row, main.args ?? [], built.stack.connectionBudget().needed),
        ...(security?.runAsUser === row.uid && security?.runAsGroup === row.gid
          ? []
          : [`runs as ${String(security?.runAsUser)}`]),
        ...(security?.fsGroup === row.fsGroup ? [] : [`fsGroup is ${String(security?.fsGroup)}`]),
        ...(row.port === null && (main.ports ?? []).length > 0 ? ['a Job listens'] : []),
        ...(row.port !== null && port === undefined ? [`does not listen on ${String(row.port)}`] : []),
        ...(row.port !== null && (main.ports ?? []).length > 1 ? ['listens on more than one port'] : []),
        ...(row.portName === null || port?.name === row.portName ? [] : [`the port is called ${String(port?.name)}`]),
      ];
    }),
  ];
}

function mountFits(built: Built, row: Row, view: MountView): boolean {
  if (row.path !== '*' && view.mount.mountPath !== row.path) return false;
  const sources = [...view.files.values()];
  if (row.holds === 'caBundle') {
    return sources.some(({ object, key }) => object === trustConfigMap(built) && key === NAMES.trust.key);
  }
  return row.holds !== 'secretFiles' || (view.kind === 'secret' && sources.length > 0);
}

function mountProblems(built: Built, row: Row, view: MountView, pod: PodView): string[] {
  const emptyDir = view.volume?.emptyDir;
  const claim = view.claim?.spec;
  const file = row.file === undefined ? undefined : view.files.get(String(row.file));
  const content = file === undefined ? undefined : built.emitted.find('ConfigMap', file.object)?.data?.[file.key];
  return [
    ...((row.kinds as string[]).includes(view.kind) ? [] : [`is a ${view.kind}`]),
    ...((view.mount.readOnly ?? false) === row.readOnly ? [] : [`readOnly is ${String(view.mount.readOnly)}`]),
    ...(row.sizeLimit === undefined ||
    (row.sizeLimit === 'any' ? emptyDir?.sizeLimit !== undefined : emptyDir?.sizeLimit === row.sizeLimit)
      ? []
      : [`sizeLimit is ${String(emptyDir?.sizeLimit)}`]),
    ...(row.medium === undefined || emptyDir?.medium === row.medium ? [] : [`medium is ${String(emptyDir?.medium)}`]),
    ...(row.claimName === undefined || view.claim?.metadata.name === row.claimName
      ? []
      : ['the claim has another name']),
    ...(row.accessMode === undefined || same(claim?.accessModes, [row.accessMode])
      ? []
      : ['the access mode is another one']),
    ...(row.sizeMin === undefined || amount(claim?.resources?.requests?.storage ?? 0) >= amount(row.sizeMin)
      ? []
      : ['the claim is too small']),
    ...(row.file !== undefined && file === undefined ? [`holds no ${String(row.file)}`] : []),
    ...(row.content === undefined || content === row.content ? [] : [`${String(row.file)} holds ${String(content)}`]),
    ...(view.kind === 'configMap' && row.file !== undefined && view.files.size !== 1 ? ['shows other files too'] : []),
    ...(view.kind === 'configMap' && row.file !== undefined && content === undefined
      ? ['shows a ConfigMap without the file']
      : []),
    ...(pod.main.volumeMounts?.some(({ subPath }) => subPath !== undefined) === true
      ? ['a subPath is never updated']
      : []),
  ];
}

/** Every mount of every main container: those that are wanted, and no writable one beside them. */
export function mountDifferences(built: Built): string[] {
  const rows = rowsOf(built, 'workloads', 'mounts');
  return [
    ...each(built, 'mounts', (row, view) => {
      const fitting = mountsOf(view).filter((mount) => mountFits(built, row, mount));
      if (row.presence === 'forbidden') return fitting.length > 0 ? [`${String(row.path)} is mounted`] : [];
      if (fitting.length === 0) return row.presence === 'required' ? [`nothing is mounted at ${String(row.path)}`] : [];
      return fitting.flatMap((mount) =>
        mountProblems(built, row, mount, view).map((text) => `${mount.mount.mountPath} ${text}`),
      );
    }),
    ...built.emitted.pods.flatMap((view) =>
      mountsOf(view)
        .filter(
          (mount) =>
            !rows.some(
              (row) => row.component === view.component && row.presence !== 'forbidden' && mountFits(built, row, mount),
            ),
        )
        .map(({ mount }) => `${view.component}: nobody expects a mount at ${mount.mountPath}`),
    ),
  ];
}

function portNumber(view: PodView, port: unknown): unknown {
  return typeof port === 'number' ? port : view.main.ports?.find(({ name }) => name === port)?.containerPort;
}

/** Startup, liveness and readiness: what is asked, where, and how long an answer may take. */
export function probeDifferences(built: Built): string[] {
  return each(built, 'probes', (row, view) => {
    const probe = {
      startup: view.main.startupProbe,
      liveness: view.main.livenessProbe,
      readiness: view.main.readinessProbe,
    }[String(row.probe)];
    if (probe === undefined) return [`no ${String(row.probe)} probe`];
    const { httpGet, tcpSocket, exec, timeoutSeconds = 1, periodSeconds = 10, failureThreshold = 3 } = probe;
    const type = httpGet !== undefined ? 'http' : tcpSocket !== undefined ? 'tcp' : 'exec';
    const command = (exec?.command ?? []).join(' ').split(/[\s"']+/);
    const words = (row.commandIncludes as string[] | undefined) ?? [];
    return [
      ...(type === row.type ? [] : [`asks by ${type}`]),
      ...(type !== 'http' || httpGet?.path === row.path ? [] : [`asks ${String(httpGet?.path)}`]),
      ...(row.mustNotPath !== undefined && JSON.stringify(probe).includes(String(row.mustNotPath))
        ? [`asks ${String(row.mustNotPath)}`]
        : []),
      ...(row.port === undefined || portNumber(view, (httpGet ?? tcpSocket)?.port) === row.port
        ? []
        : ['asks another port']),
      ...words.filter((word) => !command.includes(word)).map((word) => `does not call ${word}`),
      ...(periodSeconds * failureThreshold >= Number(row.periodSeconds) * Number(row.failureThreshold)
        ? []
        : [`gives up after ${periodSeconds * failureThreshold} s`]),
      ...(timeoutSeconds >= Number(row.timeoutSecondsMin) ? [] : [`waits ${timeoutSeconds} s only`]),
      ...(timeoutSeconds <= periodSeconds ? [] : ['asks again before the answer may be late']),
    ].map((text) => `${String(row.probe)} ${text}`);
  });
}

/** preStop and grace: the service has time to leave the endpoints, to end its work, and a margin. */
export function lifecycleDifferences(built: Built): string[] {
  return each(built, 'lifecycle', (row, { pod, main }) => {
    const sleep = main.lifecycle?.preStop?.sleep.seconds ?? 0;
    const longer = Math.max(0, sleep - Number(row.preStopSecondsMin));
    const grace = pod.terminationGracePeriodSeconds ?? 30;
    return [
      ...(sleep >= Number(row.preStopSecondsMin) ? [] : [`sleeps ${sleep} s before it stops`]),
      ...(grace >= Number(row.terminationGraceSecondsMin) + longer
        ? []
        : [`grace is ${grace} s after ${sleep} s of sleep`]),
    ];
  });
}

/** Limits of the Jobs, and what waits for what. */
export function jobDifferences(built: Built): string[] {
  return each(built, 'jobs', (row, { workload, pod }) => {
    const { spec } = workload;
    const needsRole = (row.waitsFor as string[]).includes('migrate');
    return [
      ...(spec.backoffLimit === row.backoffLimit ? [] : [`backoffLimit is ${String(spec.backoffLimit)}`]),
      ...(spec.activeDeadlineSeconds === row.activeDeadlineSeconds
        ? []
        : [`deadline is ${String(spec.activeDeadlineSeconds)}`]),
      ...(pod.restartPolicy === row.restartPolicy ? [] : [`restartPolicy is ${String(pod.restartPolicy)}`]),
      ...(spec.ttlSecondsAfterFinished === undefined ? [] : ['is removed when it has finished']),
      ...(needsRole ? waitProblems(built, pod.initContainers ?? []) : []),
    ];
  });
}

/**
 * The migration makes a role's login possible, so a login of that role proves that it has run. The waiting container
 * finds the server as the migration does, knows the role's password and nothing else.
 */
function waitProblems(built: Built, containers: readonly Container[]): string[] {
  const [waiting, ...more] = containers;
  const view = built.emitted.pod('auth-migrate');
  const migrate = built.emitted.pod('migrate');
  if (waiting === undefined || view === undefined || migrate === undefined || more.length > 0) {
    return [`${containers.length} containers wait`];
  }
  const env = new Map((waiting.env ?? []).map(({ name, value }) => [name, value]));
  const shared = ['PGHOST', 'PGPORT', 'PGSSLMODE', 'PGSSLROOTCERT', 'PGCONNECT_TIMEOUT'];
  const server = envOf(migrate);
  const secrets = mountsOf(view, waiting).filter(({ kind }) => kind === 'secret');
  const files = secrets.flatMap(({ mount, files: shown }) =>
    [...shown].map(([path, source]) => ({ path: `${mount.mountPath}/${path}`, ...source })),
  );
  const [password] = files;
  const trust = mountsOf(view, waiting).filter(({ kind }) => kind === 'configMap');
  const bundle = trust.flatMap(({ mount, files: shown }) =>
    [...shown].map(([path, source]) => [`${mount.mountPath}/${path}`, source.object]),
  );
  const root = env.get('PGSSLROOTCERT');
  return [
    ...shared
      .filter((name) => env.get(name) !== server.get(name))
      .map((name) => `waits with ${name}=${String(env.get(name))}`),
    ...(env.get('PGUSER') === 'caracalauth' && env.get('PGDATABASE') === 'postgres'
      ? []
      : ['waits for another role or database']),
    ...(waiting.image === migrate.main.image ? [] : [`waits with the image ${String(waiting.image)}`]),
    ...(files.length === 1 && password?.object === runtimeSecret(built) && password.key === 'authDbPassword'
      ? []
      : ['waits with other secrets']),
    ...((waiting.command ?? []).join(' ').includes(String(password?.path))
      ? []
      : ['does not read the password that it mounts']),
    ...((waiting.volumeMounts ?? []).every(({ readOnly }) => readOnly === true) ? [] : ['writes while it waits']),
    ...(root?.startsWith('/') !== true ||
    bundle.some(([path, object]) => path === root && object === trustConfigMap(built))
      ? []
      : ['has no CA bundle']),
    ...[...env.keys()]
      .filter((name) => !shared.includes(name) && !['PGUSER', 'PGDATABASE'].includes(name))
      .map((name) => `waits with ${name}`),
  ];
}
