import * as fc from 'fast-check';
import { InternalError } from '../../src/core/errors';
import { compose, Deferred, known, mustBeKnown, printable, printableWith, type Value } from '../../src/core/value';
import { hostileText } from './hostile';

const host = new Deferred<string>('<host>', 'props.host');
const port = new Deferred<string>('<port>', 'props.port');

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
    let other: typeof Deferred | undefined;
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy is what the test needs
      other = (require('../../src/core/value') as { Deferred: typeof Deferred }).Deferred;
    });
    expect(other).not.toBe(Deferred);
    expect(Deferred.isDeferred(other && new other('t', 's'))).toBe(true);
  });

  test('has no mark that a copy of its fields, a hash or a comparison would see', () => {
    expect(Object.keys(host)).toEqual(['token', 'source']);
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

  test('mustBeKnown: a deferred value here is our fault, and says so', () => {
    expect(mustBeKnown('a', 'the name')).toBe('a');
    expect(() => mustBeKnown(host, 'the name')).toThrow(InternalError);
    expect(() => mustBeKnown(host, 'the name')).toThrow('the name was read before it is known');
  });
});

describe('printableWith', () => {
  const double = (text: string): string => text.replace(/</g, '<<');

  test('changes known text only, at any depth: a token that is changed never becomes its value', () => {
    expect(printableWith('<a', double)).toBe('<<a');
    expect(printableWith(host, double)).toBe('<host>');
    expect(printableWith(compose`<${compose`<${host}`}<${port}${'<'}`, double)).toBe('<<<<<host><<<port><<');
  });

  test('without a change is printable', () => {
    const whole = compose`http://${host}:${port}/`;
    expect(printableWith(whole, (text) => text)).toBe(printable(whole));
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
