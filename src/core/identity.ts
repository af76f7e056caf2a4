import { brand } from './brand';
import { invalidValue } from './errors';
import { DNS_LABEL_MAX, dnsLabelProblem, STATEFUL_SET_NAME_MAX, serviceNameProblem } from './text';

/** Labels of Kubernetes' own convention; the first three are the only ones that selectors use. */
export const LABELS = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  component: 'app.kubernetes.io/component',
  version: 'app.kubernetes.io/version',
  partOf: 'app.kubernetes.io/part-of',
  managedBy: 'app.kubernetes.io/managed-by',
} as const;

/** Prefix of the labels and annotations that belong to this library. */
export const OWN_PREFIX = 'cdk8s-selfhosted';

/**
 * Labels by which objects other than pods are selected. Delivery tools own `app.kubernetes.io/instance` and rewrite it on
 * every object (Argo CD with label tracking, kustomize `labels`); nobody but this library writes these.
 */
export const OWN_LABELS = {
  /** The instance, on every object of a stack. */
  instance: `${OWN_PREFIX}/instance`,
  /** Name of the component's objects, on the one Service that is scraped; the headless one beside it has none. */
  scrape: `${OWN_PREFIX}/scrape`,
  /**
   * On the pods of a StatefulSet, for the Service that gives each of them a name. Two Services with one selector are
   * refused by admission policies of several platforms, which compare selectors as a whole.
   */
  podNames: `${OWN_PREFIX}/pod-names`,
} as const;

/** Which installation of which product something belongs to. */
export interface Identity {
  /** The product: `caracal`. */
  readonly product: string;
  /** The installation of the product, unique in its namespace. */
  readonly instance: string;
}

/** Labels that select every pod of an installation. */
export function instanceSelector(identity: Identity): Record<string, string> {
  return { [LABELS.name]: identity.product, [LABELS.instance]: identity.instance };
}

/** Labels of every object of an installation. Selectors over objects use the one of `OWN_LABELS` only. */
export function instanceLabels(identity: Identity): Record<string, string> {
  return { ...instanceSelector(identity), [OWN_LABELS.instance]: identity.instance };
}

/** Labels that select the pods of one component. They never change between releases. */
export function componentSelector(identity: Identity, component: string): Record<string, string> {
  return { ...instanceSelector(identity), [LABELS.component]: component };
}

/**
 * How objects are named. The default is `<instance>-<component>`; `Names.helmRelease` gives the names that a Helm
 * release left behind, to adopt its claims and Services.
 */
export class Names {
  static {
    brand(this, 'Names', { example: 'Names.helmRelease("release", "chart")' });
  }

  /** `<instance>-<component>`: `caracal-sts`. */
  public static standard(): Names {
    return new Names((instance) => instance);
  }

  /**
   * The names of a Helm release, `<release>-<chart>-<component>`, cut as the chart's own helper cuts them: the part
   * before the component has at most 63 characters and does not end with "-" (caracal.md 1).
   *
   * @param release Name of the Helm release.
   * @param chart Name of the chart.
   * @throws ConfigurationError `core/invalid-name` for names that no Service could begin with.
   */
  public static helmRelease(release: string, chart: string): Names {
    const problem = serviceNameProblem(release) ?? dnsLabelProblem(chart);
    if (problem !== undefined) {
      return invalidValue({
        id: 'core/invalid-name',
        path: 'Names.helmRelease',
        message: `these names cannot begin the name of a Service: ${problem}`,
        given: { release, chart },
        allowed: 'lower-case letters, digits and "-", with a letter first',
        fix: 'copy both from "helm list": the release is NAME, the chart is CHART without its version',
      });
    }
    const prefix = `${release}-${chart}`.slice(0, DNS_LABEL_MAX).replace(/-$/, '');
    return new Names(() => prefix);
  }

  private constructor(private readonly prefix: (instance: string) => string) {}

  /** Name of a component's objects. */
  public of(identity: Identity, component: string): string {
    return `${this.prefix(identity.instance)}-${component}`;
  }
}

/** What is wrong with a workload's name, counting the longest suffix that Kubernetes adds to it, or undefined. */
export function workloadNameProblem(name: string): string | undefined {
  return serviceNameProblem(name, STATEFUL_SET_NAME_MAX);
}
