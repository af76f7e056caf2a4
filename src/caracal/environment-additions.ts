import { Deferred, type Value } from '../core/value';
import type { StackModel } from '../validation/rule';
import type { ExtraEnv } from '../workload/env';

/** Variables that the user adds to one kind of pods. */
export interface Addition {
  /** Component or Job; `*` for all pods. */
  readonly component: string;
  /** Where they stand. */
  readonly path: string;
  /** The variables. */
  readonly env: ExtraEnv;
}

/** Variables that the user gives to single components and Jobs. */
export function additions({ components, jobs }: StackModel): Addition[] {
  return [
    ...components.map(({ spec, node, extraEnv }) => ({
      component: spec.component,
      path: `${node.path}.env`,
      env: extraEnv,
    })),
    ...jobs.map(({ spec, node, options }) => ({
      component: spec.component,
      path: `${node.path}.env`,
      env: options.env ?? {},
    })),
  ];
}

/** Variables that the user gives to all pods; a component's own ones win over them. */
export function everywhere({ path, context }: StackModel): Addition {
  return { component: '*', path: `${path}.pods.env`, env: context.pods.env ?? {} };
}

/** What JavaScript gave, as text; a value that is known only at deployment stays one. */
export function textOf(value: unknown): Value<string> {
  return Deferred.isDeferred(value) ? (value as Deferred<string>) : String(value);
}
