import * as pulumi from '@pulumi/pulumi';
import * as fc from 'fast-check';
import { check, checkShape, type Checks, requireShape } from '../../src/core/checks';
import { ConfigurationError, show } from '../../src/core/errors';
import { compose, Deferred } from '../../src/core/value';
import { Peer } from '../../src/network/peer';
import { HOSTILE_TEXTS } from './hostile';
import { refused } from './refused';

interface Props {
  readonly name: string;
  readonly zones?: number;
  readonly storageClass?: string;
}

const CHECKS: Checks<Props> = { name: check.text, zones: check.count, storageClass: check.text };

const shapeOf = (props: unknown) => checkShape('Thing.of', props as Props, CHECKS);
/** An object with this own property, also where the name is one that literals treat in another way. */
const having = (key: string, value: unknown): object => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`);

describe('checkShape refuses unknown properties, which would otherwise be ignored in silence', () => {
  test('a near miss is named, with every property that exists', () => {
    expect(shapeOf({ name: 'a', zone: 3 })).toEqual([
      {
        id: 'core/unknown-property',
        level: 'error',
        path: 'Thing.of.zone',
        message: 'there is no property "zone"',
        given: '3',
        allowed: 'name, zones, storageClass',
        fix: 'did you mean "zones"?',
      },
    ]);
  });

  test.each([
    ['another case', 'STORAGECLASS', 'storageClass'],
    ['a letter too much', 'zoness', 'zones'],
    ['two letters swapped', 'nmae', 'name'],
    ['a shorter word for a long one', 'storageClas', 'storageClass'],
    ['another separator', 'storage_class', 'storageClass'],
  ])('%s is a near miss', (_what, given, meant) => {
    expect(shapeOf({ [given]: 1 })[0]?.fix).toBe(`did you mean "${meant}"?`);
  });

  test.each(['replicas', 'q', 'storageBucketNames', ''])(
    '"%s" is nobody\'s near miss: a wrong hint misleads',
    (given) => {
      expect(shapeOf({ [given]: 1 })[0]?.fix).toBe('remove it');
    },
  );

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'the property "%s", which every object inherits, is unknown too',
    (key) => {
      expect(shapeOf(having(key, { zones: 1 }))).toMatchObject([
        { id: 'core/unknown-property', path: `Thing.of.${key}`, given: '{"zones":1}' },
      ]);
    },
  );

  test('no name at all is accepted but those of the checks', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...HOSTILE_TEXTS)), (key) => {
        fc.pre(!Object.hasOwn(CHECKS, key));
        expect(shapeOf(having(key, 1)).map(({ id }) => id)).toEqual(['core/unknown-property']);
      }),
    );
  });

  test('every one is reported, not only the first', () => {
    expect(shapeOf({ nam: 'a', zone: 1, zones: 'b' }).map(({ path, id }) => [path, id])).toEqual([
      ['Thing.of.nam', 'core/unknown-property'],
      ['Thing.of.zone', 'core/unknown-property'],
      ['Thing.of.zones', 'core/wrong-type'],
    ]);
  });
});

describe('checkShape refuses wrong types', () => {
  test('with what was given and what is needed', () => {
    expect(shapeOf({ name: 5 })).toEqual([
      {
        id: 'core/wrong-type',
        level: 'error',
        path: 'Thing.of.name',
        message: 'it must be a string',
        given: '5',
        fix: 'write name: "5"',
      },
    ]);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'name'],
    ['a list', [{ name: 'a' }]],
    ['a number', 5],
    ['a function', () => ({ name: 'a' })],
  ])('%s in the place of the properties is one clear finding', (_what, props) => {
    expect(shapeOf(props)).toEqual([
      {
        id: 'core/wrong-type',
        level: 'error',
        path: 'Thing.of',
        message: 'an object with properties is needed here',
        given: show(props),
        fix: 'pass an object with name, zones, storageClass',
      },
    ]);
  });

  test('a property that is undefined counts as absent, as in a conditional spread', () => {
    expect(shapeOf({ name: 'a', zones: undefined })).toEqual([]);
  });

  test('null is not absent: JSON that says null means something else than it says', () => {
    expect(shapeOf({ name: 'a', zones: null }).map(({ path }) => path)).toEqual(['Thing.of.zones']);
  });

  test('the properties are read only', () => {
    const props = Object.freeze({ name: 'a', zones: 3 });
    expect(shapeOf(props)).toEqual([]);
    expect(props).toEqual({ name: 'a', zones: 3 });
  });
});

describe('checkShape tells what only a program of the Pulumi engine gets wrong', () => {
  const all = {
    host: check.textValue,
    name: check.text,
    labels: check.record,
    list: check.each(check.text),
    peer: check.any,
  };
  const found = (props: unknown) =>
    checkShape('Thing.of', props as Record<keyof typeof all, unknown>, all).map(({ path, id }) => [path, id]);
  const asText = `a ${pulumi.output('x') as unknown as string}`;

  test('a value where none may stand: with the property, why, and the way out', () => {
    expect(shapeOf({ name: Deferred.create() })).toEqual([
      {
        id: 'core/value-not-allowed',
        level: 'error',
        path: 'Thing.of.name',
        message:
          'a value that is known only at deployment cannot stand here: objects are named, selected or counted by it',
        fix: 'give the value itself; in a Pulumi program take it from the configuration, not from an Output',
      },
    ]);
  });

  test('also in the place of an object, inside of a list, and composed', () => {
    expect(
      found({ name: compose`a${Deferred.create()}`, labels: Deferred.create(), list: ['a', Deferred.create()] }),
    ).toEqual([
      ['Thing.of.name', 'core/value-not-allowed'],
      ['Thing.of.labels', 'core/value-not-allowed'],
      ['Thing.of.list[1]', 'core/value-not-allowed'],
    ]);
  });

  test('and not where it may, nor for a value that is merely wrong', () => {
    expect(found({ host: Deferred.create(), peer: Deferred.create() })).toEqual([]);
    expect(found({ name: 5, list: [5] })).toEqual([
      ['Thing.of.name', 'core/wrong-type'],
      ['Thing.of.list[0]', 'core/wrong-type'],
    ]);
  });

  test('an Output, also where a value would be taken: it has to be given to the engine first', () => {
    expect(found({ host: pulumi.output('a'), peer: pulumi.output('b'), name: asText })).toEqual([
      ['Thing.of.host', 'core/output-in-property'],
      ['Thing.of.peer', 'core/output-in-property'],
      ['Thing.of.name', 'core/output-in-text'],
    ]);
  });

  test('a misspelt property is called that, whatever is given for it; the report shows no token', () => {
    const value = Deferred.create();
    const [finding] = checkShape('Thing.of', { nmae: { deep: [value] } } as never, CHECKS);
    expect(finding).toMatchObject({
      id: 'core/unknown-property',
      given: expect.not.stringContaining(value.token) as string,
    });
  });

  test.each([
    ['a value', Deferred.create(), 'core/value-not-allowed'],
    ['an Output', pulumi.output({ name: 'a' }), 'core/output-in-property'],
    ['text with an Output', asText, 'core/output-in-text'],
  ])('%s in the place of all properties is one finding about it, not one about its own fields', (_what, props, id) => {
    expect(found(props)).toEqual([['Thing.of', id]]);
  });
});

describe('requireShape', () => {
  test('throws all findings of the shape as one report', () => {
    const call = () => requireShape('Thing.of', { nam: 'a', zones: -1 } as never, CHECKS);
    expect(call).toThrow(ConfigurationError);
    expect(call).toThrow(
      /^2 problems in Thing\.of:\n {2}\[nam\] core\/unknown-property\n(?: {4}.*\n)+ {2}\[zones\] core\/wrong-type\n/,
    );
  });

  test('lets a good shape pass', () => {
    expect(() => requireShape('Thing.of', { name: 'a' }, CHECKS)).not.toThrow();
  });

  test('reports a single problem with its property', () => {
    expect(refused(() => requireShape('Thing.of', { name: 1 } as never, CHECKS)).path).toBe('Thing.of.name');
  });
});

describe('the checks', () => {
  class Nameless {}
  const deferred = new Deferred<string>('t', 's');

  test.each<[keyof typeof check | string, (value: unknown) => string | undefined, unknown[], unknown[]]>([
    ['text', check.text, ['', 'a'], [1, null, ['a'], {}, new String('a'), deferred]],
    ['textValue', check.textValue, ['', 'a', deferred], [1, null, ['a'], {}, { token: 't', source: 's' }]],
    ['flag', check.flag, [true, false], ['true', 1, 0, null]],
    ['count', check.count, [0, 1, 1e9], [-1, 1.5, NaN, Infinity, '1', 1n, null]],
    ['list', check.list, [[], [1]], ['a', { length: 1 }, null]],
    ['record', check.record, [{}, { a: 1 }], [[], null, 'a', 1, () => 1, deferred]],
    ['oneOf', check.oneOf('a', 'b'), ['a', 'b'], ['c', '', null, ['a'], 'constructor']],
    ['each', check.each(check.text), [[], ['a', 'b']], [['a', 1], 'ab', null, [undefined]]],
    ['any', check.any, [1, null, 'a', {}], []],
    ['instance', check.instance('Peer'), [Peer.internet()], [{}, new Nameless(), 'Peer', null, Peer]],
  ])('%s accepts its own and refuses everything else', (_name, run, good, bad) => {
    expect(good.filter((value) => run(value) !== undefined)).toEqual([]);
    expect(bad.filter((value) => run(value) === undefined)).toEqual([]);
  });

  test('say what they want in words', () => {
    expect([
      check.count(-1),
      check.oneOf('a', 'b')('c'),
      check.each(check.flag)([1]),
      check.instance('Peer', 'Port')({}),
    ]).toEqual([
      'it must be a whole number of at least 0',
      'it must be one of "a", "b"',
      'it must be true or false',
      'it must be made by Peer or Port',
    ]);
  });
});
