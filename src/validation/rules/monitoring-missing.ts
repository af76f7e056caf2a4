import { MONITORING_API } from '../../workload/service-monitor';
import type { Rule } from '../rule';

/** A stack that should be monitored in a cluster that cannot. */
export const monitoringMissing: Rule = {
  id: 'monitoring/missing',
  level: 'error',
  acknowledgeable: true,
  judged: 'construction',
  why: 'nobody is paged by a platform that nobody scrapes',
  fix: 'install the Prometheus operator and describe it in the cluster, switch monitoring off, or acknowledge this with a reason',
  check: ({ path, context: { cluster, monitored } }) => [
    ...(monitored && !cluster.serves(MONITORING_API)
      ? [{ path, message: `cluster "${cluster.name}" does not serve ${MONITORING_API} (customResources)` }]
      : []),
    ...(monitored && cluster.prometheus === undefined
      ? [{ path, message: `cluster "${cluster.name}" names no Prometheus (prometheus: { peer, selectorLabels })` }]
      : []),
  ],
};
