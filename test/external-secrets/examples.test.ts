import secrets from '../contract/caracal/secrets.json';
import type { KubeObject } from '../cluster/harness/objects';
import { listRenderedExamples } from '../scanners/examples';
import { type ExternalSecretSpec, secretFrom } from './engine';
import { STORED_VALUES } from './values';

/** The Secrets of every example, as the operator's own template engine makes them from what a store may hold. */
const specs = new Map<string, ExternalSecretSpec>();

beforeAll(async () => {
  for (const example of listRenderedExamples()) {
    const { objects } = await example.synthesize();
    objects
      .filter((object: KubeObject) => object.kind === 'ExternalSecret')
      .forEach((object) => specs.set(`${example.name} ${object.metadata.name}`, object.spec as ExternalSecretSpec));
  }
});

/** Keys that are URLs made of others: their form, and the stored key whose value is the password. */
const URLS = secrets.keys.flatMap(({ key, format }) => {
  const { pattern = '' } = secrets.formats.find((each) => each.format === format && /Url$/.test(each.format)) ?? {};
  const password = key === 'redisUrl' ? 'redisPassword' : key.replace(/DatabaseUrl$/, 'DbPassword');
  return pattern === '' || key === 'smtpUrl' ? [] : [{ key, pattern, password }];
});

test('there is something to look at: an example reads a store, and seven of its keys are URLs', () => {
  expect([...specs.keys()]).toContain('caracal-production caracal-runtime');
  expect(URLS.map(({ key }) => key)).toEqual(expect.arrayContaining(['apiDatabaseUrl', 'authDatabaseUrl', 'redisUrl']));
  expect(URLS).toHaveLength(7);
});

describe.each(STORED_VALUES)('a store that holds $what', ({ stored, value }) => {
  test('every key of every example arrives as programs must get it', () => {
    for (const [name, spec] of specs) {
      const made = secretFrom(spec, () => stored);
      const urls = URLS.filter(({ key }) => Object.hasOwn(made, key));
      const passedOn = Object.entries(made).filter(([key]) => !urls.some((url) => url.key === key));
      expect({ name, keys: Object.keys(made).sort() }).toEqual({
        name,
        keys: Object.keys(spec.target.template.data).sort(),
      });
      expect(passedOn).toEqual(passedOn.map(([key]) => [key, value]));
      for (const { key, pattern } of urls) {
        const url = made[key] ?? '';
        expect(url).toMatch(new RegExp(pattern));
        expect({ key, password: decodeURIComponent(new URL(url).password) }).toEqual({ key, password: value });
      }
    }
  });
});

test('each URL holds the password of its own role, and of no other', () => {
  for (const spec of specs.values()) {
    const made = secretFrom(spec, (entry) => `of-${entry.replace(/[^a-z0-9-]/g, '-')}\n`);
    for (const { key, password } of URLS.filter((url) => Object.hasOwn(made, url.key))) {
      expect([key, new URL(made[key] ?? '').password]).toEqual([key, made[password]]);
    }
  }
});

test('negative control: without the trimming, a newline reaches the programs and stands escaped in the URLs', () => {
  for (const spec of specs.values()) {
    const data = Object.entries(spec.target.template.data).map(([key, text]) => [key, text.replaceAll(' | trim', '')]);
    const untrimmed = { ...spec, target: { template: { data: Object.fromEntries(data) as Record<string, string> } } };
    const made = secretFrom(untrimmed, () => 'a1b2c3d4\n');
    expect(made.metricsBearer).toBe('a1b2c3d4\n');
    expect(made.apiDatabaseUrl).toContain('a1b2c3d4%0A@');
  }
});
