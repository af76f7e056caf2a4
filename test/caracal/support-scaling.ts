/** Resources, autoscalers, budgets of disruption and of connections against `resources.json` and `connections.json`. */
import { type Row, section } from '../contract/data';
import { envOf, rowsOf } from './support-env';
import { amount, type KubeObject, type PodView } from './support-objects';
import { type Built, FILES } from './support-world';

const RULES = new Map(section(FILES, 'resources', 'rules').map((row) => [String(row.id), row]));

function rule(id: string): Row {
  const row = RULES.get(id);
  if (row === undefined) throw new RangeError(`no rule ${id} in resources.json`);
  return row;
}

type Amounts = Record<string, string> | undefined;

function figureProblems(row: Row, view: PodView): string[] {
  return (['requests', 'limits'] as const).flatMap((list) =>
    Object.entries(row[list] as Record<string, string>).flatMap(([resource, wanted]) => {
      const given = (view.main.resources?.[list] as Amounts)?.[resource];
      const ok =
        given !== undefined &&
        (row.match === 'exact' ? amount(given) === amount(wanted) : amount(given) >= amount(wanted));
      return ok ? [] : [`${list} ${resource} ${String(given)} instead of ${wanted}`];
    }),
  );
}

function containerProblems({ pod }: PodView): string[] {
  const fields = [...(rule('memoryLimit').fields as string[]), ...(rule('ephemeralStorage').fields as string[])];
  return [...(pod.initContainers ?? []), ...pod.containers].flatMap(({ name, resources }) => {
    const requests = resources?.requests as Amounts;
    const limits = resources?.limits as Amounts;
    return [
      ...fields.filter((field) => {
        const [list, resource = ''] = field.split('.');
        return (list === 'requests' ? requests : limits)?.[resource] === undefined;
      }),
      ...Object.entries(requests ?? {})
        .filter(([resource, request]) => limits?.[resource] !== undefined && amount(request) > amount(limits[resource]))
        .map(([resource]) => `more ${resource} than the limit`),
    ].map((text) => `container ${name}: ${text}`);
  });
}

/** Memory that a program needs beside its own: a fork, shared memory, a folder in memory. */
function memoryProblems(view: PodView): string[] {
  const limit = amount((view.main.resources?.limits as Amounts)?.memory ?? 0);
  const inMemory = (view.pod.volumes ?? [])
    .filter(({ emptyDir }) => emptyDir?.medium === 'Memory')
    .reduce((sum, { emptyDir }) => sum + amount(emptyDir?.sizeLimit ?? 0), 0);
  const [, dataSet = '0', unit = 'mb'] = /^(\d+)(mb|gb)$/.exec(envOf(view).get('REDIS_MAXMEMORY') ?? '') ?? [];
  const least: Record<string, number> = {
    redis: Number(dataSet) * (unit === 'gb' ? 2 ** 30 : 2 ** 20) * Number(rule('redisFork').ratio),
    postgres: amount(rule('shmCounts').limitMemoryMin),
  };
  return [
    ...(limit < (least[view.component] ?? 0) ? [`a memory limit of ${limit} is too small`] : []),
    ...(limit <= inMemory ? ['the folders in memory take all of the memory limit'] : []),
  ];
}

/** Requests and limits of every container. */
export function resourceDifferences(built: Built): string[] {
  const rows = rowsOf(built, 'resources', 'containers');
  return built.emitted.pods.flatMap((view) =>
    [
      ...rows.filter((row) => row.component === view.component).flatMap((row) => figureProblems(row, view)),
      ...containerProblems(view),
      ...memoryProblems(view),
    ].map((text) => `${view.component}: ${text}`),
  );
}

/** A target of the component's own container: one of the whole pod would count what is injected, too. */
function metric(hpa: KubeObject, view: PodView, name: string): number | undefined {
  const metrics = hpa.spec.metrics as {
    type: string;
    containerResource?: { container: string; name: string; target: { type: string; averageUtilization: number } };
  }[];
  const found = metrics.find(({ containerResource }) => containerResource?.name === name);
  return found?.type === 'ContainerResource' &&
    found.containerResource?.container === view.main.name &&
    found.containerResource.target.type === 'Utilization'
    ? found.containerResource.target.averageUtilization
    : undefined;
}

function scalerProblems(row: Row, hpa: KubeObject, view: PodView): string[] {
  const { minReplicas, maxReplicas, scaleTargetRef, behavior } = hpa.spec;
  const memory = metric(hpa, view, 'memory');
  const request = amount((view.main.resources?.requests as Amounts)?.memory ?? 0);
  const needed = amount(rule('stsMemoryTarget').requestMemoryMin);
  return [
    ...(hpa.apiVersion === 'autoscaling/v2' ? [] : [`is ${hpa.apiVersion}`]),
    ...(scaleTargetRef.apiVersion === 'apps/v1' &&
    scaleTargetRef.kind === view.workload.kind &&
    scaleTargetRef.name === view.workload.metadata.name
      ? []
      : ['scales something else']),
    ...(minReplicas === row.min ? [] : [`minimum ${String(minReplicas)}`]),
    ...((
      row.maxMatch === 'exact' ? maxReplicas === row.max : maxReplicas <= Number(row.max) && maxReplicas >= minReplicas
    )
      ? []
      : [`maximum ${String(maxReplicas)}`]),
    ...(metric(hpa, view, 'cpu') === row.cpuPercent ? [] : [`cpu target ${String(metric(hpa, view, 'cpu'))}`]),
    ...(memory === row.memoryPercent || (memory === undefined && row.memoryOptional === true)
      ? []
      : [`memory target ${String(memory)}`]),
    ...(view.component === 'sts' && memory !== undefined && request < needed
      ? ['a memory target below the floor of the program']
      : []),
    ...(behavior?.scaleDown?.stabilizationWindowSeconds === row.scaleDownStabilizationSeconds
      ? []
      : ['scales down at once']),
    ...(view.workload.spec.replicas === undefined ? [] : ['replicas are written beside the autoscaler']),
  ];
}

