import { ConfigurationError, type Finding } from '../../src';
import { type BadInput, make } from './bad-input-case';
import { BAD_INPUT } from './bad-input-cases';
import { emit, propsOf } from './fixture';

type Profile = 'production' | 'rc' | 'dev';

/** Cases with the profiles that refuse them; a mistake outside of a stack has no profile. */
function perProfile(): [title: string, bad: BadInput, profile: Profile][] {
  return BAD_INPUT.flatMap((bad) =>
    (bad.profiles ?? ['production' as const]).map((profile): [string, BadInput, Profile] => [
      `${bad.row}: ${bad.what} (${bad.run === undefined ? profile : 'any profile'})`,
      bad,
      profile,
    ]),
  );
}

/** What is found: errors are thrown, warnings are reported. */
function found(bad: BadInput, profile: Profile): { readonly findings: readonly Finding[]; readonly report: string } {
  try {
    const stack = make(bad, profile) as { findings(): Finding[] };
    const findings = stack.findings();
    return { findings, report: JSON.stringify(findings) };
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return { findings: error.findings, report: error.message };
    }
    throw error;
  }
}

describe('bad input is refused with path, code, what is wrong and how to fix it', () => {
  it.each(perProfile())('%s', (_title, bad, profile) => {
    const { findings, report } = found(bad, profile);
    // An entry of a list is named by its place.
    const at = (path: string): boolean => path.endsWith(bad.path) || path.replace(/\[\d+\]$/, '').endsWith(bad.path);
    const mine = findings.filter(({ id, path }) => id === bad.id && at(path));
    expect({ refused: mine.length > 0, report }).toEqual({ refused: true, report });
    expect(mine.every(({ message, fix }) => message.length > 10 && fix.length > 5)).toBe(true);
    const words = report.replace(/\s+/g, ' '); // lines are wrapped
    for (const text of bad.says ?? []) {
      expect(words).toContain(text);
    }
  });

  it.each(['production', 'rc', 'dev'] as const)(
    'the platform that every mistake is made in is accepted in %s, so that each refusal is about its mistake',
    (profile) => {
      const errors = emit(propsOf(profile))
        .findings()
        .filter(({ level }) => level === 'error');
      expect(errors).toEqual([]);
    },
  );

  it('one mistake of a property is one finding, not several', () => {
    const single = BAD_INPUT.filter(({ row }) =>
      ['digest-missing', 'exposure-without-tls', 'passphrase-in-production'].includes(row),
    );
    const counts = single.map((bad) => [
      bad.what,
      found(bad, 'production').findings.filter(({ level }) => level === 'error').length,
    ]);
    expect(counts).toEqual(single.map(({ what }) => [what, 1]));
  });
});

describe('rc follows the rules of production', () => {
  const published = BAD_INPUT.filter(
    ({ run, profiles }) => run === undefined && profiles?.includes('production') === true,
  );
  // A release candidate is what rc is for; a profile that does not exist has no rc.
  const exceptions = [
    'manifest-mode',
    'mode-unknown',
    'mode-case',
    'replay-persistence-off',
    'issuer-and-sts-origin-form',
  ];

  it('every refusal of production is declared for rc as well, but for a candidate', () => {
    const onlyProduction = published.filter(({ profiles }) => profiles?.includes('rc') !== true).map(({ row }) => row);
    expect([...new Set(onlyProduction)].sort()).toEqual([...exceptions].sort());
  });

  it('rc runs a release candidate, which production refuses', () => {
    const candidate = BAD_INPUT.find(({ row }) => row === 'manifest-mode') as BadInput;
    expect(found(candidate, 'rc').findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(found(candidate, 'production').findings.map(({ id }) => id)).toContain('caracal/release-candidate');
  });
});
