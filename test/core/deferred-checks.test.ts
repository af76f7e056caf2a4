import { checksOf, whenKnown } from '../../src/core/deferred-checks';
import type { Finding } from '../../src/core/errors';
import { compose, Deferred, derive, type Value } from '../../src/core/value';

const finding = (...texts: readonly string[]): Finding => ({
  id: 'a/b',
  level: 'error',
  path: 'p',
  message: texts.join('|'),
  fix: 'f',
});
const tellAll = (...texts: readonly string[]): Finding[] => [finding(...texts)];

/** The texts of a deployment. */
const texts =
  (known: ReadonlyMap<Deferred<string>, string>) =>
  (root: Deferred<string>): string =>
    known.get(root) ?? 'unknown';

describe('a check of known values runs at once', () => {
  test('and its findings are there', () => {
    expect(whenKnown('a', tellAll)).toEqual([finding('a')]);
    expect(whenKnown(['a', 'b'], tellAll)).toEqual([finding('a', 'b')]);
    expect(whenKnown([compose`x${'y'}`, derive('a', 'z', (text) => text)], tellAll)).toEqual([finding('xy', 'z')]);
  });

  test('of no values at all as well: nothing is waited for', () => {
    expect(whenKnown([], tellAll)).toEqual([finding()]);
  });

  test.each([[undefined], [null], [5], [{}]])(
    'of %j, which JavaScript gives in the place of a text: the check says what is wrong with it',
    (given) => {
      const check = jest.fn(() => [finding('no text')]);
      expect(whenKnown(given as unknown as string, check)).toEqual([finding('no text')]);
      expect(check.mock.calls).toEqual([[given]]);
    },
  );
});

describe('a check of values that only the deployment knows waits for all of them', () => {
  test('and runs when the engine tells their texts, with exactly these', () => {
    const value = Deferred.create();
    const check = jest.fn(tellAll);
    expect(whenKnown(value, check)).toEqual([]);
    expect(check).not.toHaveBeenCalled();
    const [waiting, ...more] = checksOf(value);
    expect(more).toEqual([]);
    expect(waiting?.roots).toEqual([value]);
    expect(waiting?.run(() => 'text')).toEqual([finding('text')]);
  });

  test('is found at each of them, as one check, so that an engine runs it once', () => {
    const [one, two] = [Deferred.create(), Deferred.create()];
    whenKnown([one, 'known', two, one], tellAll);
    expect(checksOf(one)).toHaveLength(1);
    expect(checksOf(two)[0]).toBe(checksOf(one)[0]);
    expect(checksOf(one)[0]?.roots).toEqual([one, two]);
    const known = new Map([
      [one, '1'],
      [two, '2'],
    ]);
    expect(checksOf(one)[0]?.run(texts(known))).toEqual([finding('1', 'known', '2', '1')]);
  });

  test('gets the text of what was composed or derived, and waits for what that was made of', () => {
    const [one, two] = [Deferred.create(), Deferred.create()];
    const made: Value<string>[] = [compose`https://${one}`, derive('upper case', two, (text) => text.toUpperCase())];
    whenKnown(made, tellAll);
    const known = new Map([
      [one, 'a'],
      [two, 'b'],
    ]);
    expect(checksOf(two)[0]?.roots).toEqual([one, two]);
    expect(checksOf(two)[0]?.run(texts(known))).toEqual([finding('https://a', 'B')]);
  });

  test('beside the others of the same value, in their order', () => {
    const value = Deferred.create();
    whenKnown(value, () => [finding('first')]);
    whenKnown([value, 'x'], () => [finding('second')]);
    expect(checksOf(value).flatMap(({ run }) => run(() => 'text'))).toEqual([finding('first'), finding('second')]);
    expect(checksOf(Deferred.create())).toEqual([]);
  });

  test('leaves no mark on the value that a copy or a comparison would see', () => {
    const value = Deferred.create();
    whenKnown(value, tellAll);
    expect(Object.keys(value)).toEqual(['token']);
  });
});