/** Autoscalers and replicas: each component with a row has one, nobody else has. */
export function scalingDifferences(built: Built): string[] {
  const rows = rowsOf(built, 'resources', 'hpa');
  const scalers = built.emitted.of('HorizontalPodAutoscaler');
  const targets = rows.map((row) => built.emitted.pod(String(row.component))?.workload.metadata.name);
  return [
    ...rows.flatMap((row) => {
      const view = built.emitted.pod(String(row.component));
      const hpa = scalers.find(({ spec }) => spec.scaleTargetRef.name === view?.workload.metadata.name);
      const problems = view === undefined || hpa === undefined ? ['has no autoscaler'] : scalerProblems(row, hpa, view);
      return problems.map((text) => `${String(row.component)}: ${text}`);
    }),
    ...scalers
      .filter(({ spec }) => !targets.includes(spec.scaleTargetRef.name))
      .map(({ metadata }) => `${metadata.name}: nobody expects it`),
    ...built.emitted.pods
      .filter(({ component, workload }) => workload.kind !== 'Job' && !rows.some((row) => row.component === component))
      .filter(({ workload }) => workload.spec.replicas !== 1)
      .map(({ component }) => `${component}: not one replica`),
  ];
}

/** Budgets of disruption: those that are wanted, and none that would block a drain. */
export function disruptionDifferences(built: Built): string[] {
  const rows = rowsOf(built, 'resources', 'pdb');
  const none = rowsOf(built, 'resources', 'noPdb').map((row) => String(row.component));
  const budgetOf = (view: PodView | undefined) =>
    built.emitted
      .of('PodDisruptionBudget')
      .filter(({ spec }) => JSON.stringify(spec.selector) === JSON.stringify(view?.workload.spec.selector));
  return [
    ...rows.flatMap((row) => {
      const budgets = budgetOf(built.emitted.pod(String(row.component)));
      const [budget] = budgets;
      if (budget === undefined || budgets.length > 1) return [`${String(row.component)}: ${budgets.length} budgets`];
      const { maxUnavailable, minAvailable, unhealthyPodEvictionPolicy } = budget.spec;
      return maxUnavailable === row.maxUnavailable &&
        minAvailable === undefined &&
        unhealthyPodEvictionPolicy === row.unhealthyPodEvictionPolicy
        ? []
        : [`${String(row.component)}: ${JSON.stringify(budget.spec)}`];
    }),
    ...(built.emitted.of('PodDisruptionBudget').length === rows.length ? [] : ['a budget that nobody expects']),
    ...none
      .filter((component) => built.emitted.ofComponent('PodDisruptionBudget', component).length > 0)
      .map((component) => `${component}: has a budget`),
  ];
}

/** The connection budget, counted again from the emitted objects with the formula of the data. */
export function connectionDifferences(built: Built): string[] {
  const replicas = (view: PodView): number => {
    const hpa = built.emitted
      .of('HorizontalPodAutoscaler')
      .find(({ spec }) => spec.scaleTargetRef.name === view.workload.metadata.name);
    return Number(hpa?.spec.maxReplicas ?? view.workload.spec.replicas);
  };
  const pools = new Map(rowsOf(built, 'connections', 'pools').map((row) => [String(row.component), row]));
  const poolOf = (component: string): number => {
    const row = pools.get(component);
    const view = built.emitted.pod(component);
    // A smaller pool may be set; then the budget is on the safe side. No world of these tests sets one.
    if (view !== undefined && envOf(view).has(String(row?.setting))) {
      throw new Error(`${component} has a pool of its own`);
    }
    return Number(row?.poolPerPod) + Number(row?.outsidePool);
  };
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
  const reserved = Number(rowsOf(built, 'connections', 'formula').find(({ id }) => id === 'reserved')?.value);
  const wanted = {
    pods: sum(
      [...pools.keys()].map((component) => {
        const view = built.emitted.pod(component);
        return view === undefined ? Number.NaN : replicas(view) * poolOf(component);
      }),
    ),
    surge: sum(
      rowsOf(built, 'connections', 'surge').map((row) => Number(row.extraPods) * poolOf(String(row.component))),
    ),
    jobs: sum(rowsOf(built, 'connections', 'jobs').map((row) => Number(row.connections))),
    reserved,
  };
  const budget = built.stack.connectionBudget();
  const needed = sum(Object.values(wanted));
  return [
    ...(Object.keys(wanted) as (keyof typeof wanted)[])
      .filter((part) => budget[part] !== wanted[part])
      .map((part) => `${part}: ${budget[part]} instead of ${wanted[part]}`),
    ...(budget.needed === needed ? [] : [`needed: ${budget.needed} instead of ${needed}`]),
    ...(budget.needed <= budget.available ? [] : [`${budget.available} connections are too few`]),
  ];
}
