import { isIPv4 } from 'node:net';
import { type Finding, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { whenKnown } from '../core/deferred-checks';
import { type Deferred, derive, known, type Value } from '../core/value';
import { check, type Checks } from '../core/checks';

/** An origin that browsers and clients reach over TLS. */
export type HttpsOrigin = `https://${string}` | Deferred<string>;

/** Where the platform is reached from outside: origins, `https://host`, without path or trailing slash. */
export interface CaracalOrigins<Origin = Value<string>> {
  /** The console, where operators sign in. Its host must be able to hold session cookies and HSTS. */
  readonly console: Origin;
  /**
   * The security token service. It is the `iss` of every token: changing it later invalidates every verifier (caracal.md 3.3 rule 3).
   */
  readonly sts: Origin;
  /**
   * The gateway that governed calls go through.
   * @default - the gateway is reachable inside the cluster only
   */
  readonly gateway?: Origin;
  /**
   * The management API.
   * @default - the API is reachable inside the cluster only; the console reaches it there
   */
  readonly api?: Origin;
}

/** Checks of `CaracalOrigins`. */
export const ORIGIN_CHECKS: Checks<CaracalOrigins> = {
  console: check.textValue,
  sts: check.textValue,
  gateway: check.textValue,
  api: check.textValue,
};

/** Every problem of what the origins say; `tlsRequired` refuses plain http. */
export function originProblems(path: string, origins: CaracalOrigins, tlsRequired: boolean): Finding[] {
  const missing = (['console', 'sts'] as const).filter((key) => origins[key] === undefined);
  const given = Object.entries(origins).filter(([, origin]) => origin !== undefined) as [string, Value<string>][];
  const hosts = given.map(([key, origin]) => [key, originHost(origin)] as const);
  const sharedNow = sharedHost(path, hosts);
  return [
    ...missing.map((key): Finding => ({
      id: 'core/missing-property',
      level: 'error',
      path: `${path}.${key}`,
      message: `"${key}" is required`,
      fix: `give the origin: ${key}: "https://${key}.example.com"`,
    })),
    ...given.flatMap(([key, origin]) =>
      whenKnown(origin, (text) => originProblem(`${path}.${key}`, text, tlsRequired)),
    ),
    ...(sharedNow.length > 0
      ? sharedNow
      : whenKnown(
          given.map(([, origin]) => origin),
          (...texts) =>
            sharedHost(
              path,
              given.map(([key], index) => [key, originHost(texts[index] ?? '')] as const),
            ),
        )),
  ];
}

function sharedHost(path: string, hosts: readonly (readonly [key: string, host: string | undefined])[]): Finding[] {
  return hosts
    .filter(([, host], index) => host !== undefined && hosts.findIndex(([, other]) => other === host) !== index)
    .map(([key, host]) => ({
      id: 'caracal/duplicate-origin',
      level: 'error',
      path: `${path}.${key}`,
      message: 'two services share one host; their paths would collide, and cookies of the console would reach both',
      given: show(host),
      fix: 'give each service a host of its own',
    }));
}

/** Host (with port, where there is one) of an origin; undefined while it is not known. */
export function originHost(origin: Value<string>): string | undefined {
  const text = known(origin);
  return typeof text === 'string' && URL.canParse(text) ? new URL(text).host : undefined;
}

/** The host as an Ingress takes it, also of an origin that only the deployment knows. */
export function ingressHost(origin: Value<string>): Value<string> {
  return derive('ingress host', origin, (text) => originHost(text) ?? text);
}

/**
 * What the pods' settings depend on and only synthesis can decide: an origin that the deployment knows must be https on
 * port 443.
 */
export function deferredOriginProblems(path: string, origins: CaracalOrigins): Finding[] {
  const given = Object.entries(origins).filter(([, origin]) => origin !== undefined) as [string, Value<string>][];
  return given
    .filter(([, origin]) => known(origin) === undefined)
    .flatMap(([key, origin]) =>
      whenKnown(origin, (text) =>
        URL.canParse(text) && (!text.startsWith('https://') || new URL(text).port !== '')
          ? [
              {
                id: 'caracal/deferred-origin',
                level: 'error',
                path: `${path}.${key}`,
                message:
                  'an origin that only the deployment knows is https on port 443: cookies and network policies are made for that before it is known',
                given: show(text),
                allowed: '"https://host"',
                fix: 'use https on port 443, or give the origin itself instead of an Output',
              },
            ]
          : [],
      ),
    );
}

function originProblem(path: string, text: string, tlsRequired: boolean): Finding[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const message =
    url === undefined || !['http:', 'https:'].includes(url.protocol)
      ? 'this is not an origin'
      : url.protocol === 'http:' && tlsRequired
        ? 'tokens and session cookies would travel in clear text'
        : url.origin !== text
          ? 'an origin has no path, no trailing slash, no query, no user, no upper case and no default port; "iss" is compared as an exact string'
          : dnsNameProblem(url.hostname) !== undefined
            ? 'the host is not a DNS name'
            : tlsRequired && isIPv4(url.hostname)
              ? 'the host is an address: an Ingress takes names only, and so do HSTS and public certificates'
              : undefined;
  return message === undefined
    ? []
    : [
        {
          id: 'caracal/invalid-origin',
          level: 'error',
          path,
          message,
          given: show(text),
          allowed: tlsRequired ? '"https://host"' : '"https://host" or "http://host"',
          fix:
            url === undefined || dnsNameProblem(url.hostname) !== undefined
              ? `write it as "https://${isHostName(text) ? text : 'host'}"`
              : isIPv4(url.hostname)
                ? 'give the address a name in DNS, and write it as "https://host"'
                : `use "https://${url.host}"`,
        },
      ];
}

/** Whether an origin was given without its scheme, as charts take hosts. */
function isHostName(text: string): boolean {
  return text.includes('.') && !isIPv4(text) && dnsNameProblem(text) === undefined;
}
