import type { Construct } from 'constructs';
import { whenKnown } from '../core/deferred-checks';
import { ConfigurationError, type Finding, invalidValue } from '../core/errors';
import { Deferred, nameValue, type Value } from '../core/value';
import { composedSecret } from './composed-secret';
import { FORMAT_DESCRIPTIONS, FORMAT_LENGTHS, type SecretFormat, secretValueProblem } from './format';
import { type SecretKey, unknownKey } from './secret-key';
import type { SecretRequest } from './secret-source';

/** Values by the keys of `stack.secretChecklist()`. */
export type SecretValues = Readonly<Record<string, Deferred<string>>>;

/** A secret that a stack asks for. */
export interface RequestedSecret {
  /** Its key: `apiDbPassword`. */
  readonly key: string;
  /** What it is for, one sentence. */
  readonly description: string;
  /** Form of the value. */
  readonly format: SecretFormat;
  /** The form in words. */
  readonly form: string;
  /**
   * Number of characters that fits the form: hexadecimal digits, which fit every form that has one, two for a byte.
   * @default - the form fixes none, as for a name that somebody else issued
   */
  readonly length?: number;
  /** Whether somebody else issues the value (an OAuth application), so that it cannot be generated. */
  readonly issuedElsewhere: boolean;
}

/** Gives each secret its value; `undefined` where it has none, which is reported with the form. */
export type SecretValueFunction = (secret: RequestedSecret) => Deferred<string> | undefined;

const PATH = 'SecretSource.fromValues';

/** Where the values are: all of them given, or asked for by key. */
export interface ValueLookup {
  /** Keys that were given; none where values are asked for. */
  readonly given: readonly string[];
  /** The value of a stored key. */
  readonly of: (key: SecretKey) => Deferred<string> | undefined;
}

/**
 * Reads what the user gave.
 *
 * @throws ConfigurationError `secrets/known-value` for texts, `core/wrong-type` for what is neither an object nor a function.
 */
export function valueLookup(values: SecretValues | SecretValueFunction): ValueLookup {
  if (typeof values === 'function') {
    return askedFor(values);
  }
  if (typeof values !== 'object' || values === null) {
    invalidValue({
      id: 'core/wrong-type',
      path: PATH,
      message: 'this holds no values',
      given: values === null ? 'null' : typeof values,
      allowed: 'an object with a value for each key, or a function that gives one',
      fix: 'SecretSource.fromValues(({ key, length }) => value(generated(key, length)))',
    });
  }
  const entries = Object.entries(values);
  const findings = entries
    .filter(([, value]) => !Deferred.isDeferred(value))
    .map(([key]) => knownValue(`${PATH}.${key}`));
  if (findings.length > 0) {
    throw new ConfigurationError(PATH, findings);
  }
  entries.forEach(([key, value]) => nameValue(value, `${PATH}.${key}`));
  return {
    given: entries.map(([key]) => key),
    of: ({ key }) => (Object.hasOwn(values, key) ? values[key] : undefined),
  };
}

/** Asks once for each key: what the function makes, such as a resource, would exist twice otherwise. */
function askedFor(give: SecretValueFunction): ValueLookup {
  const answers = new Map<string, Deferred<string> | undefined>();
  return {
    given: [],
    of: ({ key, description, format, issuedElsewhere = false }) => {
      if (!answers.has(key)) {
        const length = FORMAT_LENGTHS[format];
        const form = FORMAT_DESCRIPTIONS[format];
        const asked = { key, description, format, form, issuedElsewhere, ...(length === undefined ? {} : { length }) };
        const value = give(asked);
        nameValue(value, `${PATH}.${key}`);
        answers.set(key, value);
      }
      return answers.get(key);
    },
  };
}

function knownValue(path: string): Finding {
  return {
    id: 'secrets/known-value',
    level: 'error',
    path,
    message: 'this is a text, which would stand in the manifest',
    fix: 'give a value of the Pulumi engine: value(password.result), value(config.requireSecret("..."))',
  };
}

/** Keys that are missing or unknown, and forms that do not fit; forms are checked when the values are known. */
export function valueProblems(path: string, keys: readonly SecretKey[], values: ValueLookup): Finding[] {
  const stored = keys.filter(({ composed }) => composed === undefined);
  const names = stored.map(({ key }) => key);
  const finding = (id: string, key: string, message: string, fix: string): Finding => ({
    id,
    level: 'error',
    path: `${path}.${key}`,
    message,
    fix,
  });
  return [
    ...stored.flatMap((secret): Finding[] => {
      const { key, format, description } = secret;
      const value = values.of(secret);
      if (value === undefined) {
        const message = `a value is missing (${description})`;
        const fix = `give ${key}: value(...), or let a function give every key: fromValues(({ key, length }) => value(...))`;
        return [{ ...finding('secrets/missing-value', key, message, fix), allowed: FORMAT_DESCRIPTIONS[format] }];
      }
      if (!Deferred.isDeferred(value)) {
        return [knownValue(`${path}.${key}`)];
      }
      return whenKnown(value, (text) => {
        const problem = secretValueProblem(format, text);
        return problem === undefined
          ? []
          : [finding('secrets/invalid-value', key, problem, 'give a value of that form')];
      });
    }),
    ...values.given.filter((key) => !names.includes(key)).map((key) => unknownKey(`${path}.${key}`, key, names)),
  ];
}

/** Emits a Secret of the values. Returns their revision. */
export function valueSecret(scope: Construct, request: SecretRequest, values: ValueLookup): Value<string> {
  const stored = request.keys.flatMap((secret): [string, Deferred<string>][] => {
    const value = secret.composed === undefined ? values.of(secret) : undefined;
    return Deferred.isDeferred(value) ? [[secret.key, value]] : [];
  });
  return composedSecret(scope, request, new Map(stored));
}
