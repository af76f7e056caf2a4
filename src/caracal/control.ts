/** Audience of control tokens; api, sts and web must agree on it (caracal-addendum.md B5). */
export const CONTROL_AUDIENCE = 'caracal-control';
