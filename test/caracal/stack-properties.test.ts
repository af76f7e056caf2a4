import { Exposure, Peer, Port, type Rule } from '../../src';
import { SignIn } from '../../src/caracal';
import { edge } from '../../src/caracal/edges';
import { findingsWith, openErrorIds, refusal } from '../support/findings';
import { caracal, propsOf } from './fixture';

const stackWith = (change: object) => caracal(propsOf('production', change));

describe('ingresses', () => {
  it('are the emitted objects by service, so that users can annotate them', () => {
    const { ingresses } = stackWith({
      origins: { console: 'https://console.example.com', sts: 'https://sts.example.com' },
    });
    expect(Object.entries(ingresses).map(([service, { kind, name }]) => [service, kind, name])).toEqual([
      ['console', 'Ingress', 'caracal-web'],
      ['sts', 'Ingress', 'caracal-sts'],
    ]);
  });

  it('are empty where objects of the user expose the services', () => {
    const exposure = Exposure.external({ proxy: Peer.namespace('istio-ingress') });
    expect(stackWith({ exposure }).ingresses).toEqual({});
  });
});

describe('rules', () => {
  const rule: Rule = {
    id: 'acme/cost-centre',
    level: 'error',
    acknowledgeable: true,
    why: 'nobody pays',
    fix: 'add a label',
    check: ({ path }) => [{ path, message: 'the label is missing' }],
  };

  it('of the user fail synthesis and can be accepted, as those of the library', () => {
    const stack = stackWith({ rules: [rule] });
    expect(openErrorIds(stack)).toEqual(['acme/cost-centre']);
    stack.acknowledge('acme/cost-centre', { reason: 'the next quarter' });
    expect(openErrorIds(stack)).toEqual([]);
  });

  it('must be a list', () => {
    expect(refusal(() => stackWith({ rules: rule })).map(({ id, path }) => `${id} ${path}`)).toEqual([
      'core/wrong-type caracal.rules',
    ]);
  });
});

describe('sign-in', () => {
  const flowsTo = (to: string, signIn: SignIn) =>
    stackWith({ signIn: [signIn] })
      .flows()
      .filter(({ reason }) => reason === edge('web', to).reason);

  it.each([
    ['sign-in provider', SignIn.github()],
    ['sign-in provider', SignIn.google({ peer: Peer.cidr('192.0.2.0/24') })],
    ['mail server', SignIn.smtp({ from: 'a@example.com', peer: Peer.cidr('10.20.2.0/24') })],
  ])('reaches the %s as the table of flows says', (to, signIn) => {
    expect(flowsTo(to, signIn)).toHaveLength(1);
  });

  it('may be narrowed to networks of the provider', () => {
    const peer = Peer.cidr('192.0.2.0/24');
    expect(SignIn.github({ peer }).egress).toEqual({ peer, port: Port.tcp(443) });
    expect(SignIn.github().egress?.peer).toEqual(Peer.internet());
  });

  it.each([[Peer.anyOf()], ['192.0.2.0/24']])('refuses a peer that reaches no provider: %s', (peer) => {
    expect(refusal(() => SignIn.google({ peer: peer as Peer })).map(({ id }) => id)).toEqual([
      'caracal/invalid-sign-in',
    ]);
  });
});

describe('auditExport', () => {
  const targets = [{ peer: Peer.cidr('10.20.4.0/24'), port: Port.tcp(443) }];
  const problems = (auditExport: object) =>
    refusal(() => stackWith({ auditExport: { bucket: 'evidence', targets, ...auditExport } })).map(({ path }) => path);

  it.each(['My_Bucket', 'Bucket', 'ab', 'a..b', '-evidence', 'evidence.', 'a'.repeat(64)])(
    'refuses %s, which is no name of a bucket',
    (bucket) => {
      expect(problems({ bucket })).toEqual(['caracal.auditExport.bucket']);
    },
  );

  it('refuses what is no region of AWS, and leaves the regions of other stores alone', () => {
    expect(problems({ region: 'eu' })).toEqual(['caracal.auditExport.region']);
    const endpoint = 'https://minio.example.com';
    expect(() => stackWith({ auditExport: { bucket: 'evidence', targets, region: 'eu', endpoint } })).not.toThrow();
  });

  it.each(['eu-central-1', 'us-gov-west-1', 'eusc-de-east-1'])('takes the region %s', (region) => {
    expect(() => stackWith({ auditExport: { bucket: 'evidence.2024', targets, region } })).not.toThrow();
  });
});

describe('a variable that belongs to a property', () => {
  it.each([
    ['LOG_LEVEL', 'use logLevel of the component'],
    ['SESSION_RETENTION_DAYS', 'use limits.coordinator.sessionRetentionDays of the stack'],
  ])('is reported once, with the property: %s', (name, fix) => {
    const stack = stackWith({ coordinator: { env: { [name]: '1' } } });
    expect(openErrorIds(stack)).toEqual(['caracal/forbidden-env']);
    expect(findingsWith(stack, 'caracal/forbidden-env')).toEqual([expect.objectContaining({ fix })]);
  });

  it('is reported as taken where no property stands for it', () => {
    expect(openErrorIds(stackWith({ coordinator: { env: { AGENT_COORDINATOR_SCOPE: 'x' } } }))).toEqual([
      'workload/env-taken',
    ]);
  });
});
