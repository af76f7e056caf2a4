import { brand } from '../core/brand';
import { check, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { TLS_MAKING } from './makings';

/** API of cert-manager. */
export const CERT_MANAGER_API = 'cert-manager.io/v1';

/** How a public host gets its certificate. */
export class Tls {
  static {
    brand(this, 'Tls', TLS_MAKING);
  }

  /**
   * cert-manager issues the certificate into a Secret of its own per host.
   *
   * @param issuer Exactly one of `clusterIssuer` (for every namespace) and `issuer` (in the stack's namespace).
   * @throws ConfigurationError `network/invalid-tls` for both, neither or a name that Kubernetes refuses.
   */
  public static certManager(issuer: { readonly clusterIssuer: string } | { readonly issuer: string }): Tls {
    const given = { ...issuer } as { clusterIssuer?: string; issuer?: string };
    const names = [given.clusterIssuer, given.issuer].filter((name) => name !== undefined);
    const [name] = names;
    if (names.length !== 1 || name === undefined || dnsNameProblem(name) !== undefined) {
      return invalidValue({
        id: 'network/invalid-tls',
        path: 'Tls.certManager',
        message: 'cert-manager needs one issuer',
        given: issuer,
        allowed: '{ clusterIssuer: "name" } or { issuer: "name" }',
        fix: 'name the issuer that is installed in the cluster',
      });
    }
    requireShape('Tls.certManager', given, { clusterIssuer: check.text, issuer: check.text });
    const key = given.clusterIssuer === undefined ? 'cert-manager.io/issuer' : 'cert-manager.io/cluster-issuer';
    return new Tls((ingress) => `${ingress}-tls`, { [key]: name }, CERT_MANAGER_API);
  }

  /**
   * A Secret of type `kubernetes.io/tls` that exists already, for every host of the stack (a wildcard certificate).
   *
   * @throws ConfigurationError `network/invalid-tls` for a name that Kubernetes refuses.
   */
  public static existingSecret(name: string): Tls {
    if (dnsNameProblem(name) !== undefined) {
      invalidValue({
        id: 'network/invalid-tls',
        path: 'Tls.existingSecret',
        message: 'this is not the name of a Secret',
        given: name,
        allowed: 'a DNS name',
        fix: 'name a Secret of type kubernetes.io/tls in the namespace of the stack',
      });
    }
    return new Tls(() => name, {});
  }

  /**
   * TLS ends before the Ingress, at a load balancer of your cloud that has the certificate itself: no Secret is named.
   * Origins stay https, and what the services are told of their proxy is the same.
   *
   * The load balancer must refuse or redirect plain http, and speak to the cluster over a network that you trust.
   *
   * @param annotations What the controller wants to know of the certificate, for instance its ARN.
   * @throws ConfigurationError `core/wrong-type` for annotations that are no record.
   */
  public static atLoadBalancer(annotations: Readonly<Record<string, string>> = {}): Tls {
    requireShape('Tls.atLoadBalancer', { annotations }, { annotations: check.record });
    return new Tls(() => undefined, { ...annotations });
  }

  private constructor(
    private readonly secret: (ingress: string) => string | undefined,
    /** Annotations that the Ingress carries. */
    public readonly annotations: Readonly<Record<string, string>>,
    /** API that the cluster must serve, where the certificate needs one. */
    public readonly requiredApi?: string,
  ) {}

  /** Name of the Secret with the certificate of an Ingress; undefined where a load balancer has the certificate. */
  public secretName(ingress: string): string | undefined {
    return this.secret(ingress);
  }
}
