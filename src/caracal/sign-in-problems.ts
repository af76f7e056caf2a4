import type { Finding } from '../core/errors';
import type { CaracalSettings } from './settings';

/** Ways to sign in that leave nobody in, or too many. */
export function signInProblems(path: string, settings: CaracalSettings): Finding[] {
  const { signIn, profile } = settings;
  const methods = signIn.map(({ method }) => method);
  const twice = methods.filter((method, index) => methods.indexOf(method) < index);
  return [
    ...(profile !== 'dev' && signIn.length === 0
      ? [
          {
            id: 'caracal/no-sign-in',
            level: 'error' as const,
            path: `${path}.signIn`,
            message: 'the console does not start without a way to sign in',
            fix: 'give at least one: signIn: [SignIn.github()]',
          },
        ]
      : []),
    ...[...new Set(twice)].map((method): Finding => ({
      id: 'caracal/duplicate-sign-in',
      level: 'error',
      path: `${path}.signIn`,
      message: `"${method}" is given twice; the console knows one of each method`,
      fix: 'give each method once',
    })),
    ...(methods.includes('password') ? passwordProblems(path, settings) : []),
  ];
}

/** A password proves nothing, so it is for dev, and for addresses that are named. */
function passwordProblems(path: string, { profile, operators, web }: CaracalSettings): Finding[] {
  const problem = (message: string, fix: string): Finding => ({
    id: 'caracal/password-sign-in',
    level: 'error',
    path: `${path}.signIn`,
    message,
    given: 'SignIn.password()',
    fix,
  });
  if (profile !== 'dev') {
    return [
      problem(
        `whoever registers an address of an operator first would be that operator, and the ${profile} profile refuses it`,
        'write signIn: [SignIn.github()], or SignIn.google() or SignIn.smtp({ ... }), which prove the address',
      ),
    ];
  }
  return operators === undefined && web?.env?.CARACAL_OPEN_REGISTRATION === undefined
    ? [
        problem(
          'without operators everybody who reaches the console could make an account that administers the platform',
          'write operators: ["you@example.com"]',
        ),
      ]
    : [];
}
