/**
 * The expectations of this folder are written by hand from the contract. These tests prove that they agree with
 * each other; whether the library meets them is tested elsewhere.
 */
import { add, type Control, remove, set } from './checks/controls';
import * as names from './checks/names';
import * as operations from './checks/operations';
import * as runtime from './checks/runtime';
import * as settings from './checks/settings';
import {
  applies,
  defaultConditions,
  type EdgeRow,
  type Files,
  loadFiles,
  type Profile,
  type Row,
  section,
  worlds,
} from './data';

type Check = (files: Files) => string[];

const env = (component: string, name: string) => ['env', 'rows', { component, name }] as const;
const edge = (from: string, to: string) => ['reachability', 'allowed', { from, to }] as const;
const alert = (name: string) => ['alerts', 'alerts', { alert: name }] as const;
const redis = ['streams', 'redis', { id: 'eviction' }] as const;

const CASES: [title: string, check: Check, controls: Control[]][] = [
  [
    'every row names its source in the contract, so that a reader can check it',
    names.checkSources,
    [
      set('a source is empty', env('api', 'PORT'), 'source', '', /no source/),
      set('a weakness does not exist', redis, 'source', 'caracal.md 17 W68', /W68/),
      set('an addendum item does not exist', redis, 'source', 'addendum A24', /A24/),
    ],
  ],
  [
    'components, profiles, conditions and templates are those of the vocabulary, so that no row is skipped by a typo',
    names.checkVocabulary,
    [
      set('a component is mistyped', env('api', 'PORT'), 'component', 'apis', /unknown component apis/),
      set('a condition is mistyped', edge('web', 'gateway'), 'condition', '!diagnostics', /unknown condition diagn/),
      set('a profile is mistyped', env('api', 'PORT'), 'profiles', ['RC'], /unknown profile RC/),
      set('a template is unknown', env('web', 'CARACAL_VERSION'), 'value', '${release}', /unknown template release/),
    ],
  ],
  [
    'every condition is used, so that none is promised and never checked',
    names.checkConditionsUsed,
    [remove('the only row of a condition goes', edge('gateway', 'upstream'), /gatewayUpstreams is unused/)],
  ],
  [
    'no list says one thing twice, since two rows could drift apart',
    names.checkDuplicates,
    [
      add(
        'a row is repeated with another reason',
        'reachability',
        'allowed',
        { from: 'web', to: 'api', port: 3000, protocol: 'TCP', reason: 'again', source: 'caracal.md 9' },
        /twice/,
      ),
    ],
  ],
  [
    'no variable is wanted and forbidden at once or given two values, whatever the user decides',
    settings.checkEnvContradictions,
    [
      add(
        'a wanted name is forbidden too',
        'env',
        'rows',
        { component: 'web', name: 'PORT', presence: 'forbidden', source: 'caracal.md 2' },
        /web PORT: wanted and forbidden/,
      ),
      add(
        'a name gets a second value under a condition',
        'env',
        'rows',
        {
          component: 'web',
          name: 'PORT',
          presence: 'required',
          value: '1',
          condition: 'control',
          source: 'caracal.md 2',
        },
        /web PORT: two values/,
      ),
    ],
  ],
  [
    'a name that nobody may set or that the component does not read is wanted nowhere',
    settings.checkForbiddenNames,
    [
      set('a plain secret is wanted', env('web', 'PORT'), 'name', 'CARACAL_AUTH_SECRET', /forbidden everywhere/),
      set(
        'audit wants what others read',
        env('audit', 'PORT'),
        'name',
        'ISSUER_URL',
        /ISSUER_URL: wanted, but not read/,
      ),
    ],
  ],
  [
    'every wanted variable says what it holds, and every secret key has a known format',
    settings.checkValues,
    [
      set(
        'a required name loses its value',
        env('api', 'STS_URL'),
        'value',
        undefined,
        /STS_URL: required, yet without/,
      ),
      set('a range is turned round', env('migrate', 'PGCONNECT_TIMEOUT'), 'min', 99, /min above max/),
      set('a format is unknown', ['secrets', 'keys', { key: 'redisUrl' }], 'format', 'url', /unknown format url/),
    ],
  ],
  [
    'variables, secret keys and consumers agree, so that no file is named and not mounted',
    settings.checkSecrets,
    [
      remove(
        'the admin password loses its consumer (W3)',
        ['secrets', 'consumers', { key: 'postgresPassword', component: 'migrate' }],
        /env without consumer.*PGPASSWORD_FILE/,
      ),
      remove('a consumer has no variable', env('api', 'SECRET_STORE_KEK_FILE'), /consumer without env/),
      remove('a key is forgotten', ['secrets', 'keys', { key: 'auditHmacKey' }], /unknown key auditHmacKey/),
      set(
        'the gateway always mounts the admin token (W22)',
        ['secrets', 'consumers', { component: 'gateway', key: 'caracalAdminToken' }],
        'condition',
        undefined,
        /must never be/,
      ),
      set(
        'a shared key has a holder that does not read it',
        ['secrets', 'sameValue', { id: 'kek' }],
        'components',
        ['api', 'web'],
        /web does not read it/,
      ),
    ],
  ],
  [
    'every path in a value lies below a mount of that container',
    settings.checkMounts,
    [
      remove(
        'the gate file has no mount',
        ['workloads', 'mounts', { path: '/run/caracal-control' }],
        /GATE_FILE.*no mount/,
      ),
      remove(
        'web has no secret mount',
        ['workloads', 'mounts', { component: 'web', path: '/run/secrets' }],
        /web .*no secret mount/,
      ),
      remove(
        'migrate has no CA bundle (W15)',
        ['workloads', 'mounts', { component: 'migrate', holds: 'caBundle' }],
        /PGSSLROOTCERT: no mount of the CA bundle/,
      ),
    ],
  ],
  [
    'a component has one port in all files',
    runtime.checkPorts,
    [set('the ingress names another port', ['ingress', 'services', { component: 'sts' }], 'port', 8081, /port 8081/)],
  ],
  [
    'every service has three probes, with timeouts above its own budgets and a patient liveness of audit',
    runtime.checkProbes,
    [
      set(
        'api has the readiness timeout of the others (A16)',
        ['workloads', 'probes', { component: 'api', probe: 'readiness' }],
        'timeoutSecondsMin',
        6,
        /api: readiness timeout 6/,
      ),
      set(
        'the liveness of audit opens a connection only (D3)',
        ['workloads', 'probes', { component: 'audit', probe: 'liveness' }],
        'path',
        null,
        /audit: liveness/,
      ),
      set(
        'the liveness of audit has no patience (W34)',
        ['workloads', 'probes', { component: 'audit', probe: 'liveness' }],
        'failureThreshold',
        3,
        /audit: liveness/,
      ),
      remove('a probe is missing', ['workloads', 'probes', { component: 'web', probe: 'startup' }], /web: no startup/),
    ],
  ],
  [
    'the grace period covers preStop, the shutdown budget and a margin',
    runtime.checkGrace,
    [
      set(
        'web gets the 30 s of the vendor (W36)',
        ['workloads', 'lifecycle', { component: 'web' }],
        'terminationGraceSecondsMin',
        30,
        /web: grace is not 40/,
      ),
      remove('a service has no row', ['workloads', 'lifecycle', { component: 'audit' }], /audit: no lifecycle/),
    ],
  ],
  [
    'every allowed edge joins known nodes on the port of the server and has a setting that makes the client call',
    runtime.checkEdges,
    [
      set('an edge is on a wrong port', edge('web', 'api'), 'port', 4000, /the port of api is 3000/),
      set('an edge is used by nobody', edge('web', 'api'), 'from', 'audit', /audit -> api:3000: no setting/),
      set('an edge joins two foreign nodes', edge('sdkPeer', 'sts'), 'to', 'internet', /no end belongs to the stack/),
      set(
        'diagnostics lose their condition',
        edge('web', 'audit'),
        'condition',
        undefined,
        /web -> audit:9090: no set/,
      ),
    ],
  ],
  [
    'every component resolves names and may reach the servers whose URL it holds',
    runtime.checkEdgesComplete,
    [
      remove('a Job loses DNS', edge('migrate', 'dns'), /migrate: no DNS over UDP/),
      remove('audit loses Redis', edge('audit', 'redis'), /audit: has the URL of redis/),
    ],
  ],
  [
    'the path lists route what must be public and nothing else (W43)',
    runtime.checkIngress,
    [
      set(
        'sts is exposed as a whole, as the vendor does',
        ['ingress', 'paths', { component: 'sts' }],
        'path',
        '/',
        /\/internal\/policy\/simulate: routed is true/,
      ),
      set(
        'audit is exposed',
        ['ingress', 'services', { component: 'web' }],
        'component',
        'audit',
        /audit: never exposed/,
      ),
    ],
  ],
  [
    'sizes are possible, and whatever is autoscaled has a disruption budget',
    operations.checkResources,
    [
      set(
        'a request is above its limit',
        ['resources', 'containers', { component: 'web' }],
        'requests',
        { cpu: '2', memory: '1Mi' },
        /web: cpu request above limit/,
      ),
      set('one replica is autoscaled', ['resources', 'hpa', { component: 'web' }], 'min', 1, /hpa web: bad range/),
      remove('a budget is missing', ['resources', 'pdb', { component: 'web' }], /hpa web: no disruption budget/),
    ],
  ],
  [
    'every component has exactly one statement about its disruption budget in every profile',
    operations.checkBudgets,
    [
      set(
        'dev gets a budget for its one replica (W23)',
        ['resources', 'pdb', { component: 'api' }],
        'profiles',
        ['production', 'rc', 'dev'],
        /api in dev: 2 statements/,
      ),
    ],
  ],
  [
    'the connection figures of the contract follow from pools and replicas',
    operations.checkConnections,
    [
      set('a pool is halved', ['connections', 'pools', { component: 'gateway' }], 'poolPerPod', 10, /54 pods, 920/),
      set('an autoscaler grows', ['resources', 'hpa', { component: 'web' }], 'max', 7, /not the maxima/),
      set(
        'a Deployment surges more',
        ['connections', 'surge', { component: 'api' }],
        'extraPods',
        2,
        /surge is 5 pods/,
      ),
    ],
  ],
  [
    'the worked connection budgets add up',
    operations.checkConnectionBudgets,
    [
      set('a total is wrong', ['connections', 'budgets', { id: 'dev' }], 'total', 200, /the total is 224/),
      set('a Job takes more', ['connections', 'jobs', { component: 'migrate' }], 'connections', 2, /Jobs or reserve/),
    ],
  ],
  [
    'all 21 alerts are accounted for, and the absence of every target is noticed',
    operations.checkAlerts,
    [
      remove('an alert is lost', alert('CaracalSTSOPACompileErrors'), /20 alerts/),
      set('a dropped alert has no heir', alert('CaracalSTSPolicyBundleStale'), 'replacedBy', undefined, /lost/),
      set('a function is wanted and forbidden', alert('CaracalAuditDLQGrowth'), 'mustUse', ['rate'], /rate is wanted/),
      remove(
        'nobody watches audit (W50)',
        ['alerts', 'added', { alert: 'CaracalTargetMissing', component: 'audit' }],
        /audit: nobody notices/,
      ),
    ],
  ],
  [
    'an alert parameter has one default',
    operations.checkParameters,
    [set('the replay age differs', alert('CaracalSTSAuditReplayBacklogOld'), 'default', 1, /AgeSeconds: two defaults/)],
  ],
  [
    'the checklist of wrong input covers every start-up rule and every bypass of the vendor',
    operations.checkBadInput,
    [
      remove('nothing tries rule B8', ['bad-input', 'rows', { id: 'redis-password-form' }], /nothing for addendum B8/),
      set(
        'an expectation is mistyped',
        ['bad-input', 'rows', { id: 'mode-unknown' }],
        'expectation',
        'refused',
        /mode-unknown: unknown expectation/,
      ),
    ],
  ],
];

