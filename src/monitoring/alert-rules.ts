import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { contextOf } from '../workload/context';

/** How urgent an alert is: `critical` pages somebody, `warning` waits for the morning. */
export type AlertSeverity = 'critical' | 'warning';

/** One alert. */
export interface AlertRule {
  /** Name of the alert. */
  readonly alert: string;
  /** PromQL expression; it fires while the expression has a result. */
  readonly expr: string;
  /** How long the expression must hold: `5m`. */
  readonly for: `${number}${'s' | 'm' | 'h'}`;
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
}

/** Alert rules of a stack. */
export interface AlertRulesProps {
  /** Name of the PrometheusRule and of its group. */
  readonly name: string;
  /** The alerts. */
  readonly rules: readonly AlertRule[];
  /**
   * More alerts, asked for when the rules are rendered: of components that are made after the rules.
   * @default - none
   */
  readonly more?: () => readonly AlertRule[];
}

/** A PrometheusRule, with the labels that the cluster's Prometheus selects rules by. */
export class AlertRules extends Construct {
  /** The PrometheusRule. */
  public readonly prometheusRule: ApiObject;
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlertRulesProps,
  ) {
    super(scope, id);
    const { cluster } = contextOf(this);
    this.prometheusRule = markDrawn(
      new ApiObject(this, 'Resource', {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name: props.name, labels: { ...cluster.prometheus?.selectorLabels } },
        spec: Lazy.any({ produce: () => ({ groups: [{ name: props.name, rules: this.rules.map(rendered) }] }) }),
      }),
    );
  }

  /** The alerts, with those of components that were made later. */
  public get rules(): readonly AlertRule[] {
    return [...this.props.rules, ...(this.props.more?.() ?? [])];
  }
}

function rendered(rule: AlertRule) {
  return {
    alert: rule.alert,
    expr: rule.expr,
    for: rule.for,
    labels: { severity: rule.severity, component: rule.component },
    annotations: {
      summary: rule.summary,
      description: rule.description,
      ...(rule.runbookUrl === undefined ? {} : { runbook_url: rule.runbookUrl }),
    },
  };
}
