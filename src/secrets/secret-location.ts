/** Where the value of a secret goes: into an entry of a secret store, or under a key of a Secret. */
export type SecretLocation = StoreEntry | SecretEntry;

/** An entry of the store that the External Secrets operator reads. */
export interface StoreEntry {
  /** Tells it from a Secret. */
  readonly kind: 'store';
  /** Name of the entry, with the prefix. */
  readonly entry: string;
  /**
   * Field of the entry.
   * @default - the entry itself is the value
   */
  readonly property?: string;
}

/** A key of a Secret in the namespace of the stack. */
export interface SecretEntry {
  /** Tells it from an entry of a store. */
  readonly kind: 'secret';
  /** Name of the Secret. */
  readonly secretName: string;
  /** Key in it. */
  readonly key: string;
}