describe.each(CASES)('%s', (_title, check, controls) => {
  test('holds for the files as they are', () => {
    expect(check(loadFiles())).toEqual([]);
  });

  test.each(controls.map((control) => [control.change, control] as const))('notices that %s', (_change, control) => {
    const files = loadFiles();
    control.apply(files);
    expect(check(files)).toEqual(expect.arrayContaining([expect.stringMatching(control.notices)]));
  });
});

describe('choosing rows', () => {
  const row: Row = { source: 'caracal.md 1', profiles: ['dev'], condition: ['smtp', '!github'] };

  test('a row applies only in its profiles and when all its conditions hold, negated ones not', () => {
    expect(applies(row, 'dev', new Set(['smtp']))).toBe(true);
    expect(applies(row, 'rc', new Set(['smtp']))).toBe(false);
    expect(applies(row, 'dev', new Set())).toBe(false);
    expect(applies(row, 'dev', new Set(['smtp', 'github']))).toBe(false);
    expect(applies({ source: 'caracal.md 1' }, 'rc', new Set())).toBe(true);
  });

  test('defaults follow the profile: replay files persist everywhere, plain http only in dev', () => {
    const files = loadFiles();
    expect([...defaultConditions(files, 'dev')].sort()).toEqual(['httpConsole', 'httpIssuer', 'replayPersistence']);
    expect(defaultConditions(files, 'production')).toContain('publicIssuer');
    expect(defaultConditions(files, 'rc')).toEqual(defaultConditions(files, 'production'));
  });

  test('worlds lists every combination once', () => {
    expect(worlds(['a', 'b']).map((world) => [...world].sort().join(''))).toEqual(['', 'b', 'a', 'ab']);
  });

  test('an unknown list is an error instead of an empty expectation that always passes', () => {
    expect(() => section(loadFiles(), 'env', 'row')).toThrow(/no list row in env\.json/);
  });
});

