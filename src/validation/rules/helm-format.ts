import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ApiObject, App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isBranded } from '../../core/brand';
import type { Rule } from '../rule';

/** Texts with `{{` that Helm would evaluate, and texts that are escaped for a Helm that will not read them. */
export const helmFormat: Rule = {
  id: 'stack/helm-format',
  level: 'error',
  acknowledgeable: true,
  why: 'Helm reads every file of a chart as a template; nobody else does. Texts with {{ }} for Prometheus and for External Secrets arrive only when they are escaped for Helm, and only then',
  fix: 'let the app escape them: new App({ resolvers: [new HelmEscape()] })',
  check: ({ path, objects, root }) => {
    const escaped = ((root as Partial<App>).resolvers ?? []).some((each) => isBranded(each, 'HelmEscape'));
    if (writesIntoChart(root)) {
      return escaped ? [] : objects.filter(hasTemplate).map(evaluated);
    }
    const { outdir } = root as Partial<App>;
    return escaped && outdir !== undefined && objects.some(hasTemplate)
      ? [
          {
            path,
            message: 'texts are escaped for Helm, and the app does not write into a Helm chart',
            given: outdir,
            allowed: 'the folder "templates" beside a Chart.yaml, as `cdk8s synth --format helm` makes it',
            fix: 'leave HelmEscape out, or synthesise with `cdk8s synth --format helm --chart-version 1.0.0`',
          },
        ]
      : [];
  },
};

function evaluated(object: ApiObject): { path: string; message: string } {
  return {
    path: object.node.path,
    message: `${object.kind} "${object.name}" has texts with {{ }}, and the app writes into a Helm chart: Helm would evaluate them`,
  };
}

/** `cdk8s synth --format helm` makes the chart, and lets the app write into its templates. */
function writesIntoChart(root: IConstruct): boolean {
  const { outdir } = root as Partial<App>;
  if (outdir === undefined) {
    return false;
  }
  const folder = resolve(outdir);
  return basename(folder) === 'templates' && existsSync(join(dirname(folder), 'Chart.yaml'));
}

function hasTemplate(object: ApiObject): boolean {
  try {
    return JSON.stringify(object.toJson()).includes('{{');
  } catch {
    return false; // stack/failing-object says why
  }
}
