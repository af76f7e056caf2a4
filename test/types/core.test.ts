import * as pulumi from '@pulumi/pulumi';
import { type Checks, check } from '../../src/core/checks';
import { bytes, type Cpu, type Memory, millicores } from '../../src/core/quantity';
import { compose, Deferred, printable, type Value } from '../../src/core/value';

/**
 * What must not compile. Each `@ts-expect-error` is an error of its own as soon as its line compiles (`npm test` runs
 * `tsc`), and stands beside a line that differs in nothing but what is forbidden, so that it fails for that alone.
 * The calls run as well: what a cast or JavaScript gets past the compiler is refused at run time.
 */

const host = new Deferred<string>('<host>', 'props.host');

describe('a deferred value compiles only where a value may be unknown', () => {
  const acceptsBoth = (value: Value<string>): string => printable(value);
  const needsNow = (name: string): string => name;

  test('Value<string> takes both', () => {
    expect([acceptsBoth('a'), acceptsBoth(host)]).toEqual(['a', '<host>']);
  });

  test('a plain string takes no deferred one: names, labels and selectors must be known', () => {
    expect(needsNow('a')).toBe('a');
    // @ts-expect-error -- Deferred where the value is needed now
    expect(needsNow(host)).toBe(host);
  });

  test('a Value is no plain string either, not even a composed one of known parts', () => {
    const composed = compose`https://${'a'}`;
    // @ts-expect-error -- it may be deferred
    expect(needsNow(composed)).toBe('https://a');
  });

  test('the types of what is deferred are kept apart', () => {
    const number: Value<number> = new Deferred<number>('<n>', 'props.n');
    // @ts-expect-error -- a deferred number where a text is expected
    expect(acceptsBoth(number)).toBe('<n>');
    // @ts-expect-error -- a deferred text where a number is expected
    const wrong: Value<number> = host;
    expect(wrong).toBe(host);
  });

  test('an Output is no value: it has to be given to the engine, which waits for it', () => {
    const output = pulumi.output('a');
    // @ts-expect-error -- an Output where a value is expected
    const wrong: Value<string> = output;
    // @ts-expect-error -- an Output where a text is expected
    expect(needsNow(output)).toBe(wrong);
    expect(Deferred.isDeferred(wrong)).toBe(false);
  });

  test('an object of the same look is no Deferred', () => {
    // @ts-expect-error -- made by hand
    const imitation: Value<string> = { token: '<host>', source: 'props.host' };
    expect(Deferred.isDeferred(imitation)).toBe(false);
  });

  test('a deferred value cannot be rewritten', () => {
    const own = new Deferred<string>('a', 'b');
    // @ts-expect-error -- readonly
    own.token = 'c';
    expect(own).toBeInstanceOf(Deferred);
  });
});

describe('quantities are literals with a unit', () => {
  const cpu = (quantity: Cpu) => () => millicores(quantity);
  const memory = (quantity: Memory) => () => bytes(quantity);

  test('the right ones compile', () => {
    expect([cpu('500m')(), cpu('2')(), cpu('0.5')()]).toEqual([500, 2000, 500]);
    expect([memory('1Ki')(), memory('512Mi')(), memory('1Gi')(), memory('1Ti')()].every(Number.isInteger)).toBe(true);
  });

  test('a number has no unit', () => {
    // @ts-expect-error -- cores or millicores?
    expect(cpu(500)).toThrow();
    // @ts-expect-error -- bytes or mebibytes?
    expect(memory(512)).toThrow();
  });

  test('wrong units', () => {
    // @ts-expect-error -- "M" is mega
    expect(cpu('500M')).toThrow();
    // @ts-expect-error -- decimal units are not those that everybody means
    expect(memory('512M')).toThrow();
    // @ts-expect-error -- lower case
    expect(memory('512mi')).toThrow();
    // @ts-expect-error -- no unit
    expect(memory('512')).toThrow();
    // @ts-expect-error -- memory is no CPU
    expect(cpu('512Mi')).toThrow();
    // @ts-expect-error -- CPU is no memory
    expect(memory('500m')).toThrow();
  });

  test('any text that is not a literal', () => {
    const text: string = ['5', '00m'].join('');
    // @ts-expect-error -- what it holds is not known to the compiler
    expect(cpu(text)()).toBe(500);
  });
});

describe('a record of checks covers its interface exactly', () => {
  interface Props {
    readonly name: string;
    readonly zones?: number;
  }

  test('a property without check, and a check without property, do not compile', () => {
    const complete: Checks<Props> = { name: check.text, zones: check.count };
    // @ts-expect-error -- zones would be refused as unknown
    const missing: Checks<Props> = { name: check.text };
    // @ts-expect-error -- no such property
    const extra: Checks<Props> = { name: check.text, zones: check.count, zone: check.count };
    expect([complete, missing, extra].map((each) => Object.keys(each).length)).toEqual([2, 1, 3]);
  });
});
