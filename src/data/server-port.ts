import type { Deferred, Value } from '../core/value';

/** A port, also one that only the deployment knows, as a number or as its text. */
export type PortValue = Value<number> | Deferred<string>;

/** A port that is known: it stands in URLs and in network policies. */
export interface KnownServerPort {
  /**
   * Port of the server.
   * @default - the usual port of such servers
   */
  readonly port?: number;
  /**
   * Port that the network policies open, where it is another one: that of the pods behind a Service.
   * @default - `port`
   */
  readonly policyPort?: number;
}

/** A port that only the deployment knows, as cloud databases give one, beside the number that the policies need now. */
export interface DeferredServerPort {
  /** Port of the server: `value(database.port)`. It must turn out to be `policyPort`. */
  readonly port: PortValue;
  /** Port that the network policies open. */
  readonly policyPort: number;
}

/** The port of a server: a number, or a value beside the number for the policies. */
export type ServerPort = KnownServerPort | DeferredServerPort;
