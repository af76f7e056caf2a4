import { check, checkShape, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';
import type { TopologySpreadConstraint } from '../core/kubernetes';
import { INT32_MAX } from '../core/quantity';
import { labelKeyProblem, labelValueProblem } from '../core/text';
import { usable, type Usable } from '../core/usable';
import { nodeLabelProblem } from './pod-metadata';

/** Which pods a rule counts: those for which every condition holds. */
export interface SpreadSelector {
  /**
   * Labels that a pod must have.
   * @default - none
   */
  readonly matchLabels?: Readonly<Record<string, string>>;
  /**
   * Conditions on labels. `In` and `NotIn` need values, the others have none.
   * @default - none
   */
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

/** One rule that spreads the pods of a component. */
export interface SpreadConstraint {
  /** Label of the nodes whose values are the domains: `topology.kubernetes.io/zone`, `kubernetes.io/hostname`. */
  readonly topologyKey: string;
  /** By how many pods two domains may differ, from 1. */
  readonly maxSkew: number;
  /** What becomes of a pod that fits nowhere: it waits, or goes where it disturbs least. */
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  /**
   * Fewest domains there must be, from 1; only with `DoNotSchedule`.
   * @default - as many as there are
   */
  readonly minDomains?: number;
  /**
   * Whether nodes that the pod's node selector leaves out are counted (`Ignore`) or not (`Honor`).
   * @default "Honor"
   */
  readonly nodeAffinityPolicy?: 'Honor' | 'Ignore';
  /**
   * Whether nodes with taints that the pod does not tolerate are counted (`Ignore`) or not (`Honor`). A drained node is
   * such a node: with `Ignore`, its pods may wait for it.
   * @default "Ignore"
   */
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore';
  /**
   * Labels whose values are added to the selector, from the pod itself: `pod-template-hash` for Deployments.
   * @default - none
   */
  readonly matchLabelKeys?: readonly string[];
  /**
   * Pods that are counted.
   * @default - the pods of the component
   */
  readonly labelSelector?: SpreadSelector;
}

const CHECKS: Checks<SpreadConstraint> = {
  topologyKey: check.text,
  maxSkew: check.count,
  whenUnsatisfiable: check.oneOf('DoNotSchedule', 'ScheduleAnyway'),
  minDomains: check.count,
  nodeAffinityPolicy: check.oneOf('Honor', 'Ignore'),
  nodeTaintsPolicy: check.oneOf('Honor', 'Ignore'),
  matchLabelKeys: check.each(check.text),
  labelSelector: check.record,
};

const SELECTOR_CHECKS: Checks<SpreadSelector> = {
  matchLabels: check.record,
  matchExpressions: check.each(check.record),
};

type Expression = NonNullable<SpreadSelector['matchExpressions']>[number];

const EXPRESSION_CHECKS: Checks<Expression> = {
  key: check.text,
  operator: check.oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: check.each(check.text),
};

/** Rules as Kubernetes has them. A rule without a selector would count no pod at all. */
export function spreadConstraints(
  constraints: readonly SpreadConstraint[],
  selector: Readonly<Record<string, string>>,
): TopologySpreadConstraint[] {
  // The API types have mutable lists; nothing writes to them.
  return constraints.map(
    (constraint) =>
      ({
        ...constraint,
        labelSelector: constraint.labelSelector ?? { matchLabels: { ...selector } },
      }) as TopologySpreadConstraint,
  );
}

/** What Kubernetes would refuse of the rules. */
export function spreadProblems(
  path: string,
  constraints: readonly SpreadConstraint[] = [],
  selector: Readonly<Record<string, string>>,
): Finding[] {
  return constraints.flatMap((constraint, index): Finding[] => {
    const where = `${path}[${index}]`;
    const shape = shapeProblems(where, constraint);
    const judged = usable(where, constraint, shape);
    const same = constraints
      .slice(0, index)
      .some(
        (each) =>
          each.topologyKey === constraint.topologyKey && each.whenUnsatisfiable === constraint.whenUnsatisfiable,
      );
    const messages = [
      ...constraintProblems(judged, selector),
      ...(same ? ['a rule with this topologyKey and whenUnsatisfiable is there already'] : []),
    ];
    return [
      ...shape,
      ...[...new Set(messages)].map((message): Finding => ({
        id: 'workload/invalid-spread',
        level: 'error',
        path: where,
        message,
        given: show(constraint),
        fix: 'write it as { topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" }',
      })),
    ];
  });
}

function shapeProblems(where: string, constraint: SpreadConstraint): Finding[] {
  const shape = checkShape(where, constraint, CHECKS);
  const { labelSelector } = usable(where, constraint, shape).parts;
  if (labelSelector === undefined) {
    return shape;
  }
  const inSelector = checkShape(`${where}.labelSelector`, labelSelector, SELECTOR_CHECKS);
  const { matchExpressions = [] } = usable(`${where}.labelSelector`, labelSelector, inSelector).parts;
  return [
    ...shape,
    ...inSelector,
    ...matchExpressions.flatMap((expression, index) =>
      checkShape(`${where}.labelSelector.matchExpressions[${index}]`, expression, EXPRESSION_CHECKS),
    ),
  ];
}

function constraintProblems(
  { parts, isWhole, isThere }: Usable<SpreadConstraint>,
  selector: Readonly<Record<string, string>>,
): string[] {
  const { topologyKey, maxSkew = 1, whenUnsatisfiable, minDomains, matchLabelKeys = [] } = parts;
  const missing = (['topologyKey', 'maxSkew', 'whenUnsatisfiable'] as const).filter(
    (key) => isThere(key) && parts[key] === undefined,
  );
  const { labelSelector = { matchLabels: selector } } = parts;
  const { matchLabels = {}, matchExpressions = [] } = labelSelector;
  const selected = [...Object.keys(matchLabels), ...matchExpressions.flatMap(({ key }) => key ?? [])];
  const values = [...Object.values(matchLabels), ...matchExpressions.flatMap((each) => each.values ?? [])];
  const bad = (problem: string | undefined, what: string): string | undefined => problem && `${what}: ${problem}`;
  return [
    ...missing.map((key) => `"${key}" is required`),
    maxSkew < 1 ? 'maxSkew is 1 or more: with 0 nothing could ever be placed' : undefined,
    maxSkew > INT32_MAX ? `maxSkew is at most ${INT32_MAX}` : undefined,
    minDomains !== undefined && (minDomains < 1 || minDomains > INT32_MAX)
      ? `minDomains is 1 to ${INT32_MAX}`
      : undefined,
    minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule' && isThere('whenUnsatisfiable')
      ? 'minDomains goes with "DoNotSchedule" only'
      : undefined,
    topologyKey === undefined ? undefined : bad(nodeLabelProblem(topologyKey), 'topologyKey'),
    ...matchLabelKeys.map((key) =>
      selected.includes(key)
        ? `"${key}" stands in matchLabelKeys and in the selector`
        : bad(labelKeyProblem(key), 'matchLabelKeys'),
    ),
    ...selected.map((key) => bad(labelKeyProblem(key), 'labelSelector')),
    ...values.map((value) => bad(labelValueProblem(value), 'labelSelector')),
    ...(isWhole('labelSelector') ? matchExpressions : []).map(({ operator, values: wanted = [] }) =>
      (operator === 'In' || operator === 'NotIn') !== wanted.length > 0
        ? 'labelSelector: In and NotIn need values, Exists and DoesNotExist have none'
        : undefined,
    ),
  ].filter((problem): problem is string => problem !== undefined);
}
