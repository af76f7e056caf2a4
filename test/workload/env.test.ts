import * as pulumi from '@pulumi/pulumi';
import * as fc from 'fast-check';
import { Deferred, SecretRef, type Value } from '../../src';
import { compose, parsePrinted } from '../../src/core/value';
import { envProblems, renderEnv } from '../../src/workload/env';
import { Deployment } from '../core/deployment';
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

  describe('of a value that is known only at deployment', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[$()A-Z]{0,8}$/));

    test('the variable becomes what it is with the known text, alone and beside other text', () => {
      fc.assert(
        fc.property(text, text, text, (host, before, after) => {
          const deployment = new Deployment();
          const env = (value: Value<string>) => ({
            A: value,
            B: compose`${before}${value}${compose`${value}${after}`}`,
          });
          const later = deployment.deploy(renderEnv(env(deployment.value(host))));
          expect(later).toEqual(renderEnv(env(host)));
          expect(expand(later[1]?.value ?? '', { A: 'wrong', B: 'wrong' })).toBe(`${before}${host}${host}${after}`);
        }),
      );
    });

    test('the token stands alone, never changed or doubled: the engine could not find it again', () => {
      const value = Deferred.create();
      const [variable] = renderEnv({ A: compose`a$(B)${value}c$` });
      expect(parsePrinted(variable?.value ?? '')).toEqual([expect.any(Deferred)]);
      expect(renderEnv({ A: value })).toEqual(renderEnv({ A: value }));
    });

    test('a literal that ends in a dollar does not swallow the start of what follows it', () => {
      const deployment = new Deployment();
      const [variable] = deployment.deploy(renderEnv({ A: compose`$${deployment.value('(PATH)')}` }));
      expect(expand(variable?.value ?? '', { PATH: 'wrong' })).toBe('$(PATH)');
    });
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

  test('a value that is known at deployment is refused when it is known, as it would be now', () => {
    const control = 'a\u0000b';
    const deployment = new Deployment();
    expect(envProblems('props.env', { A: deployment.value(control), B: deployment.value('fine') })).toEqual([]);
    expect(deployment.findings()).toEqual(envProblems('props.env', { A: control, B: 'fine' }));
    expect(deployment.findings().map(({ path }) => path)).toEqual(['props.env.A']);
  });

  test('a composed one is checked as a whole', () => {
    const deployment = new Deployment();
    const half = deployment.value('\ud83c');
    expect(envProblems('props.env', { A: half, B: compose`${half}\udf89` })).toEqual([]);
    expect(deployment.findings().map(({ path }) => path)).toEqual(['props.env.A']);
  });

  test('the name of such a variable is refused now: it is known', () => {
    expect(envProblems('props.env', { '1A': Deferred.create() }).map(({ path }) => path)).toEqual(['props.env.1A']);
  });

  test.each([
    ['an Output', pulumi.output('a'), 'core/output-in-property'],
    ['text with an Output', `a${pulumi.output('b') as unknown as string}`, 'core/output-in-text'],
    ['text with a value', `a${String(Deferred.create())}`, 'core/value-in-text'],
  ])('%s, once', (_what, value, id) => {
    expect(envProblems('props.env', { A: value as string })).toEqual([
      expect.objectContaining({ id, path: 'props.env.A' }),
    ]);
  });
});
