import type { Rule } from '../rule';

/** Autoscalers in a cluster without resource metrics. */
export const autoscalerWithoutMetrics: Rule = {
  id: 'workload/no-metrics-server',
  level: 'warning',
  acknowledgeable: true,
  why: 'without metrics an autoscaler stays at its minimum, whatever the load',
  fix: 'install metrics-server, or use Scaling.fixed(...)',
  check: ({ path, components, context: { cluster } }) => {
    const scaled = cluster.metricsServer ? [] : components.filter(({ autoscaler }) => autoscaler !== undefined);
    return scaled.length === 0
      ? []
      : [{ path, message: `cluster "${cluster.name}" has no resource metrics for ${scaled.length} autoscalers` }];
  },
};
