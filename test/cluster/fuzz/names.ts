import * as fc from 'fast-check';
import { Names } from '../../../src';
import { HOSTILE_TEXTS } from '../../core/hostile';
import { among, either, mostly } from './generators';
import { calls } from './recipe';

const matching = (pattern: RegExp): fc.Arbitrary<string> => fc.stringMatching(pattern);
const long = (length: number, character = 'x'): string => character.repeat(length);

/** Names of namespaces and other DNS labels. */
export const dnsLabel = mostly(
  either(among('platform', 'tenant-a', 'a', 'x1'), matching(/^[a-z0-9][a-z0-9-]{0,14}[a-z0-9]$/)),
  among(long(63), long(64), '1', '0x1f', '0o17', '123', 'Upper', 'a.b', '-a', 'a-', '', 'yes', 'null', 'ä'),
);

/** Names of objects: DNS names. */
export const dnsName = mostly(
  either(
    among('team-secrets', 'a', 'a.b', 'one.two-three.four'),
    matching(/^[a-z][a-z0-9-]{0,12}[a-z0-9](\.[a-z0-9]{1,9})?$/),
  ),
  among(
    `${long(63)}.${long(63)}.${long(63)}.${long(61)}`,
    long(64),
    '0o17',
    '1e3',
    'true',
    'a_b',
    '.',
    'a..b',
    'A',
    '',
  ),
);

/** Names of instances: every object's name begins with them. */
export const instance = mostly(
  either(among('caracal', 'tenant-a', 'x', long(40, 'i')), matching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/)),
  among(long(41, 'i'), long(42, 'i'), long(52, 'i'), long(63, 'i'), '1st', 'Caracal', 'a.b', 'no', 'nan'),
  20,
);

/** How objects are named. */
export const names = either(
  calls('Names.standard', Names.standard),
  calls(
    'Names.helmRelease',
    Names.helmRelease,
    mostly(among('caracal', 'prod', long(20, 'r')), among(long(63, 'r'), '1a', 'A')),
    mostly(among('caracal', 'chart', long(10, 'c')), among(long(60, 'c'), '0x1f', '')),
  ),
);

/** Keys of labels and annotations. */
export const labelKey = mostly(
  either(
    among('team', 'app.example.com/tier', 'A_b.c-D', long(63), `${long(63)}.example.com/y`, 'x/1', 'y', 'null', '1'),
    matching(/^[a-z][a-zA-Z0-9_.-]{0,10}[a-z0-9]$/),
  ),
  among(
    ...[
      'constructor',
      '__proto__',
      '0o17',
      '1e_3',
      'a/b/c',
      '/a',
      'a/',
      '-',
      '',
      long(64),
      'ä',
      'app.kubernetes.io/name',
    ],
    ...['app.kubernetes.io/version', 'kubernetes.io/os', 'sidecar.istio.io/inject', 'linkerd.io/inject', 'A.example/b'],
  ),
);

/** Labels and annotations that Kubernetes itself reads: on a template they may contradict what a controller sets. */
export const kubernetesKey = among(
  ...['job-name', 'batch.kubernetes.io/job-name', 'controller-uid', 'batch.kubernetes.io/controller-uid'],
  ...[
    'pod-template-hash',
    'controller-revision-hash',
    'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index',
  ],
  ...['batch.kubernetes.io/job-completion-index', 'pod-template-generation', 'service.kubernetes.io/headless'],
);

/** Values of labels. */
export const labelValue = mostly(
  either(
    among('', 'blue', 'true', '1e3', '0x1F', '1', 'A_b.c', long(63), 'null', '2001-01-01'),
    matching(/^[A-Za-z0-9]{1,12}$/),
  ),
  among(long(64), '0o17', '1e_3', ' ', '-a', 'ä', 'a b', '__proto__'),
);

// What YAML cannot carry is refused at synthesis; it has a test of its own (hostile strings), and here a small part.
const CANNOT_TRAVEL =
  /(?![\t\n\r])[\p{Cc}\u2028\u2029\uFFFE\uFFFF]|\p{Cs}|^[ \n]*(?:\t| \n)|^[-+]?[\d._]+(?:[eob]|$)/iu;
const TRAVELS = HOSTILE_TEXTS.filter((text) => !CANNOT_TRAVEL.test(text));

/** Text that may hold anything: quotes, templates, other scripts, YAML. */
export const text = mostly(
  either(among('on', 'a value', 'http://proxy.example.com:3128'), among(...TRAVELS), fc.string({ maxLength: 60 })),
  either(among(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }), among(long(100_000), long(300_000))),
);

/** Hosts. */
export const host = mostly(
  either(
    among('pg.example.internal', 'db', '10.20.30.40', 'a.b.c.d.e'),
    matching(/^[a-z]{1,9}(\.[a-z][a-z0-9]{0,8}){1,3}$/),
  ),
  among('10.0.0.256', 'http://db', 'db:5432', 'db.', '*.example.com', '[::1]', 'fe80::1%eth0', long(64), ''),
);

/** Hosts of databases, which may be addresses of both families. */
export const server = mostly(host, among('2001:db8::5', '2001:DB8::1'), 6);

/** Names of environment variables that no component reads or sets. */
export const variable = mostly(
  either(
    among('TZ', 'HTTPS_PROXY', 'no_proxy', 'MY_SETTING', '_', 'A1', long(200, 'V')),
    matching(/^[A-Z][A-Z0-9_]{3,12}$/),
  ),
  among(
    'PORT',
    'A-B',
    '1A',
    'a.b',
    '',
    'LOG_LEVEL',
    'PATH',
    'constructor',
    '__proto__',
    'NODE_TLS_REJECT_UNAUTHORIZED',
  ),
);

/** Whole numbers that no integer of an API holds, and those just inside. */
export const hugeNumber = among(2 ** 31 - 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, 2 ** 63, 1e21, 1e300);
