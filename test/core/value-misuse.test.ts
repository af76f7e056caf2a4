import * as pulumi from '@pulumi/pulumi';
import { Construct } from 'constructs';
import { isOutput } from '../../src/core/output';
import { compose, Deferred, derive } from '../../src/core/value';
import { misuseOf, placeValues } from '../../src/core/value-misuse';
import { HOSTILE_TEXTS } from './hostile';

const output = pulumi.output('db.example.com');
/** What a template string makes of an Output: the text that Pulumi prints there. */
const asText = `https://${output as unknown as string}/callback`;
const anywhere = (): boolean => true;
const nowhere = (): boolean => false;

/** Paths and codes of what is found in properties. */
const found = (props: unknown, takesValue: (property: string) => boolean = anywhere): [string, string][] =>
  placeValues('props', props, takesValue).map(({ path, id }) => [path, id]);

describe('an Output is told by its mark, without Pulumi being there', () => {
  test('and is nothing else', () => {
    expect(isOutput(output)).toBe(true);
    expect(isOutput(pulumi.secret('a'))).toBe(true);
    expect(
      [undefined, null, 5, 'text', {}, [], () => 1, Deferred.create(), Promise.resolve(1), { __pulumiOutput: 1 }].map(
        isOutput,
      ),
    ).toEqual(Array(10).fill(false));
  });
});

describe('one value', () => {
  test('an Output as it is: no property takes it', () => {
    expect(misuseOf('props.host', output)).toEqual({
      id: 'core/output-in-property',
      level: 'error',
      path: 'props.host',
      message: 'this is an Output, which no property takes as it is',
      fix: expect.stringContaining('value(output)') as string,
    });
  });

  test('an Output inside of text, as the installed version of Pulumi prints it', () => {
    expect(asText).toMatch(/Calling \[toString\] on an \[Output<T>\] is not supported/);
    expect(misuseOf('props.host', asText)).toMatchObject({
      id: 'core/output-in-text',
      path: 'props.host',
      given: expect.stringMatching(/^"https:\/\/Calling \[toString\]/) as string,
      fix: expect.stringContaining('pulumi.interpolate') as string,
    });
  });

  test('an Output inside of JSON', () => {
    expect(misuseOf('p', JSON.stringify({ host: output }))?.id).toBe('core/output-in-text');
  });

  test('a value inside of text, where no check can wait for it', () => {
    const value = Deferred.create();
    expect(misuseOf('p', `https://${String(value)}`)?.id).toBe('core/value-in-text');
    expect(misuseOf('p', String(compose`a${value}`))?.id).toBe('core/value-in-text');
    expect(misuseOf('p', String(derive('a', value, (text) => text)))?.id).toBe('core/value-in-text');
    // The token says nothing to a reader.
    expect(JSON.stringify(misuseOf('p', `a${String(value)}`))).not.toContain(value.token);
  });

  test('a value, known text and everything else are nothing to complain about', () => {
    const fine = [Deferred.create(), compose`a${Deferred.create()}`, 5, true, null, undefined, {}, [], () => 1];
    expect([...fine, ...HOSTILE_TEXTS].filter((each) => misuseOf('p', each) !== undefined)).toEqual([]);
    // Who writes about Outputs is no one who misused one.
    expect(misuseOf('p', 'never call [toString] on an Output<T>')).toBeUndefined();
  });
});

describe('properties as a whole', () => {
  test('every misuse is told with its path, in lists and groups too', () => {
    const value = Deferred.create();
    expect(
      found({
        host: output,
        origins: { sts: asText, console: 'https://a' },
        list: [{ a: 1 }, [`x${String(value)}`], output],
      }),
    ).toEqual([
      ['props.host', 'core/output-in-property'],
      ['props.origins.sts', 'core/output-in-text'],
      ['props.list[1][0]', 'core/value-in-text'],
      ['props.list[2]', 'core/output-in-property'],
    ]);
  });

  test('names of properties as well: a label whose key is an Output', () => {
    expect(found({ labels: { [asText]: 'a' }, env: { [`A_${String(Deferred.create())}`]: 'b' } })).toEqual([
      ['props.labels', 'core/output-in-text'],
      ['props.env', 'core/value-in-text'],
    ]);
  });

  test('an Output or text in the place of all properties', () => {
    expect(found(output)).toEqual([['props', 'core/output-in-property']]);
    expect(found(asText)).toEqual([['props', 'core/output-in-text']]);
  });

  test('a value where none may stand is told, and one where it may is not', () => {
    const props = {
      host: Deferred.create(),
      labels: { team: Deferred.create() },
      list: [compose`a${Deferred.create()}`],
    };
    expect(found(props)).toEqual([]);
    expect(found(props, (property) => property === 'host')).toEqual([
      ['props.labels.team', 'core/value-not-allowed'],
      ['props.list[0]', 'core/value-not-allowed'],
    ]);
  });

  test('an Output is no value, wherever it stands', () => {
    expect(found({ host: output }, nowhere)).toEqual([['props.host', 'core/output-in-property']]);
  });

  test('values are named by the property, without the path of the stack: a construct may move', () => {
    const [one, two, three] = [Deferred.create(), Deferred.create(), Deferred.create()];
    placeValues('caracal', { origins: { sts: one }, list: [{ host: two }], again: one }, anywhere);
    expect([one, two, three].map(({ source }) => source)).toEqual([
      'again and origins.sts',
      'list[0].host',
      'a value that no property was given',
    ]);
  });

  test('instances and constructs are left alone: their factories have checked them, and they lead through the whole tree', () => {
    class Recipe {
      public readonly host = asText;
    }
    const construct = new Construct(undefined as never, '');
    Object.assign(construct, { wrong: output });
    const value = Deferred.create();
    class Holder {
      public readonly held = value;
    }
    expect(found({ a: new Recipe(), construct, b: new Map([['x', output]]), c: new Holder() }, nowhere)).toEqual([]);
    expect(value.source).toBe('a value that no property was given');
  });

  test('objects without a prototype are plain: JSON of another realm must not hide a mistake', () => {
    expect(found(Object.assign(Object.create(null) as object, { host: output }))).toEqual([
      ['props.host', 'core/output-in-property'],
    ]);
  });

  test('properties that hold themselves are gone through once', () => {
    const cyclic: Record<string, unknown> = { host: output };
    cyclic.self = cyclic;
    cyclic.list = [cyclic, [cyclic]];
    expect(found(cyclic)).toEqual([['props.host', 'core/output-in-property']]);
  });

  test('lists of lists of the same list are gone through once each, not once for each way to them', () => {
    const deep = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], 'text');
    expect(found({ deep })).toEqual([]);
  });

  test.each([[undefined], [null], [5], ['text'], [() => output]])(
    '%p in the place of properties holds nothing',
    (props) => {
      expect(found(props)).toEqual([]);
    },
  );
});
