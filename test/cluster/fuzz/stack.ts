import * as fc from 'fast-check';
import type { CaracalCommonProps, CaracalDevProps, CaracalProductionProps } from '../../../src/caracal';
import { Exposure } from '../../../src';
import { anyCluster, fullCluster, kindCluster } from './cluster';
import { jobOptions, services } from './components';
import { postgresForDev, postgresForProduction, redisForDev, redisForProduction } from './data';
import {
  exposureForDev,
  exposureForProduction,
  gatewayPaths,
  operators,
  originsForDev,
  originsForProduction,
  signIn,
} from './exposure';
import { among, type Generators, mostly, some, sparse } from './generators';
import { instance, names } from './names';
import { peerLike } from './network';
import * as platform from './platform';
import { objectAnnotations, objectLabels, podDefaults } from './pods';
import { calls } from './recipe';
import { secretBackend } from './backend';
import { derivedSource, existingSource, externalSource, trust } from './secrets';

const flag = among(true, false);

const common: Omit<Generators<CaracalCommonProps>, keyof ReturnType<typeof services>> = {
  namespace: platform.namespace,
  instance,
  names,
  labels: objectLabels,
  annotations: objectAnnotations,
  pods: podDefaults,
  mirror: platform.mirror,
  trust,
  telemetry: platform.telemetry,
  clients: mostly(some(peerLike, 0, 3), some(peerLike, 20, 50), 10),
  egress: platform.egress,
  control: flag,
  webDiagnostics: flag,
  rotation: platform.rotation,
  administration: platform.administration,
  limits: platform.limits([4, 20, 100]),
  secretBackend,
  auditExport: platform.auditExport,
  gatewayPaths,
  rules: platform.rules,
  monitoring: platform.monitoring(flag),
  migration: jobOptions,
  authMigration: jobOptions,
};

const production: Generators<CaracalProductionProps> = {
  ...common,
  ...services(2, ['info', 'warn', 'error']),
  profile: among('production', 'rc'),
  cluster: anyCluster,
  release: platform.release(false),
  origins: originsForProduction,
  signIn: signIn(false, 1),
  operators,
  postgres: postgresForProduction,
  redis: redisForProduction,
  secrets: mostly(externalSource, existingSource, 1),
  exposure: exposureForProduction,
  replayPersistence: platform.replayPersistence(false),
};

const dev: Generators<CaracalDevProps> = {
  ...common,
  ...services(1, ['trace', 'debug', 'info', 'warn', 'error']),
  limits: platform.limits([4, 10, 20]),
  // Outside of a full cluster there is no Prometheus.
  monitoring: platform.monitoring(mostly(among(false), among(true), 10)),
  profile: among('dev'),
  secrets: mostly(derivedSource, existingSource, 3),
  cluster: kindCluster,
  release: platform.release(true),
  origins: originsForDev,
  signIn: signIn(true, 0),
  operators,
  postgres: postgresForDev,
  redis: redisForDev,
  exposure: calls('Exposure.none', Exposure.none),
  replayPersistence: platform.replayPersistence(true),
};

const REQUIRED = [
  ...(['profile', 'namespace', 'cluster', 'release', 'origins', 'signIn', 'operators'] as const),
  ...(['postgres', 'redis', 'secrets', 'exposure'] as const),
];

// Six backends share one property: in every program, each of them comes often enough.
const published = sparse<CaracalProductionProps>(production, [...REQUIRED, 'secretBackend']);
// A password wants operators.
const laptop = sparse<CaracalDevProps>(dev, ['profile', 'namespace', 'secrets', 'postgres', 'operators']);
const smallest = sparse<CaracalDevProps>(dev, ['profile', 'namespace', 'secrets'], 1);
const exposedDev = sparse<CaracalDevProps>(
  {
    ...dev,
    cluster: fullCluster,
    exposure: exposureForDev,
    monitoring: platform.monitoring(flag),
    secrets: mostly(derivedSource, externalSource, 2),
  },
  ['profile', 'namespace', 'secrets', 'cluster', 'exposure', 'origins', 'postgres', 'operators'],
);

/** Properties of stacks in all profiles. */
export const stackProps: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  { weight: 5, arbitrary: published },
  { weight: 2, arbitrary: laptop },
  { weight: 1, arbitrary: smallest },
  { weight: 2, arbitrary: exposedDev },
);
