import { runtime } from '@pulumi/pulumi';

/** Stands in a decoded request where the value is not known yet. */
export const UNKNOWN = Symbol('unknown');

/** What a request carries: plain data, and what the wire says about parts of it. */
export interface Decoded {
  /** The data; unknown parts are `UNKNOWN`. */
  readonly value: unknown;
  /** Paths that are marked secret, the outermost only: `spec.template.spec.containers.0.env.2.value`. */
  readonly secrets: readonly string[];
  /** Paths that are unknown. */
  readonly unknowns: readonly string[];
}

/**
 * Takes the data of a request apart, as the engine gets it. The SDK's own `deserializeProperties` would make Outputs of
 * secrets again and move their mark outwards.
 */
export function decode(data: unknown): Decoded {
  const secrets: string[] = [];
  const unknowns: string[] = [];
  const visit = (value: unknown, path: readonly (string | number)[], inSecret: boolean): unknown => {
    if (value === runtime.unknownValue) {
      unknowns.push(path.join('.'));
      return UNKNOWN;
    }
    if (Array.isArray(value)) {
      return value.map((each, index) => visit(each, [...path, index], inSecret));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const signature = (value as Record<string, unknown>)[runtime.specialSigKey];
    if (signature === runtime.specialSecretSig) {
      if (!inSecret) {
        secrets.push(path.join('.'));
      }
      return visit((value as { value: unknown }).value, path, true);
    }
    if (signature !== undefined) {
      throw new Error(`${path.join('.')} is something that no Kubernetes object holds: ${JSON.stringify(value)}`);
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, visit(each, [...path, key], inSecret)]));
  };
  return { value: visit(data, [], false), secrets, unknowns };
}
