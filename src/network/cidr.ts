import { invalidValue } from '../core/errors';

/** The IP version of an address or a network. */
export type IpFamily = 4 | 6;

const BITS = { 4: 32, 6: 128 } as const;
/** Longest IPv6 text: eight groups of four digits, seven colons, and room for a dotted tail and a prefix. */
const LONGEST_TEXT = 60;
const OCTET = /^(0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const PREFIX = /^(0|[1-9][0-9]{0,2})$/;

/**
 * One IPv4 or IPv6 address, compared by value: `2001:DB8:0::1` and `2001:db8::1` are the same.
 *
 * Forms that tools read differently are refused: leading zeros in IPv4 (octal for some), IPv4-mapped IPv6
 * (`::ffff:10.0.0.1`), zones (`fe80::1%eth0`), brackets and surrounding space.
 */
export class IpAddress {
  /**
   * Reads an address.
   *
   * @param text the address, for example `10.20.0.5` or `2001:db8::5`
   * @param path what the error names as the place of the value
   * @throws ConfigurationError with id `network/invalid-ip` if the text is not exactly one address
   */
  public static parse(text: string, path = 'IpAddress.parse'): IpAddress {
    const parsed = parseAddress(text);
    if (typeof parsed === 'string') {
      return invalidValue({
        id: 'network/invalid-ip',
        path,
        message: parsed,
        given: text,
        allowed: 'one IPv4 address such as 10.20.0.5, or one IPv6 address such as 2001:db8::5',
        fix: 'write the plain address, without port, brackets, prefix length or leading zeros',
      });
    }
    return new IpAddress(parsed);
  }

  /** IP version. */
  public readonly family: IpFamily;
  /** The address as a number of 32 or 128 bits. */
  public readonly value: bigint;

  private constructor(bits: Bits) {
    this.family = bits.family;
    this.value = bits.value;
  }

  /** Whether both are the same address of the same family. */
  public equals(other: IpAddress): boolean {
    return this.family === other.family && this.value === other.value;
  }

  /** Canonical text: dotted for IPv4, RFC 5952 for IPv6. */
  public toString(): string {
    return format(this);
  }
}

/**
 * An IPv4 or IPv6 network in CIDR notation, as `ipBlock` of a NetworkPolicy takes it. Immutable, compared by value.
 *
 * Host bits, leading zeros and IPv4-mapped IPv6 are refused, as kube-apiserver 1.36 does (older ones warn or keep
 * silent): a firewall rule should not depend on how a reader understands it.
 */
export class Cidr {
  /**
   * Reads a network and normalises its text (lower case and shortest form for IPv6).
   *
   * @param text the network, for example `10.20.0.0/24` or `2001:db8::/64`; one address needs `/32` or `/128`
   * @param path what the error names as the place of the value
   * @throws ConfigurationError with id `network/invalid-cidr` if the prefix length is missing or out of range, if bits
   * are set behind the prefix, or if the address has a form that `IpAddress.parse` refuses
   */
  public static parse(text: string, path = 'Cidr.parse'): Cidr {
    const parsed = parseCidr(text);
    if ('message' in parsed) {
      return invalidValue({
        id: 'network/invalid-cidr',
        path,
        given: text,
        allowed: 'an IPv4 or IPv6 network with prefix length, such as 10.20.0.0/24 or 2001:db8::/64',
        ...parsed,
      });
    }
    return new Cidr(IpAddress.parse(format(parsed.network)), parsed.prefixLength);
  }

  /** IP version. */
  public readonly family: IpFamily;
  /** Number of leading bits that all addresses of the network share: 0 to 32, or 0 to 128. */
  public readonly prefixLength: number;
  /** First address of the network. */
  public readonly network: IpAddress;
  private readonly size: bigint;

  private constructor(network: IpAddress, prefixLength: number) {
    this.family = network.family;
    this.network = network;
    this.prefixLength = prefixLength;
    this.size = sizeOf(network.family, prefixLength);
  }

  /** Whether this is an IPv6 network. */
  public get isIpv6(): boolean {
    return this.family === 6;
  }

  /**
   * Whether an address is inside. An address of the other family never is, so `0.0.0.0/0` contains no IPv6 address.
   *
   * @throws ConfigurationError with id `network/invalid-ip` if a text is given that is not an address
   */
  public contains(ip: IpAddress | string): boolean {
    const address = typeof ip === 'string' ? IpAddress.parse(ip, 'Cidr.contains') : ip;
    const offset = address.value - this.network.value;
    return address.family === this.family && offset >= 0n && offset < this.size;
  }

  /** Whether every address of the other network is inside. A network contains itself. */
  public containsCidr(other: Cidr): boolean {
    return other.prefixLength >= this.prefixLength && this.contains(other.network);
  }

  /** Whether both are the same network. */
  public equals(other: Cidr): boolean {
    return other.prefixLength === this.prefixLength && other.network.equals(this.network);
  }

  /** Canonical text, for example `10.20.0.0/24` or `2001:db8::/64`. */
  public toString(): string {
    return `${this.network.toString()}/${this.prefixLength}`;
  }

  /** The canonical text, so that a network inside of plain data prints as Kubernetes reads it. */
  public toJSON(): string {
    return this.toString();
  }
}

interface Bits {
  readonly family: IpFamily;
  readonly value: bigint;
}

interface Network {
  readonly network: Bits;
  readonly prefixLength: number;
}

interface Problem {
  readonly message: string;
  readonly fix: string;
}

function parseCidr(text: string): Network | Problem {
  const fix = 'write the first address of the network, "/" and the prefix length';
  if (typeof text !== 'string') {
    return { message: 'a network must be a string', fix };
  }
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (typeof address === 'string') {
    return { message: address, fix };
  }
  const bits = BITS[address.family];
  if (slash < 0) {
    return {
      message: 'the prefix length is missing',
      fix: `write ${format(address)}/${bits} if this one address is meant`,
    };
  }
  const prefix = text.slice(slash + 1);
  if (!PREFIX.test(prefix) || Number(prefix) > bits) {
    return {
      message: 'the prefix length is not a whole number in range, or has leading zeros',
      fix: `use a prefix length of 0 to ${bits} after an IPv${address.family} address`,
    };
  }
  const prefixLength = Number(prefix);
  const size = sizeOf(address.family, prefixLength);
  const network = { family: address.family, value: address.value - (address.value % size) };
  return network.value === address.value
    ? { network, prefixLength }
    : {
        message: 'bits are set behind the prefix, so it is unclear whether the network or the address is meant',
        fix: `write ${format(network)}/${prefixLength} for the network or ${format(address)}/${bits} for the address`,
      };
}

/** How many addresses share a prefix of this length. */
function sizeOf(family: IpFamily, prefixLength: number): bigint {
  return 2n ** BigInt(BITS[family] - prefixLength);
}

/** The address, or what is wrong with the text. */
function parseAddress(text: string): Bits | string {
  if (typeof text !== 'string') {
    return 'an IP address must be a string';
  }
  if (text.length > LONGEST_TEXT) {
    return 'the text is longer than any IP address';
  }
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === undefined
      ? 'it is not an IPv4 address of four decimal numbers of 0 to 255 without leading zeros'
      : { family: 4, value };
  }
  const value = parseV6(text);
  if (value === undefined) {
    return 'it is not an IPv6 address';
  }
  // ::ffff:0:0/96 is how some systems spell IPv4 inside IPv6; whether an IPv4 rule covers it differs between CNIs.
  return value / 2n ** 32n === 0xffffn
    ? 'an IPv4-mapped IPv6 address is ambiguous; use the IPv4 address itself'
    : { family: 6, value };
}

