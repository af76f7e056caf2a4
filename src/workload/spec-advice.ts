import type { Advice, Checks } from '../core/checks';
import { adviceOf, type Habit } from '../core/habits';
import { OPTION_HABITS } from './habits';
import { COMPONENT_OPTION_CHECKS, POD_OPTION_CHECKS } from './options';
import { CONTENT_HABITS, SPEC_HABITS } from './spec-habits';

/** What advice about a spec has to know. */
interface Subject {
  /** Name of the construct. */
  readonly construct: string;
  /** What users of other tools write for it. */
  readonly habits: readonly Habit[];
  /** Properties of the spec that `OPTION_HABITS` may name. */
  readonly shared: readonly string[];
  /** Checks of its options. */
  readonly options: Checks<never>;
}

/** Advice about the properties of a spec: names of other tools, and options, which are an argument of their own. */
function specAdvice({ construct, habits, shared, options }: Subject): Advice {
  const own = adviceOf(habits, [
    {
      where: 'the options',
      checks: options,
      line: (property) => `new ${construct}(stack, "...", { ... }, { ${property} })`,
    },
  ]);
  const general = adviceOf(OPTION_HABITS);
  return (property, given) => {
    const fix = own(property, given);
    if (fix !== undefined) {
      return fix;
    }
    const other = general(property, given);
    const written = /^write (\w+):/.exec(other ?? '')?.[1];
    if (other === undefined || written === undefined || shared.includes(written)) {
      return other;
    }
    return Object.hasOwn(options, written)
      ? other.replace(/^write /, 'write in the options, behind the spec: ')
      : undefined;
  };
}

/** Advice about the spec of a component. */
export const COMPONENT_ADVICE = specAdvice({
  construct: 'Component',
  habits: SPEC_HABITS,
  shared: ['env', 'resources', 'scaling', 'shutdown'],
  options: COMPONENT_OPTION_CHECKS,
});

/** Advice about the content of a Job. */
export const JOB_ADVICE = specAdvice({
  construct: 'OneShotJob',
  habits: CONTENT_HABITS,
  shared: ['env', 'resources'],
  options: POD_OPTION_CHECKS,
});
