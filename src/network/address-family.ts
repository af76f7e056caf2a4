/** A family of addresses, as Kubernetes writes it. */
export type AddressFamily = 'IPv4' | 'IPv6';

/** Both families. */
export const ADDRESS_FAMILIES: readonly AddressFamily[] = ['IPv4', 'IPv6'];

/** The family of an address or of a network in CIDR notation. */
export function familyOf(address: string): AddressFamily {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}
