/** Longest DNS label, and so the longest Service name (RFC 1123). */
export const DNS_LABEL_MAX = 63;
/** Longest StatefulSet name whose pods are created: the controller adds a revision label of the name and ten characters. */
export const STATEFUL_SET_NAME_MAX = 52;

const NOT_TEXT = 'it must be a string';

/** cdk8s takes an object with a property of this name for an instance of a class, and ends in the middle of synthesis. */
export const UNRENDERED = 'constructor';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** What is wrong with a DNS label (namespaces, names of most objects), or undefined. */
export function dnsLabelProblem(text: string, maximum = DNS_LABEL_MAX): string | undefined {
  if (typeof text !== 'string') {
    return NOT_TEXT;
  }
  if (text.length > maximum) {
    return `it has ${text.length} characters, ${maximum} are possible`;
  }
  return DNS_LABEL.test(text)
    ? numberProblem(text)
    : 'only lower-case letters, digits and "-" are possible, with a letter or digit at both ends';
}

/** What is wrong with the name of a Service, which must start with a letter, or undefined. */
export function serviceNameProblem(text: string, maximum = DNS_LABEL_MAX): string | undefined {
  const problem = dnsLabelProblem(text, maximum);
  return problem ?? (DNS_1035.test(text) ? undefined : 'a Service name must start with a letter');
}

/** What is wrong with a DNS name such as `db.example.internal`, or undefined. A wildcard or a trailing dot is wrong too. */
export function dnsNameProblem(text: string): string | undefined {
  if (typeof text !== 'string') {
    return NOT_TEXT;
  }
  if (text.length > 253) {
    return `it has ${text.length} characters, 253 are possible`;
  }
  // Said without repeating a part of it: before this sign a URL has its password.
  if (text.includes('@')) {
    return 'a DNS name holds no "@"';
  }
  const bad = text.split('.').find((label) => label.length > DNS_LABEL_MAX || !DNS_LABEL.test(label));
  return bad === undefined ? numberProblem(text) : `"${bad}" is not a DNS label`;
}

/** What is wrong with a label or annotation key that is to be emitted, or undefined. */
export function labelKeyProblem(key: string): string | undefined {
  return key === UNRENDERED ? 'cdk8s cannot render this key' : kubernetesKeyProblem(key);
}

/** What Kubernetes would refuse of a label or annotation key, or undefined. */
export function kubernetesKeyProblem(key: string): string | undefined {
  if (typeof key !== 'string') {
    return NOT_TEXT;
  }
  const [name, prefix, more] = key.split('/').reverse();
  if (name === undefined || more !== undefined) {
    return 'a key has at most one "/"';
  }
  if (prefix !== undefined && dnsNameProblem(prefix) !== undefined) {
    return `the prefix "${prefix}" is not a DNS name`;
  }
  return name.length <= 63 && QUALIFIED_NAME.test(name)
    ? numberProblem(key)
    : 'the name part has 1 to 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends';
}

/** What is wrong with a label value, or undefined. */
export function labelValueProblem(value: string): string | undefined {
  if (typeof value !== 'string') {
    return NOT_TEXT;
  }
  return value === '' || (value.length <= 63 && QUALIFIED_NAME.test(value))
    ? numberProblem(value)
    : 'a label value has at most 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends';
}

/** Most bytes that a ConfigMap holds. */
export const CONFIG_MAP_MAX = 1_048_576;

/** What is wrong with a key of a Secret or ConfigMap, or undefined. */
export function dataKeyProblem(key: string): string | undefined {
  if (typeof key !== 'string') {
    return NOT_TEXT;
  }
  const isKey = /^[-._a-zA-Z0-9]+$/.test(key) && key !== '.' && !key.startsWith('..') && key.length <= 253;
  return isKey && key !== UNRENDERED
    ? numberProblem(key)
    : 'a key has at most 253 letters, digits, "-", "_" or ".", and does not begin with ".."';
}

/** What is wrong with an environment variable's name, or undefined. */
export function envNameProblem(name: string): string | undefined {
  return typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'letters, digits and "_" are possible, no digit first';
}

/**
 * What is wrong with free text that travels through YAML, environment variables and shells, or undefined.
 * Quotes, newlines and non-ASCII arrive intact. What does not, because the YAML that cdk8s writes is not what the API
 * server's tools read (tried with kubectl 1.36), is refused: control characters, line separators of Unicode, some
 * white space before the first line, some spellings of numbers.
 */
export function freeTextProblem(text: string): string | undefined {
  if (typeof text !== 'string') {
    return NOT_TEXT;
  }
  if (/(?![\t\n\r])[\p{Cc}\u2028\u2029\uFFFE\uFFFF]/u.test(text)) {
    return 'it holds a control character or a line separator, which YAML and process environments cannot carry';
  }
  if (/\p{Cs}/u.test(text)) {
    return 'it holds half of a surrogate pair, which has no UTF-8 form';
  }
  return text.includes('\n') && /^[ \n]*(?:\t| \n)/.test(text)
    ? 'text of several lines cannot begin with a tab or a line of spaces, which YAML readers take for indentation'
    : numberProblem(text);
}

/**
 * Spellings of numbers that Kubernetes' YAML reader (Go) knows and the writer of cdk8s does not, so that they stand
 * without quotes and arrive as numbers: `0o17`, `0b-1`, `1e_1`. Numbers that both know are quoted.
 */
function numberProblem(text: string): string | undefined {
  const readByGo = /^[-+]?(?:0o[0-7]+|0b[-+]?[01]+|0x[0-9a-f]+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?)$/i;
  const quoted = /^[-+]?(?:0b[01_]+|0x[0-9a-f_]+|\d[\d_]*|(?:\d[\d_]*)?(?:\.[\d_]*)?(?:e[-+]?\d+)?)$/i;
  return readByGo.test(text.replaceAll('_', '')) && !quoted.test(text)
    ? 'YAML readers of Kubernetes take this spelling for a number'
    : undefined;
}
