import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import {
  compose,
  concat,
  Deferred,
  derive,
  known,
  nameValue,
  parsePrinted,
  printable,
  printedBySource,
  resolveValue,
  rootsOf,
  type Value,
} from '../../src/core/value';
import { Deployment } from './deployment';
import { hostileText } from './hostile';

const host = new Deferred<string>('<host>', 'props.host');
const port = new Deferred<string>('<port>', 'props.port');
const upper = (text: string): string => text.toUpperCase();

interface Copy {
  readonly Deferred: typeof Deferred;
  readonly compose: typeof compose;
  readonly derive: typeof derive;
}

/** The library's values, from another copy of the package. */
function anotherCopy(): Copy {
  let loaded: Copy | undefined;
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy is what the test needs
    loaded = require('../../src/core/value') as Copy;
  });
  if (loaded === undefined || loaded.Deferred === Deferred) {
    throw new Error('this is no second copy');
  }
  return loaded;
}

describe('Deferred stands for a value that only the deployment knows', () => {
  test('prints as its token wherever it lands in an object, so that the engine finds it again', () => {
    expect(JSON.stringify({ env: [{ value: host }] })).toBe('{"env":[{"value":"<host>"}]}');
    expect(`https://${String(host)}`).toBe('https://<host>');
  });

  test('is told from a value that merely looks like one', () => {
    expect(Deferred.isDeferred(host)).toBe(true);
    expect([{ token: 'a', source: 'b' }, '<host>', null, undefined, 5, {}, []].map(Deferred.isDeferred)).toEqual(
      Array(7).fill(false),
    );
  });

  test('of another copy of the package is one as well', () => {
    const other = anotherCopy();
    expect(Deferred.isDeferred(new other.Deferred('t', 's'))).toBe(true);
  });

  test('shows its token only: a copy of its fields, a hash or a comparison sees nothing else', () => {
    expect(Object.keys(host)).toEqual(['token']);
    expect({ ...(compose`a${host}` as Deferred<string>) }).toEqual({ token: 'a<host>' });
  });

  test('has a token that no other value has, which every encoding of a text leaves as it is', () => {
    const tokens = Array.from({ length: 100 }, () => Deferred.create().token);
    expect(new Set(tokens).size).toBe(100);
    expect(tokens.filter((token) => !/^\w+$/.test(token) || encodeURIComponent(token) !== token)).toEqual([]);
  });
});

describe('two copies of the package in one program', () => {
  const other = anotherCopy();

  test('give no token twice, or a text would get the value of somebody else', () => {
    const tokens = [Deferred.create(), other.Deferred.create(), Deferred.create(), other.Deferred.create()].map(
      ({ token }) => token,
    );
    expect(new Set(tokens).size).toBe(4);
  });

  test('find and resolve what the other made of their values', () => {
    const deployment = new Deployment();
    const value = deployment.value('db');
    const theirs = other.derive('upper case', other.compose`${value}:5432`, upper) as Value<string>;
    expect(deployment.deploy(`x${printable(theirs)}y`)).toBe('xDB:5432y');
  });
});

describe('reading a Value', () => {
  test('printable: the text itself, or the token', () => {
    expect([printable('db.example.com'), printable(host), printable('')]).toEqual(['db.example.com', '<host>', '']);
  });

  test('known: the value, or undefined where a check has to wait; falsy values are known', () => {
    expect([known('a'), known(''), known<number>(0), known<boolean>(false), known<string>(host)]).toEqual([
      'a',
      '',
      0,
      false,
      undefined,
    ]);
  });
});

describe('compose', () => {
  test('of known values is known, and plain text', () => {
    expect(compose`https://${'a'}:${'443'}/x`).toBe('https://a:443/x');
    expect(compose`no values`).toBe('no values');
  });

  test('of a deferred value is deferred, with the token inside of the text', () => {
    const url = compose`https://${host}/callback`;
    expect(Deferred.isDeferred(url)).toBe(true);
    expect(printable(url)).toBe('https://<host>/callback');
  });

  test('remembers every source and the text around it, since hashes count a deferred value by its source', () => {
    expect(compose`${host}:${port}`).toMatchObject({ token: '<host>:<port>', source: '<props.host>:<props.port>' });
  });

  test('composes what was composed', () => {
    const address = compose`${host}:${'5432'}`;
    expect(compose`postgres://${address}/db`).toMatchObject({
      token: 'postgres://<host>:5432/db',
      source: 'postgres://<<props.host>:5432>/db',
    });
  });

  test('keeps every character of literals and values, an empty value too', () => {
    const value = fc.oneof(
      hostileText,
      hostileText.map((text): Value<string> => new Deferred(text, 'source')),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        const text = compose`[${a}|${b}]`;
        expect(printable(text)).toBe(`[${printable(a)}|${printable(b)}]`);
        expect(Deferred.isDeferred(text)).toBe(Deferred.isDeferred(a) || Deferred.isDeferred(b));
      }),
    );
  });
});

