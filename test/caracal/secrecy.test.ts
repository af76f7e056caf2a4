import { inspect } from 'node:util';
import { isSecretPlace } from '../../src/core/redaction';
import type { CaracalStackProps } from '../../src/caracal';
import { changed, type Path, pathsOf, resolved, type Sample } from '../support/effect';
import { CARACAL_WALK } from './effect-samples';
import { caracal } from './fixture';

jest.setTimeout(300_000);

const MARKER = 'Hunter2Marker';

/** What somebody may write by mistake in any place. */
const MISTAKES: readonly (readonly [name: string, value: unknown])[] = [
  ['a URL with a password', `postgres://user:${MARKER}@db.example.internal:5432/app`],
  ['a URL with dots in its password', `rediss://:a.${MARKER}.b@redis.example.internal`],
  ['an object with a password', { password: MARKER, nested: { apiKey: [MARKER] } }],
  ['a private key', `-----BEGIN PRIVATE KEY-----\n${MARKER}\n-----END PRIVATE KEY-----`],
  ['a header', `Bearer ${MARKER}.1`],
  ['a line of an .env file', `DB_PASSWORD=${MARKER}`],
];

/** Everything that is printed about a program: where it is refused, and where it is not. */
function printed(sample: Sample): string {
  try {
    const stack = caracal(resolved(sample) as CaracalStackProps);
    const findings = stack.findings();
    return JSON.stringify(findings) + inspect(findings, { depth: 9 });
  } catch (error) {
    const { message, stack, trace } = error as Error & { readonly trace?: string };
    return [message, stack, trace, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })].join('\n');
  }
}

function leaks(value: (path: Path) => unknown): string[] {
  const tried = new Set<string>();
  const isNew = (path: Path): boolean => {
    // Services have the same options, which the same code checks.
    const what = path
      .join('.')
      .replace(/^(?:api|gateway|audit|coordinator|web)\b/, 'sts')
      .replace(/^authM/, 'm');
    return !tried.has(what) && tried.add(what).has(what);
  };
  return Object.entries(CARACAL_WALK.samples).flatMap(([name, sample]) =>
    pathsOf(sample)
      .filter((path) => value(path) !== undefined && isNew(path))
      .filter((path) =>
        printed(changed(sample, path, value(path)) as Sample)
          .toLowerCase()
          .includes(MARKER.toLowerCase()),
      )
      .map((path) => `${name}: ${path.join('.')}`),
  );
}

describe('a secret in the wrong place is never printed, whatever property it was given for', () => {
  it.each(MISTAKES)('%s', (_name, value) => {
    expect(leaks(() => value)).toEqual([]);
  });

  it('a plain text in a place that can hold a secret', () => {
    expect(leaks((path) => (isSecretPlace(path.join('.')) ? MARKER : undefined))).toEqual([]);
  });

  it('negative control: what is no secret is shown, so that the walk would see one', () => {
    expect(leaks((path) => (path.join('.') === 'origins.sts' ? MARKER : undefined))).toEqual([
      'production: origins.sts',
    ]);
  });
});

describe('values in debug output', () => {
  it('hold no secret: a source with values, and its stack', () => {
    const { secrets } = resolved({ secrets: CARACAL_WALK.samples.dev?.secrets }) as { secrets: object };
    expect(inspect(secrets, { depth: 9, showHidden: true }) + JSON.stringify(secrets)).not.toContain('passphrase');
  });
});
