import { code } from '../core/code';
import { type Finding, InternalError, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { valueNotAllowed } from '../core/value-misuse';
import { whenKnown } from '../core/deferred-checks';
import { Deferred, derive, known, nameValue, numberText, type Value } from '../core/value';
import { Cidr } from '../network/cidr';
import type { PortValue } from './server-port';

/** Where a server is reached. */
export interface ServerAddress {
  readonly host: Value<string>;
  /** Port that clients connect to. */
  readonly port: PortValue;
  /**
   * Port that the network policies open.
   * @default - the port, where it is known
   */
  readonly policyPort?: number | undefined;
}

/**
 * What is wrong with a server's host (DNS name or address) and its ports.
 *
 * @param usualPort The port of such servers, where none is given.
 */
export function addressProblems(path: string, server: Partial<ServerAddress>, usualPort: number): Finding[] {
  const { host, port = usualPort, policyPort: opened } = server;
  nameValue(host, `${path}.host`);
  nameValue(port, `${path}.port`);
  return [
    // JavaScript may leave it out: the check says so.
    ...whenKnown(host as Value<string>, (text) => hostProblems(path, text)),
    ...whenKnown(numberText(port), (text) => portProblems(`${path}.port`, text)),
    ...(opened === undefined ? [] : portProblems(`${path}.policyPort`, String(opened))),
    ...(Deferred.isDeferred(port) ? openedPortProblems(path, port, opened, usualPort) : []),
  ];
}

/**
 * A server as text, to compare servers.
 *
 * @param suffix What tells databases of one server apart.
 */
export function serverText({ host, port }: Pick<ServerAddress, 'host' | 'port'>, suffix = ''): Value<string> {
  const number = known<unknown>(port);
  return number === undefined
    ? derive(`server${suffix}`, [host, numberText(port)], (name, at) => `${name?.toLowerCase()}:${at}${suffix}`)
    : derive(`server ${number}${suffix}`, host, (name) => `${name.toLowerCase()}:${number}${suffix}`);
}

/** The port that network policies open for a server. */
export function policyPort({ port, policyPort: given }: Pick<ServerAddress, 'port' | 'policyPort'>): number {
  if (given !== undefined) {
    return given;
  }
  if (Deferred.isDeferred(port)) {
    throw new InternalError(
      'a port that is known only at deployment came without one for the policies, and no check said so',
    );
  }
  return port as number;
}

function portProblems(path: string, text: string): Finding[] {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535
    ? []
    : [
        {
          id: 'data/invalid-port',
          level: 'error',
          path,
          message: 'this is not a port number',
          given: text,
          allowed: 'whole numbers from 1 to 65535',
          fix: 'give the port that the server listens on',
        },
      ];
}

/** Policies are written before the value is known: they need the number, and the value must be that number. */
function openedPortProblems(path: string, port: PortValue, opened: number | undefined, usualPort: number): Finding[] {
  if (opened === undefined) {
    return [
      {
        ...valueNotAllowed(`${path}.port`),
        message:
          'a port that is known only at deployment cannot stand here alone: network policies need its number now',
        fix: `give the number beside it: policyPort: ${usualPort}`,
      },
    ];
  }
  return whenKnown(numberText(port), (text) =>
    text === String(opened) || portProblems(path, text).length > 0
      ? []
      : [
          {
            id: 'data/port-mismatch',
            level: 'error',
            path: `${path}.port`,
            message: `the server listens on another port than the one that the network policies open (${opened})`,
            given: text,
            fix: `policyPort: ${text}`,
          },
        ],
  );
}

/** A host as it stands in a URL: IPv6 addresses in brackets. */
export function urlHost(host: Value<string>): Value<string> {
  return derive('host', host, (text) => (text.includes(':') ? `[${text}]` : text));
}

function hostProblems(path: string, host: string): Finding[] {
  return typeof host === 'string' && isHost(host)
    ? []
    : [
        {
          id: 'data/invalid-host',
          level: 'error',
          path: `${path}.host`,
          message: `this is not a host${hostDetail(host)}`,
          given: show(host),
          allowed: 'a DNS name or an address, without scheme, port or path',
          fix: hostFix(host),
        },
      ];
}

/** What kind of mistake a host is, where one is usual. */
function hostDetail(host: unknown): string {
  return typeof host === 'string' && host !== host.toLowerCase() && isHost(host.toLowerCase())
    ? ': names of hosts are written in lower case here, so that two spellings of one server are not two servers'
    : '';
}

/** The line to type; a URL may hold a password, so only its host and its port are repeated. */
function hostFix(given: unknown): string {
  const text = typeof given === 'string' ? given.trim() : '';
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const [, host = '', port] = /^([^\s:/@?#]+)(?::(\d{1,5}))?\.?$/.exec(url?.host ?? text) ?? [];
  const plain = host.toLowerCase().replace(/\.$/, '');
  return plain !== '' && isHost(plain)
    ? `write host: ${code(plain)}${port === undefined ? '' : `, port: ${port}`}`
    : 'give the host alone, host: "db.example.internal"; the port has a property of its own';
}

// What ends in a number is meant as an address: "10.0.0.256" is a mistake, not a name.
function isHost(text: string): boolean {
  return text.includes(':') || /(?:^|\.)\d+$/.test(text) ? isAddress(text) : dnsNameProblem(text) === undefined;
}

function isAddress(text: string): boolean {
  try {
    return Cidr.parse(`${text}/${text.includes(':') ? 128 : 32}`) !== undefined;
  } catch {
    return false; // the caller reports it
  }
}
