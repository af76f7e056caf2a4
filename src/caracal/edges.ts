import { InternalError } from '../core/errors';
import type { Connections, PeerLike } from '../network/connections';
import type { Port } from '../network/port';

/** One row of the table of flows. */
export interface CaracalEdge {
  /** Component that opens the connection. */
  readonly from: string;
  /** Who accepts it: a component, or a role that the user fills. */
  readonly to: string;
  /** What the flow is for. */
  readonly reason: string;
  /** When the flow exists. */
  readonly when: string;
}

const ALWAYS = 'always';
const row = (from: string, to: string, reason: string, when = ALWAYS): CaracalEdge => ({ from, to, reason, when });

/**
 * Every flow of Caracal, from caracal.md section 9 with the addendum's A1 and A14. A component declares a flow when it
 * is given the collaborator that the row names; a collaborator without a row is a bug.
 */
export const CARACAL_EDGES: readonly CaracalEdge[] = [
  row('sts', 'postgres', 'reads policies and keys, listens for changes, with a role of its own'),
  row('sts', 'redis', 'consumes revocations and policy changes, writes audit events, counts rate limits'),
  row(
    'sts',
    'providers',
    'asks token endpoints and JWKS of identity providers',
    'egress.sts; the public internet unless narrowed',
  ),
  ...['sts', 'api'].flatMap((from) => [
    row(
      from,
      'secret backend',
      `${from === 'api' ? 'keeps' : 'reads'} credentials of providers, encrypted`,
      'secretBackend; the public internet for those of clouds unless narrowed',
    ),
    row(
      from,
      'identity of the pod',
      'asks the cloud for credentials of its own identity',
      'secretBackend of a cloud without a key: 169.254.169.254, or 169.254.170.23 on EKS',
    ),
  ]),
  row('gateway', 'sts', 'exchanges tokens, reads JWKS, checks its health for readiness'),
  row('gateway', 'postgres', 'reads the revocation snapshot'),
  row('gateway', 'redis', 'remembers used tokens, consumes revocations, writes audit events'),
  row('gateway', 'upstreams', 'calls the governed services', 'egress.gateway, or gateway.connections.allowTo'),
  row('audit', 'postgres', 'stores and verifies evidence'),
  row('audit', 'redis', 'consumes audit events'),
  row('audit', 'export', 'uploads evidence as Parquet files', 'auditExport'),
  row('coordinator', 'sts', 'reads JWKS'),
  row(
    'coordinator',
    'issuer',
    'reads JWKS of the public issuer to verify tokens, at the ingress controller where that answers for it',
    'the issuer is not the in-cluster STS; the flow to the ingress controller or proxy where the origin is exposed',
  ),
  row('coordinator', 'postgres', 'keeps sessions, delegations and its outbox'),
  row('coordinator', 'redis', 'relays events, counts rate limits'),
  row('api', 'sts', 'simulates policies and asks for their state'),
  row('api', 'gateway', 'makes governed model calls', 'control'),
  row('api', 'coordinator', 'makes governed model calls', 'control'),
  row('api', 'postgres', 'keeps the configuration'),
  row('api', 'redis', 'dispatches its outbox, counts rate limits'),
  row(
    'api',
    'providers',
    'discovers providers, exchanges tokens, notifies, calls AI endpoints',
    'egress.api; the public internet unless narrowed',
  ),
  row('web', 'api', 'serves the console'),
  row('web', 'coordinator', 'serves the console'),
  row('web', 'sts', 'diagnostics and the control token', 'webDiagnostics or control'),
  row('web', 'gateway', 'diagnostics', 'webDiagnostics'),
  row('web', 'audit', 'diagnostics', 'webDiagnostics'),
  row('web', 'postgres', 'keeps accounts in a database of its own'),
  row(
    'web',
    'sign-in provider',
    'exchanges codes for tokens of the sign-in',
    'signIn github or google; the public internet unless narrowed',
  ),
  row('web', 'mail server', 'sends sign-in mails', 'signIn smtp'),
  row('migrate', 'postgres', 'brings the schema up to date and sets role passwords'),
  row('auth-migrate', 'postgres', 'brings the schema of the accounts up to date'),
  ...['sts', 'gateway', 'audit', 'coordinator', 'api'].map((from) =>
    row(from, 'collector', 'sends traces', 'telemetry'),
  ),
  ...['sts', 'coordinator', 'gateway'].map((to) =>
    row('clients', to, 'agents and verifiers in the cluster', 'clients'),
  ),
  ...['web', 'sts', 'gateway', 'api'].map((to) =>
    row('ingress controller', to, 'public traffic', 'exposed by an origin and an Exposure'),
  ),
];

/** Declares the flow from a component to a collaborator, with the reason from the table. */
export function connect(
  from: { readonly connections: Connections },
  component: string,
  to: string,
  peer: PeerLike,
  port?: Port | readonly Port[],
): void {
  from.connections.allowTo(peer, { reason: edge(component, to).reason, ...(port === undefined ? {} : { port }) });
}

/** The row of a flow. */
export function edge(from: string, to: string): CaracalEdge {
  const found = CARACAL_EDGES.find((each) => each.from === from && each.to === to);
  if (found === undefined) {
    throw new InternalError(`the flow from ${from} to ${to} is not in the table of flows`);
  }
  return found;
}