function parseV4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255)) {
    return undefined;
  }
  return octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = withoutDottedTail(text)?.split('::');
  if (halves === undefined || halves.length > 2) {
    return undefined;
  }
  const [head = '', tail] = halves;
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const missing = 8 - left.length - right.length;
  // "::" stands for at least one group; without it all eight must be written.
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return undefined;
  }
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return groups.every((group) => GROUP.test(group))
    ? groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n)
    : undefined;
}

/** `64:ff9b::10.0.0.1` with its dotted end written as two groups, undefined if that end is not an IPv4 address. */
function withoutDottedTail(text: string): string | undefined {
  if (!text.includes('.')) {
    return text;
  }
  const last = text.lastIndexOf(':');
  const value = parseV4(text.slice(last + 1));
  return value === undefined
    ? undefined
    : `${text.slice(0, last + 1)}${(value / 65536n).toString(16)}:${(value % 65536n).toString(16)}`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function format({ family, value }: Bits): string {
  return family === 4 ? formatV4(value) : formatV6(value);
}

function formatV4(value: bigint): string {
  return digits(value, 256n, 4).join('.');
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups becomes "::". */
function formatV6(value: bigint): string {
  const groups = digits(value, 65536n, 8).map((group) => group.toString(16));
  let start = 0;
  let length = 1;
  for (let from = 0; from < groups.length; from += 1) {
    const end = groups.findIndex((group, index) => index >= from && group !== '0');
    const run = (end < 0 ? groups.length : end) - from;
    if (run > length) {
      [start, length] = [from, run];
    }
  }
  return length < 2
    ? groups.join(':')
    : `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** The number in positional notation with exactly `count` digits, the highest first. */
function digits(value: bigint, base: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => (value / base ** BigInt(count - 1 - index)) % base);
}
