import type { BadInput } from './bad-input-case';
import { ENVIRONMENT } from './bad-input-environment';
import { FORMS, SWITCHES } from './bad-input-forms';
import { MODES, ORIGINS } from './bad-input-modes';
import { PLATFORM } from './bad-input-platform';
import { SECRETS, SIGN_IN } from './bad-input-secrets';
import { WORKLOADS } from './bad-input-workloads';

/** Every case that runs. Rows that are proved by types alone, or elsewhere, are in the tests that prove them. */
export const BAD_INPUT: readonly BadInput[] = [
  ...MODES,
  ...ORIGINS,
  ...SECRETS,
  ...SIGN_IN,
  ...ENVIRONMENT,
  ...PLATFORM,
  ...WORKLOADS,
  ...FORMS,
  ...SWITCHES,
];
