import { ApiObject, type ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { Component, type PlatformStack, type PlatformStackProps } from '../../src';
import { testComponentSpec, testStack } from './ledger';

/** Objects that a user adds to a stack: nothing of them comes from the library. */

/** An image by digest, as every profile wants it. */
export const PINNED = `registry.example.com/ours/worker:1.0.0@sha256:${'d'.repeat(64)}`;

/** Labels that no component has. */
export const OURS = { app: 'worker' };

/** Labels that select the pods of `withServer`. */
export const OF_SERVER = {
  'app.kubernetes.io/name': 'ledger',
  'app.kubernetes.io/instance': 'ledger',
  'app.kubernetes.io/component': 'server',
};

const LOCKED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** A container that nobody objects to. */
export function container(change: object = {}): object {
  return { name: 'main', image: PINNED, securityContext: LOCKED, ...change };
}

/** A pod template that nobody objects to. */
export function template({
  labels = OURS,
  spec = {},
  ...change
}: { labels?: object; spec?: object; [field: string]: unknown } = {}): object {
  return { metadata: { labels }, spec: { containers: [container(change)], ...spec } };
}

/** A raw object. */
export function raw(scope: Construct, kind: string, apiVersion: string, fields: object, name = 'own'): ApiObject {
  return new ApiObject(scope, `${kind}-${name}`, { apiVersion, kind, metadata: { name }, ...fields } as ApiObjectProps);
}

/** A raw Deployment. */
export function deployment(scope: Construct, of: object = template(), spec: object = {}, name = 'own'): ApiObject {
  return raw(
    scope,
    'Deployment',
    'apps/v1',
    { spec: { selector: { matchLabels: OURS }, template: of, ...spec } },
    name,
  );
}

/** A raw PodDisruptionBudget. */
export function budget(
  scope: Construct,
  matchLabels: object,
  spec: object = { maxUnavailable: 1 },
  name = 'own',
): ApiObject {
  return raw(scope, 'PodDisruptionBudget', 'policy/v1', { spec: { selector: { matchLabels }, ...spec } }, name);
}

/** A stack without problems, with something done to it. */
export function stackWith(
  use: (stack: PlatformStack) => unknown,
  change: Partial<PlatformStackProps> = {},
): PlatformStack {
  const stack = testStack(change);
  use(stack);
  return stack;
}

/** The same with a server of the library's own. */
export function serverWith(
  use: (stack: PlatformStack, server: Component) => unknown,
  options: ConstructorParameters<typeof Component>[3] = {},
  change: Partial<PlatformStackProps> = {},
): PlatformStack {
  const stack = testStack(change);
  use(stack, new Component(stack, 'server', testComponentSpec(), options));
  return stack;
}
