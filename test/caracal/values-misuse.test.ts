import * as pulumi from '@pulumi/pulumi';
import { Deferred } from '../../src';
import { refusal } from '../support/findings';
import { everything, type Path, paths, replaced } from './everything';
import { caracal, devProps, emit, publishedProps } from './fixture';

/** Properties of type `Value`, as the types say; everything else needs the value now. */
const VALUES = [
  'pods.env.TZ',
  'auditExport.bucket',
  'auditExport.endpoint',
  'origins.console',
  'origins.sts',
  'origins.gateway',
  'origins.api',
  'sts.env.TZ',
  'migration.env.TZ',
  'authMigration.env.TZ',
];

/** A path as findings have it: `egress.sts[0].port`. */
const written = (path: Path): string => path.join('.').replace(/\.(\d+)/g, '[$1]');

const PATHS = paths(everything()).map((path): [string, Path] => [written(path), path]);
const text = `a ${pulumi.output('b') as unknown as string}`;

const found = (path: Path, value: unknown): [string, string][] =>
  refusal(() => emit(publishedProps(replaced(path, value)))).map(({ id, path: where }) => [where, id]);

test('the properties that are walked are accepted as they are, and there are many of them', () => {
  expect(() => emit(publishedProps(everything()))).not.toThrow();
  expect(PATHS.length).toBeGreaterThan(80);
  expect(PATHS.map(([name]) => name)).toEqual(expect.arrayContaining(VALUES));
});

describe('a value that is known only at deployment', () => {
  test.each(PATHS.filter(([name]) => !VALUES.includes(name)))(
    'in %s is one finding, with the property and what to do: the types refuse it, JavaScript does not',
    (name, path) => {
      const findings = refusal(() => emit(publishedProps(replaced(path, Deferred.create()))));
      expect(findings).toEqual([
        expect.objectContaining({
          id: 'core/value-not-allowed',
          path: `caracal.${name}`,
          fix: expect.stringContaining('give the value itself') as string,
        }),
      ]);
      expect(JSON.stringify(findings)).not.toContain('cdk8s_selfhosted_value');
    },
  );

  test.each(PATHS.filter(([name]) => VALUES.includes(name)))('in %s is accepted, and named by it', (name, path) => {
    const value = Deferred.create();
    expect(() => emit(publishedProps(replaced(path, value)))).not.toThrow();
    expect(value.source).toBe(name);
  });

  test('under a misspelt name is a misspelt name: another place for the value would be the wrong advice', () => {
    expect(found(['origin'], { sts: Deferred.create() })).toEqual([['caracal.origin', 'core/unknown-property']]);
    expect(found(['egress', 'stss'], Deferred.create())).toEqual([['caracal.egress.stss', 'core/unknown-property']]);
  });

  test('in the place of all properties is a report', () => {
    expect(refusal(() => caracal(Deferred.create() as never)).map(({ id }) => id)).toEqual(['core/value-not-allowed']);
  });

  test('in dev too', () => {
    const props = devProps({ instance: Deferred.create(), namespace: Deferred.create() });
    expect(refusal(() => caracal(props)).map(({ path }) => path)).toEqual(['caracal.namespace', 'caracal.instance']);
  });
});

describe('an Output', () => {
  test.each(PATHS)(
    'in %s is refused there, as it is, inside of text, and together with a text that holds a value',
    (name, path) => {
      expect(found(path, pulumi.output('a'))).toEqual([[`caracal.${name}`, 'core/output-in-property']]);
      expect(found(path, text)).toEqual([[`caracal.${name}`, 'core/output-in-text']]);
      expect(found(path, `a ${String(Deferred.create())}`)).toEqual([[`caracal.${name}`, 'core/value-in-text']]);
    },
  );

  test('in the place of all properties is a report', () => {
    expect(refusal(() => caracal(pulumi.output({}) as never))).toEqual([
      expect.objectContaining({ id: 'core/output-in-property', path: 'caracal' }),
    ]);
  });

  test('several are told in one report, with the misspelt property beside them', () => {
    const props = publishedProps({
      instance: pulumi.output('a'),
      namespace: text,
      origin: {},
      sts: { env: { TZ: text } },
    });
    expect(refusal(() => caracal(props)).map(({ id, path }) => [path, id])).toEqual([
      ['caracal.origin', 'core/unknown-property'],
      ['caracal.namespace', 'core/output-in-text'],
      ['caracal.instance', 'core/output-in-property'],
      ['caracal.sts.env.TZ', 'core/output-in-text'],
    ]);
  });

  test('given to addEnv is an error of the stack, and so is text with one', () => {
    const stack = caracal(publishedProps());
    stack.sts.addEnv('TZ', pulumi.output('UTC') as never);
    stack.api.addEnv('TZ', text);
    expect(
      stack
        .findings()
        .filter(({ id }) => id.startsWith('core/'))
        .map(({ id, path }) => [path, id]),
    ).toEqual([
      ['caracal/sts.addEnv.TZ', 'core/output-in-property'],
      ['caracal/api.addEnv.TZ', 'core/output-in-text'],
    ]);
  });
});
