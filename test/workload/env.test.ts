import * as fc from 'fast-check';
import { Deferred, SecretRef } from '../../src';
import { compose } from '../../src/core/value';
import { envProblems, renderEnv } from '../../src/workload/env';
import { expand } from '../support/expansion';

const HOSTILE = [
  'a$(PATH)b',
  '$$',
  'pa$$word',
  '$',
  '$(',
  '$()',
  '$(A',
  '$$(A)',
  '$(A)$(B)',
  'x$',
  '"\'`',
  '#:{}[]|>&*!%@',
  'é漢字🎉',
  'a\nb\tc',
  ' ',
  '',
];

describe('how values reach a container', () => {
  test.each(HOSTILE)('%j arrives as it stands', (value) => {
    expect(envProblems('env', { A: value })).toEqual([]);
    const [variable] = renderEnv({ A: value });
    expect(expand(variable?.value ?? '', { A: 'wrong', PATH: 'wrong' })).toBe(value);
  });

  test('every text arrives as it stands, or is refused', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[$()A-Z]{0,12}$/),
    );
    fc.assert(
      fc.property(text, (value) => {
        const [variable] = renderEnv({ A: value });
        const arrives = expand(variable?.value ?? '', { A: 'wrong', B: 'wrong' });
        expect(envProblems('env', { A: value }).length > 0 || arrives === value).toBe(true);
      }),
    );
  });

  test('the check of that law can fail: unescaped text does not arrive', () => {
    expect(expand('a$(A)$$', { A: 'wrong' })).toBe('awrong$');
  });

  test('values without such texts are not touched, so that manifests stay readable', () => {
    expect(renderEnv({ A: 'costs $5 or $HOME' })).toEqual([{ name: 'A', value: 'costs $5 or $HOME' }]);
  });

  test('a token is never changed, whatever it looks like: the engine could not find it again', () => {
    const token = new Deferred<string>('$(token)$$', 'props.a');
    expect(renderEnv({ A: token })).toEqual([{ name: 'A', value: '$(token)$$' }]);
    expect(renderEnv({ A: compose`a$(B)${token}c$` })).toEqual([{ name: 'A', value: 'a$$(B)$(token)$$c$$' }]);
    expect(renderEnv({ A: compose`${compose`$(B)${token}`}$(C)` })).toEqual([
      { name: 'A', value: '$$(B)$(token)$$$$(C)' },
    ]);
  });

  test('a literal that ends in a dollar does not swallow the start of what follows it', () => {
    const [variable] = renderEnv({ A: compose`$${new Deferred<string>('<token>', 'props.a')}` });
    expect(expand((variable?.value ?? '').replace('<token>', '(PATH)'), { PATH: 'wrong' })).toBe('$(PATH)');
  });

  test('a reference to a Secret arrives as a reference, and no value stands in the manifest', () => {
    expect(renderEnv({ B: 'x', A: SecretRef.key({ secret: 'provider', key: 'apiKey' }) })).toEqual([
      { name: 'A', valueFrom: { secretKeyRef: { name: 'provider', key: 'apiKey' } } },
      { name: 'B', value: 'x' },
    ]);
  });

  test('the order of declaration does not matter', () => {
    expect(renderEnv({ B: '2', A: '1' })).toEqual(renderEnv({ A: '1', B: '2' }));
  });
});

describe('what is refused of variables', () => {
  test.each([
    ['a control character', 'a\u0000b'],
    ['half of a surrogate pair', 'a\ud800b'],
    ['a number', 8080],
    ['undefined', undefined],
    ['null', null],
    ['an object', {}],
  ])('%s as a value', (_what, value) => {
    const problems = envProblems('props.env', { A: value as string });
    expect(problems).toEqual([
      expect.objectContaining({ id: 'workload/invalid-env', path: 'props.env.A', level: 'error' }),
    ]);
  });

  test.each(['', '1A', 'A-B', 'A B', 'A=B', 'Ä', 'A\n'])('%j as a name', (name) => {
    expect(envProblems('props.env', { [name]: 'x' }).map(({ path }) => path)).toEqual([`props.env.${name}`]);
  });

  test('a reference is refused under a name that no process can have, and never for its value', () => {
    const reference = SecretRef.key({ secret: 'provider', key: 'apiKey' });
    expect(envProblems('props.env', { A: reference })).toEqual([]);
    expect(envProblems('props.env', { '1A': reference }).map(({ path }) => path)).toEqual(['props.env.1A']);
  });

  test('a value that is known at deployment is not refused', () => {
    expect(envProblems('props.env', { A: new Deferred<string>('<token>', 'props.a') })).toEqual([]);
  });
});
