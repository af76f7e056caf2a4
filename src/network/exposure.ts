import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { brand, isBranded } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import type { IngressSpec } from '../core/kubernetes';
import { printable, type Value } from '../core/value';
import {
  controllerFacts,
  controllerOfClass,
  INGRESS_CONTROLLERS,
  type IngressControllerFacts,
  type IngressControllerName,
} from './ingress-controller';
import type { Peer } from './peer';
import type { Tls } from './tls';
import { EXPOSURE_MAKING } from './makings';

/** How an Ingress says that everything below a path is meant. */
export type PrefixPathType = 'Prefix' | 'ImplementationSpecific';

/** Settings of an Ingress. */
export interface IngressExposureProps {
  /** Name of the IngressClass. */
  readonly className: string;
  /**
   * How the hosts get their certificates. Required by the production and rc profiles.
   * @default - plain HTTP (dev profile only)
   */
  readonly tls?: Tls;
  /**
   * The controller that serves the class. The library writes the read timeout that the product needs as this controller
   * wants it said, and paths so that its admission takes them. `other` is any controller besides: then a finding says
   * what is yours to set.
   * @default - the controller that names its own class so (`nginx`: ingress-nginx of the Kubernetes project, `traefik`), `other` for all other names
   */
  readonly controller?: IngressControllerName;
  /**
   * The type with which prefixes are written. Kubernetes defines `Prefix`: the path and everything below it, by whole
   * parts. What `ImplementationSpecific` means is the controller's to say, so the path is written with a "/" at its end,
   * which no controller takes for the beginning of another name; the path without it is not routed then. `/` stays.
   * @default "Prefix", and "ImplementationSpecific" for the paths that the controller's admission refuses as prefixes
   */
  readonly pathType?: PrefixPathType;
  /**
   * Annotations of every Ingress, for settings of the controller. They go before what the library sets by itself, but
   * for those of the certificate.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

const CHECKS: Checks<IngressExposureProps> = {
  className: check.text,
  tls: check.instance('Tls'),
  controller: check.oneOf(...INGRESS_CONTROLLERS),
  pathType: check.oneOf('Prefix', 'ImplementationSpecific'),
  annotations: check.record,
};

/** One path of a public host. */
export interface ExposedPath {
  /** The path, from `/`. */
  readonly path: string;
  /** `Prefix` matches the path and everything below it, `Exact` the path alone. */
  readonly match: 'Prefix' | 'Exact';
}

/** One public host and the Service behind it. */
export interface ExposedHost {
  /** Name of the Ingress. */
  readonly name: string;
  /** Labels of the Ingress. */
  readonly labels: Readonly<Record<string, string>>;
  /** The host. */
  readonly host: Value<string>;
  /** Paths that are routed; every other path is answered by the controller, not by the service. */
  readonly paths: readonly ExposedPath[];
  /** The Service and its port name. */
  readonly service: { readonly name: string; readonly port: string };
  /**
   * Seconds that the controller must wait for the next byte of a response, longer than the service itself is silent.
   * @default - the controller's own limit is long enough
   */
  readonly readTimeoutSeconds?: number;
}

/** A public host as data, for objects of your own: an HTTPRoute, a route of a mesh, rules of a load balancer. */
export interface PublicRoute {
  /** The host. */
  readonly host: Value<string>;
  /** Paths that are meant for the public; a rule without a path would match everything, internal routes included. */
  readonly paths: readonly ExposedPath[];
  /** The Service and the number of its port. */
  readonly service: { readonly name: string; readonly port: number };
  /**
   * Seconds that the proxy must wait for the next byte of a response.
   * @default - any limit is long enough
   */
  readonly readTimeoutSeconds?: number;
}

/** How services are exposed: by Ingress with certificates, by Ingress without, by objects of the user's own, not at all. */
export type ExposureKind = 'ingress' | 'plainIngress' | 'external' | 'none';

/** How a stack's public services become reachable from outside of the cluster. */
export class Exposure<Kind extends ExposureKind = ExposureKind> {
  static {
    brand(this, 'Exposure', EXPOSURE_MAKING);
  }

  /**
   * One Ingress per public service, routing only the paths that are meant for the public.
   *
   * @throws ConfigurationError `core/unknown-property`, `core/wrong-type`.
   */
  public static ingress(props: IngressExposureProps & { readonly tls: Tls }): Exposure<'ingress'>;
  public static ingress(props: IngressExposureProps): Exposure<'ingress' | 'plainIngress'>;
  public static ingress(props: IngressExposureProps): Exposure<'ingress' | 'plainIngress'> {
    requireShape('Exposure.ingress', props, CHECKS);
    const kind = props.tls === undefined ? 'plainIngress' : 'ingress';
    return new Exposure(kind, { ...props, annotations: { ...props.annotations } }, undefined);
  }

