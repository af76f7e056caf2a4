/** Stands where a secret was. */
export const HIDDEN = '***';

/** Words in names of properties and variables whose values are secrets: `postgresPassword`, `API_KEY`, `SECRETS`. */
const SECRET_WORD =
  /pass(?:word|wd|phrase|code)|^pass$|_pass$|^pgpass|pwd|secret|token|credential|bearer|cookie|dsn|authori[sz]ation|(?:^|_)auth$|[a-z]Auth$|(?:api|access|account|private|signing|encryption|encrypt|hmac|master|shared|session|storage|service|root|zk|mac)[-_ ]?keys?$|_KEYS?$|connection[-_ ]?(?:string|url)/i;

/** Ends of names that tell something about a secret and hold none: `secretName`, `TOKEN_TTL_SECONDS`, `passwordFile`. */
const ABOUT_A_SECRET =
  /.(?:name|names|ref|refs|file|files|path|paths|dir|kind|class|ttl|seconds|minutes|hours|days|ms|max|min|count|limit|length|format|issuer|audience|algorithm|enabled|required|policy|mode|peer|peers)$/i;

/** Names in which the word means something else, or the reference to a secret. */
const HARMLESS =
  /^(?:(?:image)?pullsecrets?|store|prefix|property|refreshinterval|revision|kind|mountserviceaccounttoken|automountserviceaccounttoken|tokensper\w+)$/i;

/** Whether the value of a property or variable of this name is a secret, as far as names tell. */
export function isSecretName(name: string): boolean {
  return SECRET_WORD.test(name) && !ABOUT_A_SECRET.test(name) && !HARMLESS.test(name);
}

/** Whether the place that a path names can hold a secret: the last segment that says something decides. */
export function isSecretPlace(path: string): boolean {
  const segments = path.split(/[^A-Za-z0-9_-]+/).filter((segment) => segment !== '');
  const telling = segments.reverse().find((segment) => SECRET_WORD.test(segment) || HARMLESS.test(segment));
  return telling !== undefined && isSecretName(telling);
}

/** What is secret by its form alone, whoever wrote it and wherever it stands. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    `-----BEGIN $1PRIVATE KEY----- ${HIDDEN}`,
  ],
  [/\b(Bearer|Basic)\s+(?=[^\s"']*[\d.+/=_-])[^\s"',;]+/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, HIDDEN],
  [/\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, HIDDEN],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|npm_|dop_v1_|pul-|xox[abeoprs]-|sk[-_](?:live_|test_|proj-|ant-)?|rk_live_|hv[sbr]\.|AIza|SG\.|AGE-SECRET-KEY-1)[\w.-]{16,}/g,
    HIDDEN,
  ],
];

/**
 * Longest text that is repeated, in characters: a whole bundle of certificates helps nobody in a report, and the forms
 * below are looked for at every place.
 */
const LONGEST = 10_000;

// It begins at the word itself: what stands before it stays anyway, and would be tried again from each of its letters.
const NAMED = String.raw`(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|(?:api|access|account|private|signing|shared)[-_]?key|credentials?|signature|sig)[\w-]*`;

/** `user:password@`, behind `//` or alone; the digest of an image begins with "@" too. */
const USER_INFO = /((?<!\/)\/\/)[^\s"'`<>]*@/g;
const USER_AND_PASSWORD = /(^|[\s"'`=,(])[^\s"'`@/=,(]*:[^\s"'`@/]+@(?!sha\d+:)/g;
const ASSIGNED = new RegExp(String.raw`(${NAMED}=)(?!\*)(?:"[^"]*"?|'[^']*'?|[^\s,;&"'}]+)`, 'gi');

/** The same for a value as a user gave it, where a secret may hold any character, and where YAML and JSON name it too. */
const WHOLE_USER_INFO = /((?<!\/)\/\/)[^\n\r]*@/g;
const WHOLE_ASSIGNED = new RegExp(
  String.raw`(${NAMED}["']?\s*[=:]\s*)(?!\s|\*\*\*|//)(?:"[^"]*"?|'[^']*'?|[^\n,;&}]+)`,
  'gi',
);

/** A text of a report, without credentials that stand in it. Twice is as good as once. */
export function withoutCredentials(text: string): string {
  return hidden(shortened(text))
    .replace(USER_INFO, `$1${HIDDEN}@`)
    .replace(USER_AND_PASSWORD, `$1${HIDDEN}@`)
    .replace(ASSIGNED, `$1${HIDDEN}`);
}

/** A value that somebody gave, without credentials that stand in it. */
export function withoutCredentialsInValue(text: string): string {
  return withoutCredentials(
    hidden(shortened(text)).replace(WHOLE_USER_INFO, `$1${HIDDEN}@`).replace(WHOLE_ASSIGNED, `$1${HIDDEN}`),
  );
}

/** A printed value without what stands between quotes, but for the names of properties: `{"a":"***"}`. */
export function withoutQuoted(printed: string): string {
  return printed
    .replace(/"(?:[^"\\]|\\.)*(?:"(\s*:)?|$)/g, (text, isKey?: string) => (isKey === undefined ? `"${HIDDEN}"` : text))
    .replace(/(":\s*|[[,]\s*|^)-?\d[\d.eE+-]*(?=[\],}]|$)/g, `$1"${HIDDEN}"`);
}

/** Plain data with everything hidden that is no name: what stands below a name of a secret. */
export function withoutLeaves(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutLeaves);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutLeaves(inner)]));
  }
  return typeof value === 'string' || typeof value === 'number' ? HIDDEN : value;
}

// Without the word at the cut: the sign that makes it a secret may stand behind.
function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/(?<!\S)\S+$/, '')}...` : text;
}

function hidden(text: string): string {
  return FORMS.reduce((safe, [form, sign]) => safe.replace(form, sign), text);
}
