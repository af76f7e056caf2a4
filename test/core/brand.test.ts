import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brand, isBranded } from '../../src/core/brand';
import { check } from '../../src/core/checks';
import { ConfigurationError } from '../../src/core/errors';
import { Peer } from '../../src/network/peer';

class Colour {
  static {
    brand(this, 'Colour');
  }

  public readonly hue = 120;
}

describe('a branded class is recognised where class names and instanceof fail', () => {
  test('under another name: bundlers rename classes, esbuild even without minifying', () => {
    const Renamed = class _Colour {};
    brand(Renamed, 'Colour');
    expect(Renamed.name).not.toBe('Colour');
    expect(isBranded(new Renamed(), 'Colour')).toBe(true);
  });

  test('in another copy of the package: npm may install two', () => {
    let other: typeof Peer = Peer;
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy is what the test needs
      other = (require('../../src/network/peer') as { Peer: typeof Peer }).Peer;
    });
    expect(other.internet()).not.toBeInstanceOf(Peer);
    expect(isBranded<Peer>(other.internet(), 'Peer')).toBe(true);
  });

  test('as the base of a subclass, which keeps its own brand too', () => {
    class Green extends Colour {
      static {
        brand(this, 'Green');
      }
    }
    expect([isBranded(new Green(), 'Colour'), isBranded(new Green(), 'Green')]).toEqual([true, true]);
    expect(isBranded(new Colour(), 'Green')).toBe(false);
  });

  test('as an error', () => {
    expect(isBranded(new ConfigurationError('a test', []), 'ConfigurationError')).toBe(true);
    expect(isBranded(new Error('a test'), 'ConfigurationError')).toBe(false);
  });
});

describe('what only looks like an instance is refused', () => {
  const peer = Peer.internet();

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['the name', 'Peer'],
    ['the class', Peer],
    ['the prototype', Peer.prototype],
    ['an object with the same members', { description: peer.description, isNobody: false, toPolicyPeers: () => [] }],
    ['an object that names the class as its own', { constructor: { name: 'Peer' } }],
    ['an object that carries the brand itself', { [Symbol.for('cdk8s-selfhosted.Peer')]: true }],
    ['a spread, which has lost the methods', { ...peer }],
    ['an object without a prototype', Object.create(null)],
    ['a class of that name, which is somebody else’s', new { Peer: class {} }.Peer()],
    ['a value of another class of the library', new ConfigurationError('a test', [])],
  ])('%s', (_what, value) => {
    expect(isBranded<Peer>(value, 'Peer')).toBe(false);
    expect(check.instance('Peer')(value)).toBe('it must be made by Peer');
  });

  test('while the real one is not', () => {
    expect(check.instance('Peer')(peer)).toBeUndefined();
  });
});

describe('the sources', () => {
  const folder = join(__dirname, '..', '..', 'src');
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, ''))
    .join('\n');
  const found = (pattern: RegExp): string[] =>
    [...new Set([...code.matchAll(pattern)].map(([, name]) => name ?? ''))].sort();
  const classes = found(/^(?:export )?(?:abstract )?class (\w+)/gm);
  const branded = found(/\bbrand\(this, '(\w+)'[,)]/g);

  test('each brand is the name of its class, which messages show', () => {
    const pairs = [...code.matchAll(/^export class (\w+)[^\n]*\{\s*static \{\s*brand\(this, '(\w+)'[,)]/gm)];
    expect(pairs.map(([, , name]) => name).sort()).toEqual(branded);
    expect(pairs.filter(([, type, name]) => type !== name)).toEqual([]);
  });

  test('each brand that is asked for is one that a class has, or the check would refuse everything', () => {
    const asked = [...code.matchAll(/(?:\binstance\(|\bisBranded[<(])([^)]*)\)/g)].flatMap(([, call = '']) =>
      [...call.matchAll(/'(\w+)'/g)].map(([, name]) => name ?? ''),
    );
    expect(asked).toEqual(expect.arrayContaining(['Peer', 'Port', 'Cluster', 'ConfigurationError']));
    expect([...new Set(asked)].sort()).toEqual(branded);
  });

  test('each type that is narrowed to is that of its brand', () => {
    const pairs = [...code.matchAll(/\bisBranded<(\w+)>\([^']*'(\w+)'\)/g)];
    expect(pairs.length).toBeGreaterThan(10);
    expect(pairs.filter(([, type, name]) => type !== name)).toEqual([]);
  });

  test('instanceof is asked for no class of the library, since a second copy would fail', () => {
    expect(classes).toContain('Peer');
    expect(found(/\binstanceof (\w+)/g).filter((name) => classes.includes(name))).toEqual([]);
  });
});
