import type { Advice, Checks } from '../core/checks';
import { adviceOf, type Place } from '../core/habits';
import { PODS_PLACE } from '../stack/advice';
import { STACK_HABITS } from '../stack/habits';
import { OPTION_HABITS } from '../workload/habits';
import { COMPONENT_OPTION_CHECKS } from '../workload/options';
import { CARACAL_HABITS, poolAdvice, SERVICE_HABITS } from './habits';

/** Properties of the stack's groups, by name: where a name is at home that stands somewhere else. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  limits: [
    ...['mintsPerMinute', 'apiRequestsPerMinute', 'policyPollSeconds', 'auditRetentionDays', 'privateEgressHosts'],
    ...['gatewayUpstreamHosts', 'connectionsPerPod', 'coordinator'],
  ],
  monitoring: ['thresholds', 'redisExporter'],
  rotation: ['encryptionKey', 'idempotencyKey'],
  administration: ['gatewayReload'],
  auditExport: ['bucket', 'region', 'endpoint', 'targets'],
  origins: ['console'],
  egress: ['issuer'],
};

/** Properties of the stack itself that are looked for inside of its groups and components. */
const TOP: readonly string[] = [
  ...['origins', 'signIn', 'operators', 'postgres', 'redis', 'secrets', 'exposure', 'replayPersistence', 'mirror'],
  ...[
    'trust',
    'telemetry',
    'clients',
    'control',
    'secretBackend',
    'webDiagnostics',
    'gatewayPaths',
    'rules',
    'profile',
    'cluster',
  ],
  ...['release', 'instance', 'names', 'namespace'],
];

const namesOf = (names: readonly string[]): Checks<never> =>
  Object.fromEntries(names.map((name) => [name, () => undefined])) as unknown as Checks<never>;

const groupPlaces = (except?: string): Place[] =>
  Object.entries(GROUPS)
    .filter(([group]) => group !== except)
    .map(([group, names]) => ({
      where: `\`${group}\` of the stack`,
      checks: namesOf(names),
      line: (property) => `${group}: { ${property} }`,
    }));

const TOP_PLACE: Place = { where: 'the stack itself', checks: namesOf(TOP), line: (property) => property };

const SERVICE_PLACE: Place = {
  where: 'a component',
  checks: { ...COMPONENT_OPTION_CHECKS, ...namesOf(['logLevel']) } as Checks<never>,
  line: (property) => `sts: { ${property} }`,
};

/** Advice about properties of the stack. */
export const CARACAL_ADVICE: Advice = adviceOf(
  [...CARACAL_HABITS, ...STACK_HABITS],
  [...groupPlaces(), SERVICE_PLACE, PODS_PLACE],
);

/** Advice about properties of a group. */
export function groupAdvice(group: string): Advice {
  return adviceOf([], [TOP_PLACE, ...groupPlaces(group)]);
}

/** Advice about options of a component or Job. */
export function serviceAdvice(component: string): Advice {
  const general = adviceOf([...SERVICE_HABITS, ...OPTION_HABITS], [TOP_PLACE, ...groupPlaces()]);
  return (property, given) => poolAdvice(component, property, given) ?? general(property, given);
}
