import { check, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';
import { dnsLabelProblem } from '../core/text';
import { thresholdProblems } from './alert-thresholds';
import type { RedisExporterTarget } from './alerts';
import type { CaracalMonitoring } from './props';

/** Checks of the exporter of Redis. */
export const EXPORTER_CHECKS: Checks<RedisExporterTarget> = { namespace: check.text, job: check.text };

/**
 * Every problem of the settings of monitoring. An exporter that is named wrongly would give a rule that Prometheus
 * refuses, or one that watches nothing.
 */
export function monitoringProblems(path: string, { thresholds, redisExporter }: CaracalMonitoring = {}): Finding[] {
  return [
    ...thresholdProblems(thresholds, `${path}.thresholds`),
    ...(redisExporter === undefined ? [] : exporterProblems(`${path}.redisExporter`, redisExporter)),
  ];
}

function exporterProblems(path: string, exporter: RedisExporterTarget): Finding[] {
  const missing = (['namespace', 'job'] as const).filter((key) => exporter[key] === undefined);
  const absent = missing.map((key): Finding => ({
    id: 'core/missing-property',
    level: 'error',
    path: `${path}.${key}`,
    message: `"${key}" is required: without it the alert would watch no Redis, or every one`,
    fix: `give ${key}, as the metrics of the exporter are labelled`,
  }));
  const { namespace, job } = exporter;
  const problem = (property: keyof RedisExporterTarget, message: string, allowed: string): Finding => ({
    id: 'caracal/invalid-exporter',
    level: 'error',
    path: `${path}.${property}`,
    message: `the alert cannot select metrics by it: ${message}`,
    given: show(exporter[property]),
    allowed,
    fix: `copy the label "${property}" of redis_memory_used_bytes from Prometheus`,
  });
  const badNamespace = namespace === undefined ? undefined : dnsLabelProblem(namespace);
  return [
    ...absent,
    ...(badNamespace === undefined ? [] : [problem('namespace', badNamespace, 'the name of a namespace')]),
    ...(job === undefined || isJob(job)
      ? []
      : [
          problem(
            'job',
            'a job is a plain name, not a selector',
            'letters, digits, spaces and "-_.:/@", with a letter, digit or "_" at both ends',
          ),
        ]),
  ];
}

/** A Service's name, `<namespace>/<PodMonitor>`, or what a scrape configuration calls it. */
function isJob(text: string): boolean {
  return text.length <= 253 && /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.:/@ -]*[\p{L}\p{N}_])?$/u.test(text);
}
