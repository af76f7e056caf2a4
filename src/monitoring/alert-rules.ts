import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { ConfigurationError } from '../core/errors';
import { contextOf, type StackContext } from '../workload/context';
import { MONITORING_API } from '../workload/service-monitor';
import { alertRulesProblems } from './alert-checks';

/** How urgent an alert is: `critical` pages somebody, `warning` waits for the morning. */
export type AlertSeverity = 'critical' | 'warning';

/** Units of a duration of Prometheus. */
export type PrometheusUnit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'y';

/** A duration of Prometheus: `30s`, `5m`, `1h30m`. */
export type PrometheusDuration = `${number}${PrometheusUnit}` | `${number}${PrometheusUnit}${number}${PrometheusUnit}`;

/** One alert. */
export interface AlertRule {
  /** Name of the alert. */
  readonly alert: string;
  /** PromQL expression; it fires while the expression has a result. */
  readonly expr: string;
  /** How long the expression must hold: `5m`. */
  readonly for: PrometheusDuration;
  /** How urgent it is. */
  readonly severity: AlertSeverity;
  /** Component that the alert is about. */
  readonly component: string;
  /** What happened, one sentence. */
  readonly summary: string;
  /** What it means and what to do. */
  readonly description: string;
  /**
   * Page that helps.
   * @default - none
   */
  readonly runbookUrl?: string;
  /**
   * More labels, by which Alertmanager routes: `{ team: 'agents' }`.
   * @default - severity and component only
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * More annotations.
   * @default - summary, description and the runbook only
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Alert rules of a stack. */
export interface AlertRulesProps {
  /** Name of the PrometheusRule and of its group. */
  readonly name: string;
  /** The alerts. */
  readonly rules: readonly AlertRule[];
  /**
   * How often the rules are evaluated.
   * @default - as Prometheus evaluates all others
   */
  readonly interval?: PrometheusDuration;
  /**
   * More alerts, asked for when the rules are rendered: of components that are made after the rules.
   * @default - none
   */
  readonly more?: () => readonly AlertRule[];
}

/** A group of rules, as a rule file of Prometheus and a PrometheusRule have it. */
export interface AlertRuleGroup {
  /** Name of the group. */
  readonly name: string;
  /**
   * How often its rules are evaluated.
   * @default - as Prometheus evaluates all others
   */
  readonly interval?: string;
  /** The rules. */
  readonly rules: readonly {
    readonly alert: string;
    readonly expr: string;
    readonly for: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

const PROVEN = new WeakSet<readonly AlertRule[]>();

/**
 * Marks rules that the library's own tests have judged. To parse the alerts of a product again for each of a thousand
 * environments would cost as much as rendering them.
 */
export function proven(rules: readonly AlertRule[]): readonly AlertRule[] {
  PROVEN.add(rules);
  return rules;
}

/**
 * Alert rules, with the labels that the cluster's Prometheus selects rules by. What Prometheus or the API server would
 * refuse is an error of the stack (`monitoring/invalid-alert`): Prometheus drops a whole group for one bad rule.
 */
export class AlertRules extends Construct {
  /** The PrometheusRule, where the cluster takes one: it names a Prometheus and has the operator's API. */
  public readonly prometheusRule: ApiObject | undefined;
  private readonly own: readonly AlertRule[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlertRulesProps,
  ) {
    super(scope, id);
    const context = contextOf(this);
    const { cluster } = context;
    const problems = PROVEN.has(props?.rules) ? [] : alertRulesProblems(this.node.path, props);
    problems.forEach((finding) => context.report(finding));
    // A group that is refused is not drawn: the stack ends with its report.
    const usable = problems.length === 0;
    this.own = usable ? [...props.rules] : [];
    const emitted = cluster.prometheus !== undefined && cluster.serves(MONITORING_API);
    if (!emitted && !context.monitored) {
      reportMissing(this.node.path, context);
    }
    this.prometheusRule =
      usable && emitted
        ? markDrawn(
            new ApiObject(this, 'Resource', {
              apiVersion: MONITORING_API,
              kind: 'PrometheusRule',
              metadata: { name: props.name, labels: { ...cluster.prometheus?.selectorLabels } },
              spec: Lazy.any({ produce: () => ({ groups: this.ruleGroups }) }),
            }),
          )
        : undefined;
  }

  /**
   * The alerts, with those of components that were made later.
   *
   * @throws ConfigurationError `monitoring/invalid-alert` where `more` gives what Prometheus would refuse.
   */
  public get rules(): readonly AlertRule[] {
    const later = this.props?.more?.() ?? [];
    const { name } = this.props ?? {};
    const problems =
      later.length === 0 || PROVEN.has(later)
        ? []
        : alertRulesProblems(`${this.node.path}.more`, { name, rules: later });
    if (problems.length > 0) {
      throw new ConfigurationError(this.node.path, problems);
    }
    return [...this.own, ...later];
  }

  /** The same as data: `Yaml.stringify({ groups: alerts.ruleGroups })` is a rule file for a Prometheus without the operator. */
  public get ruleGroups(): readonly AlertRuleGroup[] {
    const { rules } = this;
    return rules.length === 0 ? [] : [groupOf({ ...this.props, rules })];
  }
}

function groupOf({ name, rules, interval }: AlertRulesProps): AlertRuleGroup {
  return {
    name,
    ...(interval === undefined ? {} : { interval }),
    rules: rules.map((rule) => ({
      alert: rule.alert,
      expr: rule.expr,
      for: rule.for,
      labels: { severity: rule.severity, component: rule.component, ...rule.labels },
      annotations: {
        summary: rule.summary,
        description: rule.description,
        ...(rule.runbookUrl === undefined ? {} : { runbook_url: rule.runbookUrl }),
        ...rule.annotations,
      },
    })),
  };
}

/** A monitored stack says it by itself. */
function reportMissing(path: string, context: StackContext): void {
  const { cluster } = context;
  context.report({
    id: 'monitoring/missing',
    level: 'error',
    path,
    message: `cluster "${cluster.name}" takes no alert rules, so they would watch nothing`,
    allowed: 'a cluster with prometheus and with monitoring.coreos.com/v1 among its customResources',
    fix: 'describe both in the cluster, leave AlertRules out, or acknowledge this and load ruleGroups into your Prometheus',
  });
}
