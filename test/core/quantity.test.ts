import * as fc from 'fast-check';
import { bytes, type Cpu, type Memory, millicores } from '../../src/core/quantity';
import { hostileText } from './hostile';
import { accepted, refused } from './refused';

const UNITS = { Ki: 10, Mi: 20, Gi: 30, Ti: 40 } as const;

describe('CPU', () => {
  test.each<[Cpu, number]>([
    ['500m', 500],
    ['1m', 1],
    ['2', 2000],
    ['0.5', 500],
    ['0.001', 1],
    ['1.25', 1250],
  ])('%s is %d millicores', (quantity, amount) => {
    expect(millicores(quantity)).toBe(amount);
  });

  test('cores and millicores of one amount are equal, whatever floating point makes of 1.001 * 1000', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (amount) => {
        const cores = `${Math.floor(amount / 1000)}.${String(amount % 1000).padStart(3, '0')}` as Cpu;
        expect([millicores(`${amount}m`), millicores(cores)]).toEqual([amount, amount]);
      }),
      { examples: [[1001], [2300], [4350], [8200], [1], [999]] },
    );
  });

  test.each([
    '0',
    '0m',
    '0.000',
    '-1',
    '-500m',
    '+1',
    '01',
    '1.',
    '.5',
    '0.0005',
    '1,5',
    '1e3',
    '1 m',
    '500M',
    '500mi',
    'm',
    '',
    ' 1',
    '1\n',
    '9'.repeat(20),
    `${'9'.repeat(400)}m`,
  ])('%j is refused: Kubernetes refuses it, rounds it, or means something else by it', (given) => {
    expect(refused(() => millicores(given as Cpu, 'resources.cpu'))).toMatchObject({
      id: 'core/invalid-cpu',
      path: 'resources.cpu',
      allowed: 'a positive number of cores ("2", "0.5") or millicores ("500m")',
    });
  });
});

describe('memory and storage', () => {
  test.each<[Memory, number]>([
    ['1Ki', 1024],
    ['512Mi', 536870912],
    ['1Gi', 1073741824],
    ['2Ti', 2199023255552],
  ])('%s is %d bytes', (quantity, amount) => {
    expect(bytes(quantity)).toBe(amount);
  });

  test('the unit is a power of two: 1024 of one are 1 of the next', () => {
    const pairs = [
      ['Ki', 'Mi'],
      ['Mi', 'Gi'],
      ['Gi', 'Ti'],
    ] as const;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(...pairs), (amount, [small, large]) => {
        expect(bytes(`${amount * 1024}${small}`)).toBe(bytes(`${amount}${large}`));
        expect(bytes(`${amount}${small}`)).toBe(amount * 2 ** UNITS[small]);
      }),
    );
  });

  test.each([
    '0Mi',
    '-1Gi',
    '1.5Gi',
    '512',
    '512M',
    '512MB',
    '512mi',
    '1G',
    '1Pi',
    '01Gi',
    ' 1Gi',
    '1 Gi',
    '1Gi\n',
    'Gi',
    '',
    '9007199254740992Ki',
    `${'9'.repeat(400)}Gi`,
  ])('%j is refused: "M" is not "Mi", and Kubernetes rounds what it cannot count', (given) => {
    expect(refused(() => bytes(given as Memory, 'storage.size'))).toMatchObject({
      id: 'core/invalid-memory',
      path: 'storage.size',
      fix: expect.stringMatching(/^write (?:the amount in this form|size: "[1-9]\d*[KMGT]i")/) as string,
    });
  });

  test.each([
    ['512MB', '512Mi'],
    ['1.5Gi', '1536Mi'],
    ['2G', '2Gi'],
    ['1 Gi', '1Gi'],
    ['0,5 GB', '512Mi'],
  ])('the line to type for %s is "%s", which is accepted', (given, meant) => {
    const { fix } = refused(() => bytes(given as Memory, 'sts.resources.memory'));
    expect(fix).toBe(`write memory: "${meant}"`);
    expect(accepted(() => bytes(meant as Memory))).toBe(true);
  });

  test('an amount without a unit is bytes for some and mebibytes for others: nothing is guessed', () => {
    expect(refused(() => bytes('512' as Memory, 'memory')).fix).toMatch(/in this form/);
  });
});

describe.each([
  ['CPU', (given: unknown) => millicores(given as Cpu)],
  ['memory', (given: unknown) => bytes(given as Memory)],
])('%s of any text', (_what, read) => {
  test('is a positive whole number, or refused', () => {
    const similar = fc
      .tuple(fc.constantFrom('', '0', '1', '12', '1.5', '007', '-2'), fc.constantFrom('', 'm', 'Mi', 'Gi', 'M', 'k'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(hostileText, similar), (given) => {
        const amount = accepted(() => read(given)) ? read(given) : 1;
        expect(Number.isSafeInteger(amount) && amount > 0).toBe(true);
      }),
    );
  });

  test.each([undefined, null, 500, 0.5, {}, ['500m'], ['1Gi']])('%p is refused: a number has no unit', (given) => {
    expect(refused(() => read(given)).id).toMatch(/^core\/invalid-/);
  });
});
