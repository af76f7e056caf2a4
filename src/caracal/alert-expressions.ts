import type { AlertRule } from '../monitoring/alert-rules';

/** Where the vendor explains its alerts, by their names in lower case (caracal.md section 10). */
const RUNBOOK = 'https://docs.caracal.run/operations/alerts/#';

/** An alert that the vendor's chart has too, so that the vendor's runbook explains it. */
export function vendorAlert(rule: Omit<AlertRule, 'runbookUrl'>): AlertRule {
  return { ...rule, runbookUrl: `${RUNBOOK}${rule.alert.toLowerCase()}` };
}

/** A counter that has grown by more than the threshold. */
export function increased(counter: string, window: string, threshold: number): string {
  return `increase(${counter}[${window}]) > ${threshold}`;
}

/**
 * The same for a counter that a process may raise before it is scraped for the first time. `increase()` needs two
 * samples, so a series that begins above the threshold looks unchanged; here its mere appearance counts.
 */
export function increasedOrBorn(counter: string, window: string, threshold: number): string {
  return `${increased(counter, window, threshold)} or (${counter} > ${threshold} unless (${counter} offset ${window}))`;
}

/** The highest value that any replica reports: for state in a database or stream, which all replicas see alike. */
export function highest(gauge: string): string {
  return `max by (namespace, job) (${gauge})`;
}
