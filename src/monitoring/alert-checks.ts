import { withInstead } from '../core/check';
import { check } from '../core/checks';
import { type Finding, show } from '../core/errors';
import { parts, shapeProblems, type Shape } from '../core/shape';
import { dnsNameProblem, freeTextProblem } from '../core/text';
import type { AlertRule, AlertRulesProps } from './alert-rules';
import { templateProblem } from './alert-template';
import { promqlProblem } from './promql';

// A number alone has no unit; minutes are what alerts wait for.
const DURATION_CHECK = withInstead(check.text, (given) =>
  Number.isSafeInteger(given) && (given as number) > 0 ? `"${String(given)}m"` : '"5m"',
);

const RULE: Shape<AlertRule> = {
  checks: {
    alert: check.text,
    expr: check.text,
    for: DURATION_CHECK,
    severity: check.oneOf('critical', 'warning'),
    component: check.text,
    summary: check.text,
    description: check.text,
    runbookUrl: check.text,
    labels: check.record,
    annotations: check.record,
  },
  required: {
    alert: '"OrdersDown"',
    expr: '"up == 0"',
    for: '"5m"',
    severity: '"critical"',
    component: '"orders"',
    summary: '"..."',
    description: '"..."',
  },
};

const PROPS: Shape<AlertRulesProps> = {
  checks: {
    name: check.text,
    rules: check.list,
    interval: DURATION_CHECK,
    more: (value) => (typeof value === 'function' ? undefined : 'it must be a function'),
  },
  required: { name: '"orders-alerts"', rules: '[...]' },
  inside: { rules: parts(RULE) },
};

