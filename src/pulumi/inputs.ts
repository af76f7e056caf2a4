import { OWN_PREFIX } from '../core/identity';
import type { DeploymentValues } from './deployment-values';
import type { Manifest } from './resource-class';

/** A hash of secrets tells none of them. */
const SECRETS_REVISION = `${OWN_PREFIX}/secrets-revision`;

/** The inputs of a resource: the object, with values in place of their tokens. */
export function inputsOf(manifest: Manifest, values: DeploymentValues): Record<string, unknown> {
  const isSecret = manifest.apiVersion === 'v1' && manifest.kind === 'Secret';
  const place = isSecret ? undefined : `${manifest.kind} "${manifest.metadata.name}"`;
  const convert = (value: unknown, within?: string): unknown => {
    if (typeof value === 'string') {
      return values.inputOf(value, within);
    }
    if (Array.isArray(value)) {
      return value.map((each) => convert(each, within));
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [
            key,
            convert(inner, key === SECRETS_REVISION ? undefined : within),
          ]),
        )
      : value;
  };
  return convert(manifest, place) as Record<string, unknown>;
}
