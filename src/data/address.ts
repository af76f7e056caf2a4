import { type Finding, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { whenKnown } from '../core/deferred-checks';
import { derive, nameValue, type Value } from '../core/value';
import { Cidr } from '../network/cidr';

/** What is wrong with a server's host (DNS name or address) and port. */
export function addressProblems(path: string, host: Value<string>, port: number): Finding[] {
  nameValue(host, `${path}.host`);
  const problems = whenKnown(host, (text) => hostProblems(path, text));
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    problems.push({
      id: 'data/invalid-port',
      level: 'error',
      path: `${path}.port`,
      message: 'this is not a port number',
      given: show(port),
      allowed: 'whole numbers from 1 to 65535',
      fix: 'give the port that the server listens on',
    });
  }
  return problems;
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
          message: 'this is not a host',
          given: show(host),
          allowed: 'a DNS name or an address, without scheme, port or path',
          fix: 'give the host alone; the port has a property of its own',
        },
      ];
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
