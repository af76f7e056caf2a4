import * as fc from 'fast-check';
import {
  type AutoscaleProps,
  Disruption,
  type JobOptions,
  type Resources,
  Scaling,
  type ScalingBounds,
  type SpreadConstraint,
  type SpreadSelector,
} from '../../../src';
import type { CaracalOptions } from '../../../src/caracal';
import { CARACAL_SERVICES, type CaracalService } from '../../../src/caracal/mode';
import { among, dictionary, distinct, either, type Generators, mostly, settings, sparse } from './generators';
import { hugeNumber, labelKey, labelValue, text } from './names';
import { componentOnlyOptions, nodeKey, podOptions, resources } from './pods';
import { calls } from './recipe';
import { secretRef } from './secrets';
import { extraVolumes } from './volumes';

function bounds(min: readonly number[]): Generators<ScalingBounds> {
  return {
    min: mostly(among(...min), among(0, 50)),
    max: mostly(among(3, 4, 8), either(among(1), hugeNumber)),
  };
}

function autoscale(min: readonly number[]): Generators<AutoscaleProps> {
  const percent = mostly(among(1, 60, 80, 100), among(0, 101, 1.5));
  return {
    ...bounds(min),
    cpuPercent: percent,
    memoryPercent: percent,
  };
}

/** Number of replicas, with the fewest that the profile takes. */
export function scaling(least: number): fc.Arbitrary<unknown> {
  return mostly(
    either(
      calls('Scaling.fixed', Scaling.fixed, among(least, least + 1, 3)),
      settings<AutoscaleProps>('Scaling.auto', Scaling.auto, autoscale([least, 2, 3]), ['min', 'max', 'cpuPercent']),
      settings<ScalingBounds>('Scaling.external', Scaling.external, bounds([least, 2, 3]), ['min', 'max']),
    ),
    calls('Scaling.fixed', Scaling.fixed, either(among(0, 1, 1000), hugeNumber)),
    60,
  );
}

/** Budgets; one that keeps the only replica is refused. */
export function disruption(least: number): fc.Arbitrary<unknown> {
  return mostly(
    calls(
      'Disruption.maxUnavailable',
      Disruption.maxUnavailable,
      mostly(among(1), either(among(0, 2), hugeNumber), 150),
    ),
    calls('Disruption.minAvailable', Disruption.minAvailable, mostly(among(1), either(among(2, 3), hugeNumber), 150)),
    least === 1 ? 30 : 2,
  );
}

const selector: Generators<SpreadSelector> = {
  matchLabels: dictionary(labelKey, labelValue),
  matchExpressions: mostly(
    distinct(
      either(
        sparse({ key: labelKey, operator: among('In', 'NotIn'), values: distinct(labelValue, 1, 3) }, [
          'key',
          'operator',
          'values',
        ]),
        sparse({ key: labelKey, operator: among('Exists', 'DoesNotExist') }, ['key', 'operator']),
      ),
      0,
      2,
    ),
    among(
      [{ key: 'a', operator: 'In' }],
      [{ key: 'a', operator: 'Exists', values: ['b'] }],
      [{ key: 'a', operator: 'Gt', values: ['1'] }],
    ),
    15,
  ),
};

const HOST = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

const constraint: Generators<SpreadConstraint> = {
  topologyKey: mostly(among(HOST, ZONE, 'example.com/rack'), nodeKey, 6),
  maxSkew: mostly(among(1, 2, 5), either(among(0), hugeNumber), 150),
  whenUnsatisfiable: mostly(among('ScheduleAnyway', 'DoNotSchedule'), among('Never')),
  minDomains: mostly(among(1, 2), either(among(0), hugeNumber), 30),
  nodeAffinityPolicy: among('Honor', 'Ignore'),
  nodeTaintsPolicy: among('Honor', 'Ignore'),
  matchLabelKeys: mostly(
    among(['pod-template-hash'], ['team', 'app.kubernetes.io/version'], []),
    distinct(labelKey),
    8,
  ),
  labelSelector: sparse<SpreadSelector>(selector),
};

/** Rules that spread pods. */
export const topologySpread = mostly(
  either(
    fc.tuple(
      sparse<SpreadConstraint>({ ...constraint, whenUnsatisfiable: among('DoNotSchedule') }, [
        ...(['topologyKey', 'maxSkew', 'whenUnsatisfiable'] as const),
      ]),
    ),
    fc.tuple(
      sparse<Omit<SpreadConstraint, 'minDomains'>>(without(constraint), [
        'topologyKey',
        'maxSkew',
        'whenUnsatisfiable',
      ]),
      sparse<Omit<SpreadConstraint, 'minDomains'>>({ ...without(constraint), topologyKey: among('example.com/row') }, [
        ...(['topologyKey', 'maxSkew', 'whenUnsatisfiable'] as const),
      ]),
    ),
    fc.constant([]),
  ),
  distinct(sparse<SpreadConstraint>(constraint, ['topologyKey']), 0, 3),
  100,
);

function without({ minDomains: _needsDoNotSchedule, ...others }: Generators<SpreadConstraint>) {
  return others;
}

/** Variables that only some services read from a Secret. */
const SECRET_VARIABLES: Readonly<Partial<Record<CaracalService, readonly string[]>>> = {
  api: ['API_OPERATOR_AI_ACME_API_KEY', 'API_OPERATOR_AI_OTHER_API_KEY'],
  audit: ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'],
};

function serviceEnv(name: CaracalService): fc.Arbitrary<unknown> {
  const names = SECRET_VARIABLES[name] ?? [];
  return names.length === 0 ? podOptions.env : either(podOptions.env, dictionary(among(...names), secretRef));
}

function service(name: CaracalService, least: number, levels: readonly string[]): fc.Arbitrary<unknown> {
  const generators: Generators<CaracalOptions> = {
    ...podOptions,
    ...componentOnlyOptions,
    // Verifying secrets takes memory: a small request with a target of memory is refused.
    ...(name === 'sts' ? { resources: sparse<Resources>({ ...resources, memory: among('1Gi', '1536Mi') }) } : {}),
    env: serviceEnv(name),
    volumes: extraVolumes,
    scaling: scaling(least),
    disruption: disruption(least),
    topologySpread,
    logLevel: mostly(among(...levels), among('trace', 'verbose')),
  };
  return sparse<CaracalOptions>(generators, [], 3);
}

/** Options of every service, under a profile with this many replicas at least. */
export function services(
  least: number,
  levels: readonly string[],
): { readonly [Service in CaracalService]: fc.Arbitrary<unknown> } {
  return Object.fromEntries(CARACAL_SERVICES.map((name) => [name, service(name, least, levels)])) as never;
}

const job: Generators<JobOptions> = {
  ...podOptions,
  volumes: extraVolumes,
  rerun: text,
  backoffLimit: mostly(among(0, 1, 6), either(among(-1, 1.5), hugeNumber), 60),
  // Shorter ones would take the pods away while the run looks for them.
  deadlineSeconds: mostly(among(300, 3600), either(among(0), hugeNumber), 60),
};

/** Options of a Job. */
export const jobOptions = sparse<JobOptions>(job, [], 3);
