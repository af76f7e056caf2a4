import { adviceOf } from '../core/habits';
import { POD_DEFAULTS_CHECKS } from '../workload/pod-defaults';
import { PODS_HABITS, STACK_HABITS } from './habits';

/** Where settings of all pods are at home. */
export const PODS_PLACE = {
  where: 'the settings of all pods',
  checks: POD_DEFAULTS_CHECKS,
  line: (property: string): string => `pods: { ${property} }`,
};

/** Advice about the properties of every stack. */
export const STACK_ADVICE = adviceOf(STACK_HABITS, [PODS_PLACE]);

/** Advice about `pods`. */
export const PODS_ADVICE = adviceOf(PODS_HABITS);
