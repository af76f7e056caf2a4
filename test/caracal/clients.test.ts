import { Exposure, Peer } from '../../src';
import { findingsWith } from '../support/findings';
import { caracal, devProps, propsOf } from './fixture';

const AGENTS = Peer.namespace('agents');
const ID = 'caracal/closed-to-clients';
const messages = (stack: ReturnType<typeof caracal>): string[] => findingsWith(stack, ID).map(({ message }) => message);
const closed = (...names: string[]): string[] => [
  `no agent can make a governed call: no client may reach ${names.join(', ')}`,
];

describe('a platform that no agent can use', () => {
  test('is a warning that names the services which let nobody in', () => {
    const stack = caracal(propsOf('production', { exposure: Exposure.none() }));
    expect(findingsWith(stack, ID)).toEqual([
      expect.objectContaining({
        level: 'warning',
        path: 'caracal',
        message: closed('sts', 'coordinator', 'gateway')[0],
        fix: expect.stringContaining('clients: [Peer.namespace("agents")]'),
      }),
    ]);
  });

  test('is one with public sts and gateway too: the SDK opens its session at the coordinator', () => {
    expect(messages(caracal(propsOf('production')))).toEqual(closed('coordinator'));
  });

  test('is one where control and diagnostics are on: those are calls of the platform itself', () => {
    const props = propsOf('production', { control: true, webDiagnostics: true, exposure: Exposure.none() });
    expect(messages(caracal(props))).toEqual(closed('sts', 'coordinator', 'gateway'));
  });

  test('is one in dev, where agents of the cluster are closed out as well', () => {
    expect(messages(caracal(devProps()))).toEqual(closed('sts', 'coordinator', 'gateway'));
  });
});

describe('clients', () => {
  test('may reach all that a governed call needs, and nothing else', () => {
    const stack = caracal(propsOf('production', { clients: [AGENTS], exposure: Exposure.none() }));
    const reached = stack.flows().filter(({ from }) => from === String(AGENTS) || from === AGENTS.description);
    expect(reached.map(({ to }) => to).sort()).toEqual(['caracal-coordinator', 'caracal-gateway', 'caracal-sts']);
    expect(messages(stack)).toEqual([]);
  });

  test('may be let in one by one: the finding names what is left', () => {
    const stack = caracal(propsOf('production', { exposure: Exposure.none() }));
    stack.coordinator.connections.allowFrom(AGENTS, { reason: 'sessions of agents' });
    expect(messages(stack)).toEqual(closed('sts', 'gateway'));
    stack.sts.connections.allowFrom(AGENTS, { reason: 'tokens of agents' });
    stack.gateway.connections.allowFrom(AGENTS, { reason: 'calls of agents' });
    expect(messages(stack)).toEqual([]);
  });
});
