import * as fc from 'fast-check';
import { Exposure, type IngressExposureProps, Tls } from '../../../src';
import {
  type CaracalOrigins,
  type OAuthSignInProps,
  type OperatorStates,
  SignIn,
  type SignInSecret,
  type SmtpSignInProps,
} from '../../../src/caracal';
import { among, dictionary, distinct, either, type Generators, mostly, settings, sparse } from './generators';
import { dnsName, kubernetesKey, labelKey, text } from './names';
import { peer } from './network';
import { calls, type Recipe } from './recipe';

const tls = either(
  calls(
    'Tls.atLoadBalancer',
    Tls.atLoadBalancer,
    among({}, { 'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws' }),
  ),
  calls('Tls.existingSecret', Tls.existingSecret, dnsName),
  calls('Tls.certManager', Tls.certManager, sparse<{ issuer: string }>({ issuer: dnsName }, ['issuer'])),
  calls(
    'Tls.certManager',
    Tls.certManager,
    sparse<{ clusterIssuer: string }>({ clusterIssuer: dnsName }, ['clusterIssuer']),
  ),
);

const annotations = mostly(
  dictionary(mostly(labelKey, among('nginx.ingress.kubernetes.io/proxy-read-timeout', 'a.example/b'), 1), text),
  dictionary(either(kubernetesKey, among('kubernetes.io/ingress.class')), text),
  15,
);

const ingress: Generators<IngressExposureProps> = {
  className: mostly(dnsName, among('nginx', 'traefik')),
  tls,
  controller: among('nginx', 'traefik', 'other'),
  pathType: among('Prefix', 'ImplementationSpecific'),
  annotations,
};

/** How production is exposed. */
export const exposureForProduction = mostly(
  settings<IngressExposureProps>('Exposure.ingress', Exposure.ingress, ingress, ['className', 'tls']),
  either(
    settings<{ proxy: unknown }>('Exposure.external', Exposure.external, { proxy: peer }, ['proxy']),
    calls('Exposure.none', Exposure.none),
  ),
  3,
);

/** How dev is exposed. */
export const exposureForDev = mostly(
  settings<IngressExposureProps>('Exposure.ingress', Exposure.ingress, ingress, ['className']),
  exposureForProduction,
  1,
);

const DOMAINS = ['example.com', 'a.b.example.org', `${'d'.repeat(63)}.example`, 'xn--bcher-kva.example', '1.example'];

/** Origins, each service on a host of its own. */
function origins(schemes: readonly string[], odd: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const at = (service: string) =>
    mostly(
      fc
        .tuple(
          fc.constantFrom(...schemes),
          fc.constantFrom(service, `${service}-1`, `${service}.dev`),
          fc.constantFrom(...DOMAINS),
        )
        .map(([scheme, name, domain]) => `${scheme}://${name}.${domain}`),
      among(...odd),
    );
  const generators: Generators<CaracalOrigins> = {
    console: at('console'),
    sts: at('sts'),
    gateway: at('gateway'),
    api: at('api'),
  };
  return sparse<CaracalOrigins>(generators, ['console', 'sts'], 6);
}

const ODD_ORIGINS = [
  ...[
    'https://console.example.com/',
    'https://a.example.com:8443',
    'https://same.example.com',
    'https://*.example.com',
  ],
  ...[
    'https://192.0.2.1',
    'https://[2001:db8::1]',
    'ftp://a.example.com',
    'https://A.example.com',
    'https://a_b.example',
  ],
  ...[`https://${'h'.repeat(64)}.example.com`, 'https://localhost', 'https://0x7f.1', '', 'https://ä.example'],
];

/** Where published platforms are reached. */
export const originsForProduction = origins(['https'], [...ODD_ORIGINS, 'http://plain.example.com']);

/** Where a platform on a laptop is reached. */
export const originsForDev = origins(
  ['https', 'http'],
  [...ODD_ORIGINS, 'http://localhost:3002', 'http://caracal-sts:8080'],
);

/** Prefixes that the Ingress of the gateway routes. */
export const gatewayPaths = mostly(
  distinct(
    mostly(
      either(
        among('/', '/mcp', '/a/b/', "/a-._~!$&'()*+,;=:@", '/%41', `/${'p'.repeat(2000)}`),
        fc.stringMatching(/^\/[a-z0-9]{1,9}$/),
      ),
      among(
        'mcp',
        '/a//b',
        '/../a',
        '/%2f',
        '/metrics',
        '/a b',
        '/ä',
        '/.',
        '/%zz',
        '/a/..',
        '/%2E%2E/a',
        '/{x}',
        '/[a]',
      ),
    ),
    1,
    6,
  ),
  among([], ['/mcp', '/mcp/']),
);

const ownSecret = sparse<SignInSecret>({ name: dnsName }, ['name']);
const oauth: Generators<OAuthSignInProps> = { secret: ownSecret, peer };
const smtp: Generators<SmtpSignInProps> = {
  from: mostly(
    among('caracal@example.com', '0o17@example.com', "o'neil+x@example.com"),
    among('nobody', 'a@b\n', '"a"@b'),
  ),
  peer,
  port: mostly(among(587, 465, 25), among(0, 70000)),
  secret: ownSecret,
};

/** How operators sign in; in dev nobody issues credentials, so each method brings a Secret. */
export function signIn(ownSecrets: boolean, least: number): fc.Arbitrary<readonly unknown[]> {
  const secret = ownSecrets ? (['secret'] as const) : [];
  const password = ownSecrets ? [calls('SignIn.password', SignIn.password)] : [];
  const methods: readonly fc.Arbitrary<Recipe>[] = [
    settings<OAuthSignInProps>('SignIn.github', SignIn.github, oauth, secret, 3),
    settings<OAuthSignInProps>('SignIn.google', SignIn.google, oauth, secret, 3),
    settings<SmtpSignInProps>('SignIn.smtp', SignIn.smtp, smtp, ['from', 'peer', ...secret], 3),
    ...password,
  ];
  const chosen = fc.subarray(
    methods.map((_, index) => index),
    { minLength: least },
  );
  return mostly(
    fc.tuple(chosen, ...methods).map(([indices, ...all]) => indices.map((index) => all[index])),
    fc.tuple(methods[0]!, methods[0]!),
  ) as fc.Arbitrary<readonly unknown[]>;
}

const operator = mostly(
  either(among('@example.com', "Ann.O'Hara@Example.COM", 'ä@example.org', '{{x}}@example.com'), fc.emailAddress()),
  among('nobody', '@', '@localhost', 'a@b@example.com', '"a"@example.com', ''),
);

const states: Generators<OperatorStates> = {
  active: distinct(operator, 1, 4),
  locked: distinct(among('locked@example.net', 'more@example.net')),
  removed: distinct(among('gone@example.net', '@gone.example.net')),
};

const crowd = (size: number): string[] => Array.from({ length: size }, (_, index) => `operator-${index}@example.com`);

/** Who may sign in. */
export const operators = mostly(
  either(distinct(operator, 1, 6), sparse<OperatorStates>(states, ['active'])),
  either(among(crowd(2_000), crowd(40_000)), mostly(among(crowd(10)), among([], { active: [] }), 3)),
  25,
);