describe('derive', () => {
  test('computes now what is known, also of several values', () => {
    expect(derive('upper case', 'a', upper)).toBe('A');
    expect(derive('sum', ['a', '', 'c'], (...texts) => texts.join('+'))).toBe('a++c');
  });

  test('gives a token of its own for what is not: the token of the value is never changed, since nobody would find it', () => {
    const value = Deferred.create();
    const make = jest.fn(upper);
    const derived = derive('upper case', value, make);
    expect(make).not.toHaveBeenCalled();
    expect(printable(derived)).not.toContain(value.token);
    expect(value.token).not.toContain(printable(derived));
    expect(parsePrinted(`a${printable(derived)}b`)).toEqual(['a', derived, 'b']);
  });

  test('gives one value for one thing that is made, so that two renderings of one tree are equal', () => {
    const value = Deferred.create();
    expect(derive('a', value, upper)).toBe(derive('a', value, upper));
    expect(derive('a', [value, 'x'], upper)).toBe(derive('a', [value, 'x'], upper));
    const others = [
      derive('a', value, upper),
      derive('b', value, upper),
      derive('a', [value, 'x'], upper),
      derive('a', [value, 'y'], upper),
      derive('a', ['x', value], upper),
      derive('a', [value, value], upper),
      derive('a', Deferred.create(), upper),
    ];
    expect(new Set(others.map(printable)).size).toBe(others.length);
  });

  test('takes a value that is composed again for the same one: it stands for the same text', () => {
    const value = Deferred.create();
    const made = (text: string): string => printable(derive('a', compose`${text}${value}`, upper));
    expect(made('x')).toBe(made('x'));
    expect(made('y')).not.toBe(made('x'));
  });

  test('says in its source what was made of what, since hashes count it by that', () => {
    expect(derive('base64', host, upper)).toMatchObject({ source: 'base64 of <props.host>' });
    expect(derive('base64', compose`a${host}b`, upper)).toMatchObject({ source: 'base64 of <a<props.host>b>' });
    expect(derive('hash', ['a', derive('base64', host, upper)], upper)).toMatchObject({
      source: 'hash of a<base64 of <props.host>>',
    });
  });
});

describe('the law of all values: the text that the deployment makes is the text that is made of known values', () => {
  /** A way to make one value of two. */
  type Recipe = (a: Value<string>, b: Value<string>) => Value<string>;
  const functions: readonly [what: string, make: (...texts: readonly string[]) => string][] = [
    ['upper case', (...texts) => texts.join('').toUpperCase()],
    ['base64', (...texts) => Buffer.from(texts.join('')).toString('base64')],
    ['dollars', (...texts) => texts.join('|').replace(/\$/g, '$$$$')],
    ['length', (...texts) => String(texts.join('').length)],
  ];
  const { recipe } = fc.letrec<{ recipe: Recipe; leaf: Recipe; derived: Recipe; composed: Recipe }>((tie) => ({
    recipe: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('derived'), tie('composed')),
    leaf: fc.oneof(
      fc.constant<Recipe>((a) => a),
      fc.constant<Recipe>((_a, b) => b),
      hostileText.map(
        (text): Recipe =>
          () =>
            text,
      ),
    ),
    derived: fc.tuple(fc.constantFrom(...functions), fc.array(tie('recipe'), { minLength: 1, maxLength: 3 })).map(
      ([[what, make], parts]): Recipe =>
        (a, b) =>
          derive(
            what,
            parts.map((part) => part(a, b)),
            make,
          ),
    ),
    composed: fc.tuple(tie('recipe'), hostileText, tie('recipe')).map(
      ([one, text, two]): Recipe =>
        (a, b) =>
          compose`${one(a, b)}${text}${two(a, b)}`,
    ),
  }));

  test('by resolving it, and by resolving what was printed, in a longer text too', () => {
    fc.assert(
      fc.property(recipe, hostileText, hostileText, fc.boolean(), (make, a, b, knowsB) => {
        const deployment = new Deployment();
        const value = make(deployment.value(a), knowsB ? b : deployment.value(b));
        const expected = make(a, b);
        expect(deployment.resolve(value)).toBe(expected);
        expect(deployment.deploy(printable(value))).toBe(expected);
        expect(deployment.deploy({ list: [`<${printable(value)}>`] })).toEqual({ list: [`<${printable(expected)}>`] });
      }),
    );
  });

  test('of a derived value asks for the text of each root, however often it stands there', () => {
    const value = Deferred.create();
    const asked: unknown[] = [];
    const text = resolveValue(derive('a', compose`${value}-${value}`, upper), (root) => {
      asked.push(root);
      return 'x';
    });
    expect([text, new Set(asked)]).toEqual(['X-X', new Set([value])]);
  });
});

describe('what a value is made of', () => {
  const [one, two] = [Deferred.create(), Deferred.create()];

  test('are the values of the engine, each once; none where everything is known', () => {
    expect(rootsOf('a')).toEqual([]);
    expect(rootsOf(one)).toEqual([one]);
    expect(rootsOf(derive('a', [compose`${one}${two}`, 'x', one], upper))).toEqual([one, two]);
    expect(rootsOf(concat(['a', 'b']))).toEqual([]);
  });
});

