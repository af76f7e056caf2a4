import { App, Chart } from 'cdk8s';
import { Disruption, Exposure, Postgres, Redis, Scaling, SecretSource } from '../../src';
import { CaracalRelease, CaracalStack, ReplayPersistence } from '../../src/caracal';
import { refusal } from '../support/findings';
import { caracal, manifestOf, POSTGRES, publishedProps } from './fixture';

const TEN_MISTAKES = {
  instance: 'Caracal',
  namespace: 'default',
  release: CaracalRelease.fromManifest(manifestOf('1.0.0', { imageDigests: undefined })),
  origins: { console: 'http://console.example.com', sts: 'https://sts.example.com/' },
  signIn: [],
  operators: ['nobody'],
  postgres: Postgres.inCluster(),
  redis: Redis.external({ host: 'redis', peer: POSTGRES.peer, tls: false }),
  secrets: SecretSource.derivedForDev('an example passphrase'),
  exposure: Exposure.ingress({ className: 'traefik' }),
  replayPersistence: ReplayPersistence.ephemeral(),
  limits: { policyPollSeconds: 301 },
};

describe('one report per stack', () => {
  it('holds every mistake of the properties at once, each with its place and its fix', () => {
    const findings = refusal(() => caracal(publishedProps(TEN_MISTAKES)));
    expect(findings.map(({ id, path }) => `${path} ${id}`).sort()).toEqual([
      'caracal.exposure network/no-tls',
      'caracal.instance stack/invalid-instance',
      'caracal.limits.policyPollSeconds caracal/invalid-limit',
      'caracal.namespace stack/invalid-namespace',
      'caracal.operators[0] caracal/invalid-operators',
      'caracal.origins.console caracal/invalid-origin',
      'caracal.origins.sts caracal/invalid-origin',
      'caracal.postgres caracal/dev-data',
      'caracal.redis caracal/insecure-data',
      'caracal.release caracal/release-not-pinned',
      'caracal.replayPersistence caracal/ephemeral-replay',
      'caracal.secrets secrets/derived-outside-dev',
      'caracal.signIn caracal/no-sign-in',
    ]);
    expect(findings.every(({ message, fix }) => message !== '' && fix !== '')).toBe(true);
  });

  it('is read by people: one block per mistake, with path, code, what was given and how to fix it', () => {
    let report = '';
    try {
      caracal(publishedProps(TEN_MISTAKES));
    } catch (error) {
      report = (error as Error).message;
    }
    const [title, ...lines] = report.split('\n');
    expect(title).toBe('13 problems in CaracalStack "caracal":');
    expect(lines.filter((line) => /^ {2}\[[a-zA-Z.[\]\d]+\] [a-z]+\/[a-z-]+(?:: .+)?$/.test(line))).toHaveLength(13);
    expect(lines.filter((line) => /^ {4}.*\bFix: ./.test(line))).toHaveLength(13);
    // The title says which stack it is.
    expect(lines.filter((line) => line.startsWith('  [caracal'))).toEqual([]);
    expect(report).toContain(
      [
        '',
        '  [instance] stack/invalid-instance',
        '    objects cannot be named after it: only lower-case letters, digits and "-" are possible, with a',
        '    letter or digit at both ends.',
        '    Given: "Caracal".',
        '    Fix: write instance: "caracal".',
        '',
      ].join('\n'),
    );
  });

  it('holds every mistake that only the finished tree shows, of components and rules alike', () => {
    const stack = caracal(
      publishedProps({
        postgres: Postgres.external({ ...POSTGRES, maxConnections: 100 }),
        api: { disruption: Disruption.minAvailable(2) },
        coordinator: { env: { AGENT_COORDINATOR_SCOPE: 'x' } },
        web: { scaling: Scaling.fixed(1), podLabels: { 'a b': 'x' } },
        sts: { resources: { memory: '512Mi' } },
        gateway: { volumes: [{ volume: { name: 'host', hostPath: { path: '/' } }, mountPath: '/host' }] },
        migration: { env: { PGPASSWORD: 'x' } },
      }),
    );
    const ids = refusal(() => stack.toJson()).map(({ id }) => id);
    expect([...new Set(ids)].sort()).toEqual([
      'caracal/connection-budget',
      'caracal/forbidden-env',
      'caracal/sts-memory-target',
      'workload/drain-blocked',
      'workload/env-taken',
      'workload/forbidden-volume',
      'workload/invalid-metadata',
      'workload/replica-floor',
    ]);
  });

  it('is the message of the whole synthesis too, and keeps the other charts of the app from being written', () => {
    const app = new App();
    new Chart(app, 'other');
    new CaracalStack(app, 'caracal', publishedProps({ web: { scaling: Scaling.fixed(1) } }));
    expect(() => app.synth()).toThrow('workload/replica-floor');
  });

  it('leaves nothing in the tree where the properties are refused', () => {
    const app = new App();
    expect(() => new CaracalStack(app, 'caracal', publishedProps(TEN_MISTAKES))).toThrow();
    expect(app.node.children).toEqual([]);
  });

  it('names the connections and every way out of a budget that is exceeded', () => {
    const [finding] = refusal(() =>
      caracal(publishedProps({ postgres: Postgres.external({ ...POSTGRES, maxConnections: 500 }) })).toJson(),
    );
    // 54 pods of 20 connections, 4 more in rollouts, 21 of Jobs, 10 reserved (caracal.md 6, caracal-addendum.md A17).
    expect(finding).toMatchObject({
      id: 'caracal/connection-budget',
      given: 'maxConnections: 500',
      allowed: 'at least 1191',
    });
    expect(finding?.message).toContain('1080 by pods at their maximum, 80 by a rollout, 21 by Jobs, 10 reserved');
    expect(finding?.fix).toMatch(/raise max_connections.*connectionsPerPod.*lower the maximum/);
  });
});
