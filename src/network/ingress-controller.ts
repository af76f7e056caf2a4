/** Ingress controllers whose habits the library knows; `other` is any controller besides. */
export type IngressControllerName = 'nginx' | 'traefik' | 'other';

/** What a controller needs said, and what it refuses. */
export interface IngressControllerFacts {
  /**
   * Annotation with the seconds that the controller waits for the next byte of a response.
   * @default - the controller has none
   */
  readonly readTimeout?: string;
  /** Whether it is known how long the controller waits: by an annotation, or since it waits without a limit. */
  readonly knowsReadTimeout: boolean;
  /**
   * Paths that the controller's admission takes with the types `Prefix` and `Exact`; others are refused there.
   * @default - every path that Kubernetes takes
   */
  readonly strictPaths?: RegExp;
}

/**
 * The facts by controller.
 *
 * ingress-nginx waits 60 seconds unless the Ingress says more. Its admission validates paths of the types `Prefix` and
 * `Exact`: versions 1.12.0 to 1.13.1 take letters, digits, "-", "_" and "/", later ones the dot as well. What every
 * version takes is what counts here. Traefik waits for a response without a limit and takes every path.
 */
const FACTS: Readonly<Record<IngressControllerName, IngressControllerFacts>> = {
  nginx: {
    readTimeout: 'nginx.ingress.kubernetes.io/proxy-read-timeout',
    knowsReadTimeout: true,
    strictPaths: /^\/[A-Za-z0-9_/-]*$/,
  },
  traefik: { knowsReadTimeout: true },
  other: { knowsReadTimeout: false },
};

/** Names for messages and checks. */
export const INGRESS_CONTROLLERS = Object.keys(FACTS) as readonly IngressControllerName[];

/** The facts of a controller. */
export function controllerFacts(controller: IngressControllerName): IngressControllerFacts {
  return FACTS[controller];
}

/** The controller behind a class: `nginx` and `traefik` are the names that these two give their own class. */
export function controllerOfClass(className: string): IngressControllerName {
  return className === 'nginx' || className === 'traefik' ? className : 'other';
}
