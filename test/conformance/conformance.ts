import { App } from 'cdk8s';
import { Construct } from 'constructs';
import type { PlatformStack } from '../../src';
import { frozen } from '../support/frozen';
import { ref, synth } from '../support/manifests';

/** How an exported construct is made for the test. */
export interface Fixture {
  /** Names of the optional properties that `props` leaves out. */
  readonly optional: readonly string[];
  /** Properties that it is given, as plain data where possible. A new copy for each call. */
  props(): Readonly<Record<string, unknown>>;
  /** Makes it in an empty app, with these properties. Returns the stack that it is, or stands in. */
  make(app: App, props: Readonly<Record<string, unknown>>): PlatformStack;
}

/** The construct classes among exports, found by their prototypes, so that a new one cannot be forgotten. */
export function constructClasses(exports: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(exports)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)
    .map(([name]) => name)
    .sort();
}

/** What holds for every construct that users may make. */
export function describeConformance(
  exports: Readonly<Record<string, unknown>>,
  fixtures: Readonly<Record<string, Fixture>>,
): void {
  test('every exported construct is tested here', () => {
    expect(constructClasses(exports)).toEqual(Object.keys(fixtures).sort());
  });

  describe.each(Object.entries(fixtures))('%s', (_name, { make, props, optional }) => {
    const build = (given = props()): PlatformStack => make(new App(), given);

    test('has no problem as the fixture makes it', () => {
      expect(build().findings()).toEqual([]);
    });

    test('gives the same objects when it is synthesised twice, and when it is made twice', () => {
      const stack = build();
      const first = JSON.stringify(synth(stack));
      expect(JSON.stringify(synth(stack))).toBe(first);
      expect(JSON.stringify(synth(build()))).toBe(first);
    });

    test('leaves its properties untouched: frozen ones are as good', () => {
      const given = frozen(props());
      const stack = build(given);
      expect(JSON.stringify(synth(stack))).toBe(JSON.stringify(synth(build())));
      expect(JSON.stringify(given)).toBe(JSON.stringify(props()));
    });

    test('gives no two objects of one kind, namespace and name', () => {
      const all = synth(build()).map((each) => `${each.metadata.namespace} ${ref(each)}`);
      expect(all.length).toBeGreaterThan(0);
      expect(new Set(all).size).toBe(all.length);
    });

    test('takes an optional property that is undefined for one that is absent', () => {
      const given = { ...props(), ...Object.fromEntries(optional.map((name) => [name, undefined])) };
      const stack = build(given);
      expect(stack.findings()).toEqual([]);
      expect(JSON.stringify(synth(stack))).toBe(JSON.stringify(synth(build())));
    });

    test('hands out no part of itself that changes the next synthesis', () => {
      const stack = build();
      const first = JSON.stringify(synth(stack));
      synth(stack).forEach((object) => Object.assign(object.metadata.labels ?? {}, { changed: 'yes' }));
      stack.flows().forEach((flow) => Object.assign(flow, { reason: 'changed' }));
      expect(JSON.stringify(synth(stack))).toBe(first);
    });
  });
}
