import { App } from 'cdk8s';
import * as pulumi from '@pulumi/pulumi';
import { printedBySource } from '../../src/core/value';
import { SelfHosted } from '../../src/pulumi';
import { type Manifest, synth } from '../support/manifests';
import type { Build } from './examples';
import { type Registration, run, type RunOptions } from './program';

/** What both engines made of one stack. */
export interface Pair {
  /** Inputs that were registered for the resources below the component. */
  readonly registered: readonly Manifest[];
  /** Objects as cdk8s writes them. */
  readonly written: readonly Manifest[];
  /** Names of Jobs, as they were registered, in which a value stands that only the deployment knows. */
  readonly jobsWithValues: readonly string[];
  readonly registrations: readonly Registration[];
}

/** Builds a stack with both engines: values are Outputs in one, texts in the other. */
export async function inBothEngines(build: Build, options: RunOptions = {}): Promise<Pair> {
  const { registrations, result } = await run(
    () => new SelfHosted('engine', ({ app, value }) => build(app, (text) => value(pulumi.output(text)))),
    options,
  );
  return {
    registrations,
    registered: registrations.filter(({ custom }) => custom).map(({ inputs }) => inputs as unknown as Manifest),
    written: synth(build(new App(), (text) => text)),
    jobsWithValues: (result.stack.toJson() as Manifest[])
      .filter((manifest) => manifest.kind === 'Job' && hasValue(manifest))
      .map(({ metadata }) => metadata.name),
  };
}

function hasValue(manifest: Manifest): boolean {
  const text = JSON.stringify(manifest);
  return printedBySource(text) !== text;
}

const HASH = /-[0-9a-f]{8}$/;

/**
 * Where the engines differ, each difference by the path of the field; equal for nothing less than the same objects with
 * the same fields.
 *
 * The one rule: the hash that ends the name of a Job counts a value by its property where only the deployment knows it.
 * So for Jobs with such a value, and for them alone, the hash is left out of the comparison.
 */
export function differences({ registered, written, jobsWithValues }: Pair): string[] {
  const counted = new Set(jobsWithValues.map((name) => name.replace(HASH, '')));
  const keyOf = ({ apiVersion, kind, metadata }: Manifest): string => {
    const prefix = String(metadata?.name).replace(HASH, '');
    const name = kind === 'Job' && counted.has(prefix) ? prefix : metadata?.name;
    return `${apiVersion} ${kind} ${metadata?.namespace}/${name}`;
  };
  const [left, right] = [byKey(registered, keyOf), byKey(written, keyOf)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [ours, theirs] = [left.get(key) ?? [], right.get(key) ?? []];
    const [one, other] = [ours[0], theirs[0]];
    if (ours.length !== 1 || theirs.length !== 1 || one === undefined || other === undefined) {
      return [`${key}: ${ours.length} registered, ${theirs.length} written`];
    }
    // The keys are equal; what is left of the names was compared with them.
    const renamed = { ...one, metadata: { ...one.metadata, name: other.metadata.name } };
    return fieldDifferences(renamed, other, key);
  });
}

function byKey(objects: readonly Manifest[], keyOf: (object: Manifest) => string): Map<string, Manifest[]> {
  const result = new Map<string, Manifest[]>();
  objects.forEach((object) => result.set(keyOf(object), [...(result.get(keyOf(object)) ?? []), object]));
  return result;
}

function fieldDifferences(left: unknown, right: unknown, path: string): string[] {
  if (Object.is(left, right)) {
    return [];
  }
  const comparable = isTree(left) && isTree(right) && Array.isArray(left) === Array.isArray(right);
  if (!comparable) {
    return [path];
  }
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const missing = keys.filter((key) => !Object.hasOwn(left, key) || !Object.hasOwn(right, key));
  return [
    ...missing.map((key) => `${path}.${key}`),
    ...keys
      .filter((key) => !missing.includes(key))
      .flatMap((key) => fieldDifferences(left[key], right[key], `${path}.${key}`)),
  ];
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