  /**
   * Objects of your own expose the services: a load balancer, a mesh gateway, routes of the Gateway API. Nothing is
   * emitted for it; the proxy is let in, and the services take their clients' addresses from its X-Forwarded-For.
   *
   * @param props `proxy` is who connects to the pods: the proxy's pods or its network. It must set X-Forwarded-For itself.
   * @throws ConfigurationError `network/no-ingress-peer` for a proxy that is nobody.
   */
  public static external(props: { readonly proxy: Peer }): Exposure<'external'> {
    if (!isBranded<Peer>(props?.proxy, 'Peer') || props.proxy.isNobody) {
      invalidValue({
        id: 'network/no-ingress-peer',
        path: 'Exposure.external',
        message: 'no policy would let the proxy in',
        given: props,
        allowed: '{ proxy: Peer.namespace("istio-ingress") }',
        fix: 'name the pods or the network that connect to the services',
      });
    }
    requireShape('Exposure.external', props, { proxy: check.any });
    return new Exposure('external', undefined, props.proxy);
  }

  /** Nothing is exposed: reach the services by `kubectl port-forward`. */
  public static none(): Exposure<'none'> {
    return new Exposure('none', undefined, undefined);
  }

  private constructor(
    /** How services are exposed. */
    public readonly kind: Kind,
    private readonly settings: IngressExposureProps | undefined,
    /** Who connects to the services, where objects of the user's own expose them. */
    public readonly proxy: Peer | undefined,
  ) {}

  /** Whether anything is exposed. */
  public get isPublic(): boolean {
    return this.settings !== undefined || this.proxy !== undefined;
  }

  /** Certificates, where there are any. */
  public get tls(): Tls | undefined {
    return this.settings?.tls;
  }

  /** Name of the IngressClass, where there is one. */
  public get className(): string | undefined {
    return this.settings?.className;
  }

  /** The controller behind the IngressClass, where there is one. */
  public get controller(): IngressControllerName | undefined {
    return this.settings && (this.settings.controller ?? controllerOfClass(this.settings.className));
  }

  /** The type of prefixes that the user asks for; undefined where the controller decides. */
  public get pathType(): PrefixPathType | undefined {
    return this.settings?.pathType;
  }

  /** Annotations of every Ingress. A copy. */
  public get annotations(): Record<string, string> {
    return { ...this.settings?.annotations };
  }

  /** Adds the objects that expose a host; undefined where there are none. */
  public expose(scope: Construct, id: string, host: ExposedHost): ApiObject | undefined {
    const settings = this.settings;
    if (settings === undefined) {
      return undefined;
    }
    const facts = controllerFacts(this.controller ?? 'other');
    const annotations = {
      ...readTimeout(facts, host.readTimeoutSeconds),
      ...settings.annotations,
      ...settings.tls?.annotations,
    };
    const secretName = settings.tls?.secretName(host.name);
    const spec: IngressSpec = {
      ingressClassName: settings.className,
      ...(secretName === undefined ? {} : { tls: [{ hosts: [printable(host.host)], secretName }] }),
      rules: [
        {
          host: printable(host.host),
          http: {
            paths: host.paths.map((each) => ({
              ...routed(each, facts, settings.pathType),
              backend: { service: { name: host.service.name, port: { name: host.service.port } } },
            })),
          },
        },
      ],
    };
    return markDrawn(
      new ApiObject(scope, id, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: host.name, labels: { ...host.labels }, annotations },
        spec,
      }),
    );
  }
}

function readTimeout({ readTimeout: key }: IngressControllerFacts, seconds?: number): Record<string, string> {
  return key === undefined || seconds === undefined ? {} : { [key]: String(seconds) };
}

/** A path as an Ingress says it. */
function routed(
  { path, match }: ExposedPath,
  { strictPaths }: IngressControllerFacts,
  prefixType: PrefixPathType = strictPaths?.test(path) === false ? 'ImplementationSpecific' : 'Prefix',
): { readonly path: string; readonly pathType: string } {
  return match === 'Prefix' && prefixType === 'ImplementationSpecific'
    ? { path: path.endsWith('/') ? path : `${path}/`, pathType: prefixType }
    : { path, pathType: match === 'Prefix' ? prefixType : match };
}