/** Prometheus' own durations, as the API server checks them: units from large to small, each once. */
const DURATION = /^(?:0|(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Labels and annotations that a rule has already, with the property that they come from. */
const TAKEN: Readonly<Record<'labels' | 'annotations', Readonly<Record<string, string>>>> = {
  labels: { alertname: 'alert', severity: 'severity', component: 'component', __name__: 'alert' },
  annotations: { summary: 'summary', description: 'description', runbook_url: 'runbookUrl' },
};

/**
 * Every problem of alert rules: what the API server or Prometheus refuses, and alerts that could never fire or never
 * end. Prometheus drops a whole group for one bad rule, so one typo would silence all of them.
 *
 * @param path Where the properties are, in the paths of the findings.
 */
export function alertRulesProblems(path: string, props: AlertRulesProps): Finding[] {
  const shape = shapeProblems(path, props, PROPS);
  const { name, rules, interval, more } = (
    typeof props === 'object' && props !== null ? props : {}
  ) as Partial<AlertRulesProps>;
  const list: readonly unknown[] = Array.isArray(rules) ? rules : [];
  return [
    ...shape,
    ...textProblem(
      `${path}.name`,
      name,
      dnsNameProblem,
      'a DNS name, for it names the object and its group',
      'name: "our-alerts"',
    ),
    ...durationProblem(`${path}.interval`, interval),
    ...(Array.isArray(rules) && rules.length === 0 && more === undefined
      ? [
          problem(
            `${path}.rules`,
            'there is no alert in the list, so nothing is watched',
            rules,
            'one rule or more',
            'add a rule, or leave AlertRules out',
          ),
        ]
      : []),
    ...list.flatMap((rule, index) =>
      typeof rule === 'object' && rule !== null ? ruleProblems(`${path}.rules[${index}]`, rule as AlertRule) : [],
    ),
    ...duplicates(path, list),
  ];
}

function ruleProblems(path: string, rule: AlertRule): Finding[] {
  const words = (key: 'alert' | 'component' | 'summary' | 'description'): Finding[] =>
    textProblem(
      `${path}.${key}`,
      rule[key],
      (text) => blank(text) ?? freeTextProblem(text) ?? (key === 'alert' ? undefined : templateProblem(text)),
      'text, with templates such as {{ $labels.pod }}',
      `write ${key}: "..."`,
    );
  return [
    ...words('alert'),
    ...textProblem(
      `${path}.expr`,
      rule.expr,
      promqlProblem,
      'PromQL that selects what is wrong: up{job="api"} == 0',
      'correct the expression; Prometheus shows its result under /graph',
    ),
    ...durationProblem(`${path}.for`, rule.for),
    ...words('component'),
    ...words('summary'),
    ...words('description'),
    ...textProblem(
      `${path}.runbookUrl`,
      rule.runbookUrl,
      urlProblem,
      'an address that begins with https:// or http://',
      'runbookUrl: "https://docs.example.com/alerts"',
    ),
    ...keyProblems(`${path}.labels`, 'labels', rule.labels),
    ...keyProblems(`${path}.annotations`, 'annotations', rule.annotations),
  ];
}

function keyProblems(path: string, kind: 'labels' | 'annotations', given: unknown): Finding[] {
  if (typeof given !== 'object' || given === null) {
    return [];
  }
  return Object.entries(given).flatMap(([key, value]) => {
    const owner = Object.hasOwn(TAKEN[kind], key) ? TAKEN[kind][key] : undefined;
    if (owner !== undefined) {
      return [
        problem(`${path}.${key}`, `"${key}" comes from the property "${owner}"`, value, 'other names', `set ${owner}`),
      ];
    }
    if (!LABEL.test(key)) {
      return [
        problem(
          `${path}.${key}`,
          'Prometheus refuses this name',
          key,
          'letters, digits and "_", no digit first',
          'write it with these signs only',
        ),
      ];
    }
    return typeof value === 'string'
      ? textProblem(
          `${path}.${key}`,
          value,
          (text) => freeTextProblem(text) ?? templateProblem(text),
          'text',
          'correct the text',
        )
      : [
          problem(
            `${path}.${key}`,
            'the value must be a string',
            value,
            'text',
            `${key}: ${JSON.stringify(String(value))}`,
          ),
        ];
  });
}

/** Two rules of one name and equal labels: Alertmanager shows one of them. */
function duplicates(path: string, rules: readonly unknown[]): Finding[] {
  const seen = new Map<string, number>();
  return rules.flatMap((rule, index): Finding[] => {
    const { alert, severity, component, labels } = (rule ?? {}) as Partial<AlertRule>;
    const identity = JSON.stringify([alert, severity, component, Object.entries(labels ?? {}).sort()]);
    const first = seen.get(identity);
    if (alert === undefined || first === undefined) {
      seen.set(identity, index);
      return [];
    }
    return [
      problem(
        `${path}.rules[${index}].alert`,
        `rules[${first}] has the same name and labels, so one alert would hide the other`,
        alert,
        'each name once, or with another severity, component or label',
        'rename one of them',
      ),
    ];
  });
}

function durationProblem(path: string, given: unknown): Finding[] {
  const wrong = (text: string): string | undefined =>
    text !== '' && DURATION.test(text) ? undefined : 'this is no duration of Prometheus, and the API server refuses it';
  return textProblem(
    path,
    given,
    wrong,
    'whole numbers with ms, s, m, h, d, w or y, from large to small: "2m", "1h30m"',
    durationFix(given),
  );
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `2 minutes` becomes the line that was meant, and so does `1.5h`. */
function durationFix(given: unknown): string {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(s|m(?!s|illi)|h|d|w)[a-z]*\s*$/i.exec(String(given)) ?? [];
  const seconds = Math.ceil(Number(amount) * (SECONDS[unit.toLowerCase()] ?? NaN));
  if (amount === undefined || !(seconds > 0)) {
    return 'write "5m"';
  }
  if (!amount.includes('.')) {
    return `write "${amount}${unit.toLowerCase()}"`;
  }
  return seconds % 60 === 0 ? `write "${seconds / 60}m"` : `write "${seconds}s"`;
}

function textProblem(
  path: string,
  given: unknown,
  wrong: (text: string) => string | undefined,
  allowed: string,
  fix: string,
): Finding[] {
  const message = typeof given === 'string' ? wrong(given) : undefined;
  return message === undefined ? [] : [problem(path, message, given, allowed, fix)];
}

function problem(path: string, message: string, given: unknown, allowed: string, fix: string): Finding {
  return { id: 'monitoring/invalid-alert', level: 'error', path, message, given: show(given), allowed, fix };
}

function blank(text: string): string | undefined {
  return text.trim() === '' ? 'it is empty' : undefined;
}

function urlProblem(text: string): string | undefined {
  return /^https?:\/\/[^\s/]+/.test(text) && !/\s/.test(text) ? templateProblem(text) : 'this is no address of a page';
}
