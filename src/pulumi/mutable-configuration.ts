import * as pulumi from '@pulumi/pulumi';
import type { Finding } from '../core/errors';
import type { Manifest } from './resource-class';

/** Settings of the Kubernetes provider that let it change an object instead of replacing it. */
const SETTINGS = {
  ConfigMap: { setting: 'enableConfigMapMutable', variable: 'PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE' },
  Secret: { setting: 'enableSecretMutable', variable: 'PULUMI_K8S_ENABLE_SECRET_MUTABLE' },
} as const;

/**
 * The provider replaces a ConfigMap or Secret of which the content changes, unless it is told not to: the object is
 * missing for a moment, and pods that start then fail. Only the settings of the default provider can be seen.
 */
export function replacementWarnings(path: string, manifests: readonly Manifest[]): Finding[] {
  const config = new pulumi.Config('kubernetes');
  const missing = Object.entries(SETTINGS).filter(
    ([kind, { setting, variable }]) =>
      (config.get(setting) ?? process.env[variable])?.toLowerCase() !== 'true' &&
      manifests.some((manifest) => manifest.kind === kind && manifest.apiVersion === 'v1'),
  );
  return missing.map(([kind, { setting }]) => ({
    id: 'pulumi/replaced-configuration',
    level: 'warning',
    path,
    message: `a change of a ${kind} deletes it and makes it anew`,
    why: 'pods that start in between fail until it is there again',
    fix: `pulumi config set kubernetes:${setting} true; with a provider of your own, set ${setting} there`,
  }));
}
