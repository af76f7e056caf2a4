import type { ServiceSpec } from '../core/kubernetes';
import { ADDRESS_FAMILIES, type AddressFamily } from '../network/address-family';
import type { Cluster } from '../platform/cluster';

/**
 * The families of a component's Services. Where the cluster has one family, Kubernetes gives it by itself and nothing is
 * written. Where it has both, a Service would get the first one only. PreferDualStack gives it both, and keeps it where a
 * cluster turns out to have one; RequireDualStack would be refused there. A program that listens on one family gets that
 * one: clients would try the other in vain.
 */
export function serviceFamilies(
  { ipFamilies }: Pick<Cluster, 'ipFamilies'>,
  listensOn: readonly AddressFamily[] = ADDRESS_FAMILIES,
): Pick<ServiceSpec, 'ipFamilies' | 'ipFamilyPolicy'> {
  if (ipFamilies.length < ADDRESS_FAMILIES.length) {
    return {};
  }
  return ADDRESS_FAMILIES.every((family) => listensOn.includes(family))
    ? { ipFamilyPolicy: 'PreferDualStack' }
    : { ipFamilyPolicy: 'SingleStack', ipFamilies: ADDRESS_FAMILIES.filter((family) => listensOn.includes(family)) };
}

/** The address on which a program takes connections of every family of the cluster: on Linux `::` takes both. */
export function everyAddress({ ipFamilies }: Pick<Cluster, 'ipFamilies'>): string {
  return ipFamilies.includes('IPv6') ? '::' : '0.0.0.0';
}