describe('facts of the contract that the whole design rests on', () => {
  const edges = section<EdgeRow>(loadFiles(), 'reachability', 'allowed');
  const reach = (from: string, profile: Profile) =>
    new Set(
      edges
        .filter((row) => row.from === from && applies(row, profile, defaultConditions(loadFiles(), profile)))
        .map((row) => row.to),
    );

  test('without any choice of the user only sts, api and the coordinator of a public issuer reach the Internet', () => {
    const out = ['api', 'sts', 'gateway', 'audit', 'coordinator', 'web', 'migrate', 'auth-migrate'];
    expect(out.filter((name) => reach(name, 'production').has('internet'))).toEqual(['api', 'sts', 'coordinator']);
    expect(out.filter((name) => reach(name, 'dev').has('internet'))).toEqual(['api', 'sts']);
  });

  test('the Jobs reach Postgres and DNS and nothing else, and nothing reaches them', () => {
    expect([...reach('migrate', 'production')].sort()).toEqual(['dns', 'postgres']);
    expect([...reach('auth-migrate', 'production')].sort()).toEqual(['dns', 'postgres']);
    expect(edges.filter((row) => /migrate$/.test(row.to))).toEqual([]);
  });

  test('strangers, lookalikes and arbitrary private addresses appear in no allowed row', () => {
    const strangers = [
      'strangerSameNamespace',
      'strangerOtherNamespace',
      'otherInstance',
      'lookalike',
      'privateAddress',
    ];
    const nodes = section(loadFiles(), 'reachability', 'nodes').map((row) => row.id);
    expect(nodes).toEqual(expect.arrayContaining(strangers));
    expect(edges.filter((row) => strangers.includes(row.from) || strangers.includes(row.to))).toEqual([]);
  });
});
