import { App } from 'cdk8s';
import { ConfigurationError, Disruption, Postgres, Scaling, SecretSource } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { refusal } from '../support/findings';
import { caracal, devProps, POSTGRES, publishedProps } from './fixture';

/** One program with mistakes of every kind: of names, of content, of what components and rules refuse. */
const ELEVEN = {
  instanse: 'caracal', // a typo
  origins: { console: 'http://console.example.com', sts: 'https://sts.example.com/' }, // two wrong origins
  postgres: Postgres.external({ ...POSTGRES, maxConnections: 200 }), // a connection budget that does not fit
  sts: {
    resources: { memory: '512MB' }, // no amount of memory
    topologySpread: [
      { topologyKey: 'kubernetes.io/hostname', maxSkew: 0, whenUnsatisfiable: 'ScheduleAnyway' },
      { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1, whenUnsatisfiable: 'Never' },
    ], // two wrong rules
  },
  api: { disruption: Disruption.minAvailable(2) }, // a budget that blocks every drain
  web: { scaling: Scaling.fixed(1) }, // too few replicas
  gateway: { env: { PORT: '9999' } }, // a variable of the component's own
  limits: { policyPollSeconds: 301 }, // out of range
};

const asText = (findings: ReturnType<typeof refusal>): string[] =>
  findings.map(({ id, path }) => `${path} ${id}`).sort();

describe('one report means one', () => {
  it('eleven mistakes of one program are eleven findings of the first run, each with the path of its property', () => {
    const findings = refusal(() => caracal(publishedProps(ELEVEN)));
    expect(asText(findings)).toEqual([
      'caracal caracal/connection-budget',
      'caracal.api workload/drain-blocked',
      'caracal.gateway.env.PORT caracal/forbidden-env',
      'caracal.instanse core/unknown-property',
      'caracal.limits.policyPollSeconds caracal/invalid-limit',
      'caracal.origins.console caracal/invalid-origin',
      'caracal.origins.sts caracal/invalid-origin',
      'caracal.sts.resources.memory core/invalid-memory',
      'caracal.sts.topologySpread[0] workload/invalid-spread',
      'caracal.sts.topologySpread[1].whenUnsatisfiable core/wrong-type',
      'caracal.web workload/replica-floor',
    ]);
    expect(findings).toHaveLength(11);
  });

  it('a program with one mistake has one finding: nothing of the trial is left in it', () => {
    for (const [property, value] of Object.entries(ELEVEN).filter(([name]) => !['origins', 'sts'].includes(name))) {
      const run = () => caracal(publishedProps({ [property]: value })).toJson();
      expect([property, refusal(run).length]).toEqual([property, 1]);
    }
  });

  it('leaves nothing in the tree, nor in an app that has other stacks', () => {
    const app = new App();
    expect(() => new CaracalStack(app, 'caracal', publishedProps(ELEVEN))).toThrow(ConfigurationError);
    expect(app.node.children).toEqual([]);
    const stack = new CaracalStack(app, 'caracal', publishedProps());
    expect(stack.findings().filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('has the paths of a stack that stands deep in the tree', () => {
    const app = new App();
    const other = new CaracalStack(app, 'outer', devProps());
    const findings = refusal(() => new CaracalStack(other, 'inner', publishedProps(ELEVEN)));
    expect(findings.every(({ path }) => path === 'outer/inner' || path.startsWith('outer/inner.'))).toBe(true);
  });
});

describe('only what depends on a broken part waits', () => {
  it('without a profile, what every profile refuses is told, and nothing that depends on it', () => {
    const findings = refusal(() => caracal({ ...publishedProps(ELEVEN), profile: 'prod' } as never));
    const paths = findings.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['caracal.profile', 'caracal.instanse', 'caracal.origins.sts']));
    expect(paths).not.toContain('caracal.web');
    expect(findings.find(({ path }) => path === 'caracal.profile')?.fix).toBe('write profile: "production"');
  });

  it('an empty program lacks what every profile needs: three lines that speak of no profile', () => {
    const findings = refusal(() => caracal({} as never));
    expect(asText(findings)).toEqual([
      'caracal.namespace core/missing-property',
      'caracal.profile core/missing-property',
      'caracal.secrets core/missing-property',
    ]);
    expect(JSON.stringify(findings)).not.toContain('undefined');
    expect(findings.find(({ path }) => path === 'caracal.profile')?.fix).toMatch(/^write profile: "dev"/);
  });

  it('a missing cluster hides no derived secrets, no release without digests and no wrong origin', () => {
    const { cluster: _, ...rest } = publishedProps({
      secrets: SecretSource.derivedForDev('an example passphrase'),
      origins: { console: 'http://console.example.com', sts: 'https://sts.example.com' },
    });
    expect(asText(refusal(() => caracal(rest as never)))).toEqual([
      'caracal.cluster core/missing-property',
      'caracal.origins.console caracal/invalid-origin',
      'caracal.secrets secrets/derived-outside-dev',
    ]);
  });
});
