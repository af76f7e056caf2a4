import {
  web,
  api,
  teller,
  ledger,
  probe,
  outside,
  outsideV6,
  policy,
  forApi,
  denyIngress,
  denyEgress,
  denyBoth,
  toApi,
  fromWeb,
  labels,
  open,
  closed,
  type SemanticCase,
} from './evaluator-world';

export const isolation: readonly SemanticCase[] = [
  open('without policies everything is open', [], probe, api),
  closed('a policy without rules closes its pods', [toApi()], web, api),
  open('a policy does not isolate pods that it does not select', [toApi()], api, web),
  open('a policy does not isolate pods of other namespaces', [policy('bank', { podSelector: {} })], web, api),
  closed('an empty podSelector isolates every pod of the namespace', [denyIngress], probe, api),
  closed('an absent podSelector is an empty one', [policy('shop', { policyTypes: ['Ingress'] })], probe, api),
  open('ingress isolation leaves egress open', [denyIngress], api, probe),
  open('egress isolation leaves ingress open', [denyEgress], probe, api),
  open('an address is under no policy of its own', [denyEgress], outside, api),
  open('two addresses are no business of policies', [denyBoth], outside, outsideV6),
  closed('an isolated pod does not reach addresses', [denyEgress], web, outside),
];

export const policyTypes: readonly SemanticCase[] = [
  closed('without policyTypes, ingress is isolated', [policy('shop', {})], web, api),
  open('without policyTypes and egress rules, egress is open', [policy('shop', {})], api, probe),
  open(
    'without policyTypes, an empty egress list does not isolate egress',
    [policy('shop', { egress: [] })],
    api,
    probe,
  ),
  closed(
    'without policyTypes, an egress rule isolates egress',
    [policy('shop', { egress: [{ ports: [{ port: 1 }] }] })],
    api,
    probe,
  ),
  closed(
    'without policyTypes, a policy with only egress rules still isolates ingress',
    [policy('shop', { egress: [{}] })],
    probe,
    api,
  ),
  closed('an empty policyTypes list counts as absent: ingress', [policy('shop', { policyTypes: [] })], probe, api),
  open(
    'an empty policyTypes list counts as absent: egress',
    [policy('shop', { policyTypes: [], egress: [] })],
    api,
    probe,
  ),
  open('policyTypes Egress does not isolate ingress', [policy('shop', { policyTypes: ['Egress'] })], probe, api),
  open(
    'policyTypes Ingress does not isolate egress, whatever egress rules there are',
    [policy('shop', { policyTypes: ['Ingress'], egress: [{ ports: [{ port: 1 }] }] })],
    api,
    probe,
  ),
  closed(
    'ingress rules of an Egress policy allow nothing',
    [denyIngress, policy('shop', { policyTypes: ['Egress'], ingress: [{}] }, 'misplaced')],
    probe,
    api,
  ),
  closed(
    'egress rules of an Ingress policy allow nothing',
    [denyEgress, policy('shop', { policyTypes: ['Ingress'], egress: [{}] }, 'misplaced')],
    api,
    probe,
  ),
];

export const bothEnds: readonly SemanticCase[] = [
  closed('an egress rule alone does not open an isolated destination', [denyIngress, fromWeb({})], web, api),
  closed('an ingress rule alone does not open an isolated source', [denyEgress, toApi({})], web, api),
  open(
    'both ends together open the way',
    [denyBoth, fromWeb({}), policy('shop', { ...forApi, ingress: [{}] }, 'api')],
    web,
    api,
  ),
  open('replies need no rule: the destination may be closed for egress', [denyEgress], probe, api),
  closed(
    'a rule for one direction does not open the way back',
    [denyBoth, fromWeb({}), policy('shop', { ...forApi, ingress: [{}] }, 'api')],
    api,
    web,
  ),
  open('a pod reaches itself under any policy', [denyBoth], { ...api, name: 'api-0' }, { ...api, name: 'api-0' }),
  open('a pod that is known by its address reaches itself', [denyBoth], api, api),
  closed('a replica is another pod and stays closed', [denyBoth], { ...api, name: 'api-0' }, { ...api, name: 'api-1' }),
  closed('two pods that are known by labels only are replicas, not one pod', [policy('bank', {})], ledger, ledger),
];

export const union: readonly SemanticCase[] = [
  open(
    'policies add up: what any one of them allows is allowed',
    [denyIngress, toApi({ from: [{ podSelector: labels('app', 'web') }] })],
    web,
    api,
  ),
  open(
    'rules add up: any one of them suffices',
    [
      toApi(
        { from: [{ podSelector: labels('app', 'web') }] },
        { from: [{ namespaceSelector: labels('team', 'bank') }] },
      ),
    ],
    teller,
    api,
  ),
  closed(
    'the peer of one rule and the port of another do not combine',
    [
      toApi(
        { from: [{ podSelector: labels('app', 'web') }], ports: [{ port: 8080 }] },
        { from: [{ namespaceSelector: labels('team', 'bank') }], ports: [{ port: 9090 }] },
      ),
    ],
    web,
    api,
    9090,
  ),
];
