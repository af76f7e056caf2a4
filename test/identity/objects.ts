import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Testing } from 'cdk8s';
import type { CaracalStack } from '../../src/caracal';
import { platform as production } from '../../examples/caracal-production/main';
import { platform as quickstart } from '../../examples/caracal-quickstart/main';
import { platform as rc } from '../../examples/caracal-rc/main';

/** An object as it is applied. */
export interface Emitted {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // The shape depends on the kind; fields are read by path.
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The examples as functions of a change of their properties. */
export const EXAMPLES: Readonly<Record<string, (change?: object) => CaracalStack>> = {
  'caracal-production': (change) => production(new App(), change),
  'caracal-quickstart': (change) => quickstart(new App(), change),
  'caracal-rc': (change) => rc(new App(), change),
};

/** The objects of a stack. */
export function emitted(stack: CaracalStack): Emitted[] {
  return Testing.synth(stack) as Emitted[];
}

/** `Kind/name`. */
export function ref({ kind, metadata }: Emitted): string {
  return `${kind}/${metadata.name}`;
}

/** A value by its path, `spec.selector`. */
export function at(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

/** Data of this folder. */
export function data<T>(file: string): T {
  return JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as T;
}
