import type { DeploymentValues } from './deployment-values';
import type { Manifest } from './resource-class';

/** The inputs of a resource: the object, with values in place of their tokens. */
export function inputsOf(manifest: Manifest, values: DeploymentValues): Record<string, unknown> {
  const convert = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return values.inputOf(value);
    }
    if (Array.isArray(value)) {
      return value.map(convert);
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, convert(inner)]))
      : value;
  };
  return convert(manifest) as Record<string, unknown>;
}
