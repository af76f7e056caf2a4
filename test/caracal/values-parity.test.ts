import * as fc from 'fast-check';
import { Deferred, type Value } from '../../src';
import type { CaracalStackProps } from '../../src/caracal';
import { parsePrinted } from '../../src/core/value';
import { Deployment } from '../core/deployment';
import { caracal } from './fixture';
import { PLATFORMS, TEXTS, type Texts } from './values-support';

/** What is read of an object here. */
interface Emitted {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** The objects in their order; `also` sees the stack first. */
function objectsOf(props: CaracalStackProps, variable: Value<string>): Emitted[] {
  const stack = caracal(props);
  stack.audit.addEnv('ADDED', variable);
  stack.acknowledge('caracal/unread-env', { reason: 'the tests need some variable' });
  return stack.orderedObjects().map((object) => object.toJson() as Emitted);
}

/** The one exception: a Job is named before its values are known, so its hash counts them by their properties. */
const withoutJobHash = (object: Emitted): Emitted =>
  object.kind === 'Job'
    ? { ...object, metadata: { ...object.metadata, name: object.metadata.name.replace(/-[0-9a-f]{8}$/, '') } }
    : object;

const valuesOf = (make: (text: string) => Value<string>, texts: Texts<string>): Texts<Value<string>> => {
  const values = Object.entries(texts).map(([key, text]: [string, string]) => [key, make(text)]);
  return Object.fromEntries(values) as Texts<Value<string>>;
};

/** Roots whose tokens stand somewhere in what was printed. */
const holdsToken = (printed: unknown): boolean =>
  parsePrinted(JSON.stringify(printed)).some((part) => Deferred.isDeferred(part));

const host = fc.domain().filter((text) => text.length < 60);
const origin = host.map((text) => `https://${text.toLowerCase()}`);
const texts: fc.Arbitrary<Texts<string>> = fc
  .record({
    postgres: fc.oneof(host, fc.ipV4(), fc.ipV6()).map((text) => text.toLowerCase()),
    redis: fc.oneof(host, fc.ipV4(), fc.ipV6()).map((text) => text.toLowerCase()),
    origins: fc.uniqueArray(origin, { minLength: 4, maxLength: 4 }),
    collector: host.map((text) => text.toLowerCase()),
    bucket: fc.stringMatching(/^[a-z0-9]{3,20}$/),
    endpoint: origin,
    variable: fc.stringMatching(/^[$(){}A-Z "\\é]{0,12}$/),
  })
  .map(({ origins: [console = '', sts = '', gateway = '', api = ''], ...rest }) => ({
    ...rest,
    console,
    sts,
    gateway,
    api,
  }));

describe.each(PLATFORMS)('%s', (_what, propsOf, elsewhere) => {
  test('has the same objects, once values are known that were not: all but the hashes of Jobs, in the same order', () => {
    fc.assert(
      fc.property(texts, (given) => {
        const deployment = new Deployment();
        const values = valuesOf((text) => deployment.value(text), given);
        const later = deployment.deploy(objectsOf(propsOf(values), values.variable));
        const now = objectsOf(propsOf(given), given.variable);
        expect(later.map(withoutJobHash)).toEqual(now.map(withoutJobHash));
        expect(deployment.findings()).toEqual([]);
      }),
      { numRuns: 8, examples: [[TEXTS]] },
    );
  });

  test('with one text changed is not the same: the comparison can fail, for each of the texts', () => {
    const now = objectsOf(propsOf(TEXTS), TEXTS.variable).map(withoutJobHash);
    const unnoticed = Object.keys(TEXTS).filter((key) => {
      const deployment = new Deployment();
      const changed = { ...TEXTS, [key]: TEXTS[key as keyof typeof TEXTS].replace(/e/, 'x') };
      const values = valuesOf((text) => deployment.value(text), changed);
      const later = deployment.deploy(objectsOf(propsOf(values), values.variable)).map(withoutJobHash);
      return JSON.stringify(later) === JSON.stringify(now);
    });
    expect(unnoticed).toEqual(elsewhere);
  });

  test('shows no token in a name, label or selector, and none that nobody replaces', () => {
    const deployment = new Deployment();
    const values = valuesOf((text) => deployment.value(text), TEXTS);
    const printed = objectsOf(propsOf(values), values.variable);
    expect(holdsToken(printed)).toBe(true);
    expect(printed.filter(({ metadata }) => holdsToken(metadata)).map(({ kind }) => kind)).toEqual([]);
    expect(JSON.stringify(deployment.deploy(printed))).not.toMatch(/cdk8s_selfhosted_value/);
  });

  test('is rendered twice with the same text: rendering makes no new tokens', () => {
    const deployment = new Deployment();
    const stack = caracal(propsOf(valuesOf((text) => deployment.value(text), TEXTS)));
    stack.acknowledge('caracal/unread-env', { reason: 'the tests need some variable' });
    expect(stack.toJson()).toEqual(stack.toJson());
  });

  test('names its Jobs alike in every run, and other Jobs after other properties', () => {
    const jobs = (props: CaracalStackProps) =>
      objectsOf(props, 'x')
        .filter(({ kind }) => kind === 'Job')
        .map(({ metadata }) => metadata.name);
    const deferred = (given: Texts<string>) => jobs(propsOf(valuesOf((text) => new Deployment().value(text), given)));
    expect(deferred(TEXTS)).toEqual(deferred({ ...TEXTS, variable: 'UTC', postgres: 'other.example.internal' }));
    expect(deferred(TEXTS)).not.toEqual(jobs(propsOf(TEXTS)));
    expect(deferred(TEXTS)).toHaveLength(2);
  });
});
