import { dev, production } from './platforms';
import { differences, inBothEngines, type Pair } from './parity';

jest.setTimeout(60_000);

describe.each([
  ['production', production],
  ['dev, with derived secrets and an external database', dev],
] as const)('%s, with every property a value that takes one', (_title, build) => {
  let pair: Pair;
  let values: string[];
  beforeAll(async () => {
    values = [];
    pair = await inBothEngines((app, value) =>
      build(app, (text) => {
        values.push(text);
        return value(text);
      }),
    );
  });

  it('gives the objects that cdk8s writes when it knows the values', () => {
    expect(differences(pair)).toEqual([]);
    expect(pair.registered).toHaveLength(pair.written.length);
  });

  it('each value arrives in an object, in clear or encoded by the library', () => {
    const text = JSON.stringify(pair.registered, (_key, each: unknown) =>
      typeof each === 'string' ? `${each} ${Buffer.from(each, 'base64').toString('utf8')}` : each,
    );
    const missing = [...new Set(values)].filter((value) => !text.includes(hostOf(value)));
    expect(missing).toEqual([]);
    expect(new Set(values).size).toBeGreaterThanOrEqual(10);
  });

  it('leaves no stand-in behind: no token, no complaint of an Output', () => {
    const text = JSON.stringify(pair.registered);
    expect(text).not.toMatch(/__cdk8s_selfhosted_value_|Calling \[|\[object /);
  });

  it('names Jobs by the property of a value: all of them hold one here', () => {
    expect(pair.jobsWithValues).toHaveLength(pair.written.filter(({ kind }) => kind === 'Job').length);
  });
});

/** What is left of a value when the library takes a URL apart or doubles a "$". */
function hostOf(value: string): string {
  return value.replace(/^https?:\/\//, '').split(' ')[0] ?? value;
}
