import { type Finding, show } from './errors';
import { isOutput } from './output';
import { Deferred, nameValue, parsePrinted } from './value';

/** What Pulumi prints where an Output is used as text, unless PULUMI_ERROR_OUTPUT_STRING makes it throw there. */
const OUTPUT_AS_TEXT = /Calling \[(?:toString|toJSON)\] on an \[Output<T>\]/;

const WRAP = 'wrap the whole text in `value` of the build function: value(output), value(pulumi.interpolate`...`)';

/** Where the text is needed now, wrapping an Output would only lead to the next refusal. */
const GIVE_NOW = 'give the value itself; in a Pulumi program take it from the configuration, not from an Output';

/**
 * What is wrong with a single value that came from a program of the Pulumi engine, or undefined.
 *
 * @param takesValue Whether a value that is known only at deployment may stand here. Default: true.
 */
export function misuseOf(path: string, value: unknown, takesValue = true): Finding | undefined {
  if (typeof value !== 'string' && !isOutput(value)) {
    return undefined;
  }
  const remedy = takesValue ? WRAP : GIVE_NOW;
  const finding = (id: string, message: string, fix: string): Finding => ({ id, level: 'error', path, message, fix });
  if (typeof value !== 'string') {
    return finding('core/output-in-property', 'this is an Output, which no property takes as it is', remedy);
  }
  if (OUTPUT_AS_TEXT.test(value)) {
    return {
      ...finding('core/output-in-text', 'an Output was put into text, where its value never arrives', remedy),
      given: show(value),
    };
  }
  if (parsePrinted(value).some((part) => Deferred.isDeferred(part))) {
    return finding(
      'core/value-in-text',
      'a value that is known only at deployment was put into text, where no check can wait for it',
      remedy,
    );
  }
  return undefined;
}

/** The finding about a value that is known only at deployment, in the place of one that is needed now. */
export function valueNotAllowed(path: string): Finding {
  return {
    id: 'core/value-not-allowed',
    level: 'error',
    path,
    message: 'a value that is known only at deployment cannot stand here: objects are named, selected or counted by it',
    fix: GIVE_NOW,
  };
}

/**
 * Goes through plain properties: names the values in them by their property, and tells every misuse. Instances of
 * classes are left alone, since their factories have checked what they were given.
 *
 * @param path Path of the properties, for findings; values are named without it, since a construct may move.
 * @param takesValue Whether a property takes values that are known only at deployment: `origins.sts`, `sts.env.TZ`.
 */
export function placeValues(path: string, props: unknown, takesValue: (property: string) => boolean): Finding[] {
  const findings: Finding[] = [];
  // One object may stand in two places, where values may and where they may not.
  const seen = { true: new Set<unknown>(), false: new Set<unknown>() };
  const visit = (value: unknown, property: string): void => {
    const known = seen[`${takesValue(`${property}.each`)}`];
    nameValue(value, property);
    const where = [path, property].filter((part) => part !== '').join('.');
    const problem =
      misuseOf(where, value, takesValue(property)) ??
      (Deferred.isDeferred(value) && !takesValue(property) ? valueNotAllowed(where) : undefined);
    if (problem !== undefined) {
      findings.push(problem);
    } else if (known.has(value)) {
      return; // properties of a caller may hold themselves
    } else if (Array.isArray(value)) {
      known.add(value);
      value.forEach((item, index) => visit(item, `${property}[${index}]`));
    } else if (isPlain(value)) {
      known.add(value);
      for (const [key, item] of Object.entries(value)) {
        const inKey = misuseOf(where, key, false);
        if (inKey !== undefined) {
          findings.push(inKey);
        }
        visit(item, property === '' ? key : `${property}.${key}`);
      }
    }
  };
  visit(props, '');
  return findings;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
