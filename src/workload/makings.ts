import type { Making } from '../core/brand';
import { code } from '../core/code';
import { fieldsOf, oneOfFields, wholeNumber } from '../core/fields';
import { dnsNameProblem } from '../core/text';

/** What a scaling holds: nobody decides, somebody else, or targets of an autoscaler. */
interface ScalingFields {
  readonly min: number;
  readonly max: number;
  readonly decider: object | 'external' | undefined;
}

/** How a scaling is made of a number, and of what autoscalers and charts call it. */
export const SCALING_MAKING: Making = {
  example: 'Scaling.auto({ min: 2, max: 6, cpuPercent: 70 })',
  from: (given) => {
    const fields = fieldsOf(given);
    const fixed = wholeNumber(oneOfFields(fields, 'replicas', 'replicaCount', 'fixed') ?? given);
    const min = wholeNumber(oneOfFields(fields, 'min', 'minReplicas'));
    const max = wholeNumber(oneOfFields(fields, 'max', 'maxReplicas'));
    if (max !== undefined) {
      const targets = {
        cpuPercent: wholeNumber(oneOfFields(fields, 'cpuPercent', 'targetCPUUtilizationPercentage', 'cpu')),
        memoryPercent: wholeNumber(oneOfFields(fields, 'memoryPercent', 'targetMemoryUtilizationPercentage', 'memory')),
      };
      const aims = Object.entries(targets).filter(([, percent]) => percent !== undefined);
      const bounds = { min: min ?? Math.min(2, max), max };
      return `Scaling.auto(${code({ ...bounds, ...(aims.length === 0 ? { cpuPercent: 70 } : Object.fromEntries(aims)) })})`;
    }
    return fixed !== undefined && fixed >= 1 ? `Scaling.fixed(${fixed})` : undefined;
  },
  print: ({ min, max, decider }: ScalingFields) =>
    decider === undefined
      ? `Scaling.fixed(${min})`
      : decider === 'external'
        ? `Scaling.external({ min: ${min}, max: ${max} })`
        : `Scaling.auto({ min: ${min}, max: ${max}, ... })`,
};

/** How a disruption budget is made of a number, and of what a PodDisruptionBudget says. */
export const DISRUPTION_MAKING: Making = {
  example: 'Disruption.maxUnavailable(1)',
  from: (given) => {
    const fields = fieldsOf(given);
    const minimum = wholeNumber(fields.minAvailable);
    const maximum = wholeNumber(fields.maxUnavailable ?? given);
    return minimum !== undefined && minimum >= 1
      ? `Disruption.minAvailable(${minimum})`
      : maximum !== undefined && maximum >= 1
        ? `Disruption.maxUnavailable(${maximum})`
        : undefined;
  },
};

/** How far a pod is locked in, of what security contexts say. */
export const SECURITY_MAKING: Making = {
  example: 'PodSecurity.restricted()',
  from: (given) =>
    given === 'relaxed' || given === false || fieldsOf(given).readOnlyRootFilesystem === false
      ? 'PodSecurity.relaxed({ reason: "..." })'
      : undefined,
};

/** How certificates of authorities are named, of a ConfigMap or as text. */
export const TRUST_MAKING: Making = {
  example: 'TrustBundle.fromConfigMap({ configMap: "private-ca" })',
  from: (given) => {
    // Never the text itself: it may hold a key.
    if (typeof given === 'string' && (given.includes('-----') || given.includes('/'))) {
      return `TrustBundle.fromPem(readFileSync("ca.crt", "utf8"))`;
    }
    const fields = fieldsOf(given);
    const name = oneOfFields(fields, 'configMap', 'configMapName', 'name') ?? given;
    const { key } = fields;
    return typeof name === 'string' && dnsNameProblem(name) === undefined
      ? `TrustBundle.fromConfigMap(${code({ configMap: name, ...(typeof key === 'string' ? { key } : {}) })})`
      : undefined;
  },
};