describe('the name of a value is the property that it was given for', () => {
  test('all of them, sorted: Jobs must not run again because two lines of a program change places', () => {
    const named = (...properties: string[]): string => {
      const value = Deferred.create();
      properties.forEach((property) => nameValue(value, property));
      return value.source;
    };
    expect(named('sts.env.ISSUER', 'origins.sts', 'origins.sts')).toBe('origins.sts and sts.env.ISSUER');
    expect(named('origins.sts', 'sts.env.ISSUER')).toBe(named('sts.env.ISSUER', 'origins.sts'));
  });

  test('not where its maker has named it', () => {
    const value = new Deferred<string>('<t>', 'mine');
    nameValue(value, 'origins.sts');
    expect(value.source).toBe('mine');
  });

  test('arrives in what was made of it before', () => {
    const value = Deferred.create();
    const composed = compose`https://${value}`;
    expect(composed).toMatchObject({ source: 'https://<a value that no property was given>' });
    nameValue(value, 'props.host');
    expect(composed).toMatchObject({ source: 'https://<props.host>' });
  });

  test('is not taken by what is made of values, nor by what is none', () => {
    const value = new Deferred<string>('<t>', 'props.host');
    const made = [compose`a${value}`, derive('a', value, upper)];
    made.forEach((each) => nameValue(each, 'elsewhere'));
    expect(made).toMatchObject([{ source: 'a<props.host>' }, { source: 'a of <props.host>' }]);
    expect(() => [undefined, null, 'text', { token: 't' }].forEach((each) => nameValue(each, 'x'))).not.toThrow();
  });
});

describe('parsePrinted takes a printed text apart', () => {
  const values = [Deferred.create(), Deferred.create(), derive('a', Deferred.create(), upper)] as Deferred<string>[];
  const [first] = values as [Deferred<string>];
  const unknown = first.token.replace(/\d+/, '999999999');

  test('whatever stands around the tokens, and where they touch', () => {
    // Text next to a token that could be taken for a part of it.
    const near = fc.constantFrom('_', '__', '1', '__1__', 'value_', unknown, unknown.slice(0, -2), unknown.slice(2));
    const part = fc.oneof(fc.constantFrom(...values), hostileText, near);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const parsed = parsePrinted(parts.map(printable).join(''));
        expect(parsed.filter((each) => Deferred.isDeferred(each))).toEqual(
          parts.filter((each) => Deferred.isDeferred(each)),
        );
        expect(parsed.map(printable).join('')).toBe(parts.map(printable).join(''));
        expect(parsed).not.toContain('');
      }),
    );
  });

  test('text that merely looks like a token is text', () => {
    expect(parsePrinted(unknown)).toEqual([unknown]);
    expect(parsePrinted(first.token.slice(0, -1))).toEqual([first.token.slice(0, -1)]);
    expect(parsePrinted(first.token.toUpperCase())).toEqual([first.token.toUpperCase()]);
    expect(parsePrinted(`${unknown}${first.token}`)).toEqual([unknown, first]);
  });

  test('a text without tokens is one part, an empty one none', () => {
    expect(parsePrinted('https://a')).toEqual(['https://a']);
    expect(parsePrinted('')).toEqual([]);
  });

  test('a token that another engine chose is text: only that engine can find it', () => {
    expect(parsePrinted(`a${host.token}`)).toEqual(['a<host>']);
  });
});

describe('printedBySource', () => {
  const named = (source: string): Deferred<string> => {
    const value = Deferred.create();
    nameValue(value, source);
    return value;
  };
  const text = (value: Value<string>): string => printedBySource(`a ${printable(compose`https://${value}/`)} b`);

  test('is the same for the same property, whatever the token: hashes must not differ from run to run', () => {
    expect(text(named('props.host'))).toBe('a https://value of props.host/ b');
    expect(text(named('props.host'))).toBe(text(named('props.host')));
    expect(text(named('props.other'))).not.toBe(text(named('props.host')));
  });

  test('tells what is made of a value from the value', () => {
    const value = named('props.host');
    expect(text(derive('base64', value, upper))).toBe('a https://value of base64 of <props.host>/ b');
  });

  test('leaves known text as it is', () => {
    fc.assert(fc.property(hostileText, (plain) => expect(printedBySource(plain)).toBe(plain)));
  });
});

describe('a token means its value as long as the value of the engine is there', () => {
  setFlagsFromString('--expose-gc');
  const collect = async (): Promise<void> => {
    // What was made or read in a turn of the event loop is kept until its end.
    await new Promise((done) => setImmediate(done));
    (runInNewContext('gc') as () => void)();
    await new Promise((done) => setImmediate(done));
  };
  const printedOf = (value: Deferred<string>): string => printable(derive('a', compose`x${value}`, upper));

  test('also where nobody keeps what was composed in between', async () => {
    const deployment = new Deployment();
    const text = printedOf(deployment.value('y'));
    await collect();
    expect(deployment.deploy(text)).toBe('XY');
  });

  test('negative control: without it the token is forgotten, so the memory of a long program does not grow', async () => {
    const text = printedOf(Deferred.create());
    await collect();
    expect(parsePrinted(text)).toEqual([text]);
  });
});
