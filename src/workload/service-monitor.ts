import type { MetricsEndpoint } from './spec';

/** API of the Prometheus operator's custom resources. */
export const MONITORING_API = 'monitoring.coreos.com/v1';

/** Spec of a ServiceMonitor (monitoring.coreos.com/v1), as far as it is used here. */
export interface ServiceMonitorSpec {
  /** Services that are scraped. */
  readonly selector: { readonly matchLabels: Record<string, string> };
  /** How they are scraped. */
  readonly endpoints: readonly {
    readonly port: string;
    readonly path: string;
    readonly interval: string;
    readonly scrapeTimeout: string;
    readonly authorization?: {
      readonly type: 'Bearer';
      readonly credentials: { readonly name: string; readonly key: string };
    };
  }[];
}

/** Draws a ServiceMonitor's spec. Without the credential every target would answer 401 (caracal W6). */
export function serviceMonitor(metrics: MetricsEndpoint, matchLabels: Record<string, string>): ServiceMonitorSpec {
  const { bearer } = metrics;
  return {
    selector: { matchLabels },
    endpoints: [
      {
        port: metrics.port,
        path: metrics.path,
        interval: '30s',
        scrapeTimeout: '10s',
        ...(bearer === undefined
          ? {}
          : { authorization: { type: 'Bearer', credentials: { name: bearer.secretName, key: bearer.key } } }),
      },
    ],
  };
}
