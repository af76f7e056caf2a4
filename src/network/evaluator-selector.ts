import { kubernetesKeyProblem, labelValueProblem } from '../core/text';
import { isGiven, readList, readObject, refusePolicy } from './evaluator-input';
import type { LabelRequirementLike, Labels, LabelSelectorLike } from './evaluator-model';

/** Whether an object with these labels is selected. */
export type LabelTest = (labels: Labels) => boolean;

/**
 * Reads a label selector. All of its conditions must hold; an empty one selects everything.
 *
 * @throws ConfigurationError if the API server would refuse the selector
 */
export function compileSelector(selector: LabelSelectorLike, path: string): LabelTest {
  const { matchLabels, matchExpressions } = readObject(selector, path, ['matchLabels', 'matchExpressions']);
  const labels = isGiven(matchLabels) ? Object.entries(matchLabels) : [];
  const tests = [
    ...labels.map(([key, value]) => {
      checkKey(key, `${path}.matchLabels`);
      checkValue(value, `${path}.matchLabels`);
      return (given: Labels) => valueOf(given, key) === value;
    }),
    ...readList(matchExpressions, `${path}.matchExpressions`).map((requirement, index) =>
      compileRequirement(requirement, `${path}.matchExpressions[${index}]`),
    ),
  ];
  return (given) => tests.every((test) => test(given));
}

function compileRequirement(requirement: LabelRequirementLike, path: string): LabelTest {
  const { key, operator, values } = readObject(requirement, path, ['key', 'operator', 'values']);
  checkKey(key, path);
  const wanted = readList(values, `${path}.values`);
  wanted.forEach((value) => checkValue(value, `${path}.values`));
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (takesValues !== wanted.length > 0) {
    return refusePolicy(path, {
      message: takesValues ? `${operator} needs at least one value` : 'this operator takes no values',
      given: requirement,
      allowed: 'values for In and NotIn, none for Exists and DoesNotExist',
      fix: takesValues ? 'name the values, or use Exists or DoesNotExist' : 'remove the values, or use In or NotIn',
    });
  }
  switch (operator) {
    case 'In':
      return (labels) => isOneOf(wanted, valueOf(labels, key));
    case 'NotIn':
      // An object without the key has none of the values, so it is selected.
      return (labels) => !isOneOf(wanted, valueOf(labels, key));
    case 'Exists':
      return (labels) => valueOf(labels, key) !== undefined;
    case 'DoesNotExist':
      return (labels) => valueOf(labels, key) === undefined;
    default:
      return refusePolicy(path, {
        message: 'the operator is unknown',
        given: operator,
        allowed: 'In, NotIn, Exists, DoesNotExist',
        fix: 'use one of these four, in this spelling',
      });
  }
}

function isOneOf(values: readonly string[], value: string | undefined): boolean {
  return value !== undefined && values.includes(value);
}

/** Own properties only: a label key such as "constructor" must not find what every object inherits. */
function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function checkKey(key: string, path: string): void {
  const problem = typeof key === 'string' ? kubernetesKeyProblem(key) : 'a key must be a string';
  if (problem !== undefined) {
    refusePolicy(path, {
      message: `the label key cannot exist: ${problem}`,
      given: key,
      allowed: 'a label key such as app.kubernetes.io/name',
      fix: 'use a key that a label can have',
    });
  }
}

function checkValue(value: string, path: string): void {
  const problem = typeof value === 'string' ? labelValueProblem(value) : 'a value must be a string';
  if (problem !== undefined) {
    refusePolicy(path, {
      message: `the label value cannot exist: ${problem}`,
      given: value,
      allowed: 'a label value of at most 63 characters',
      fix: 'use a value that a label can have; quote numbers and booleans',
    });
  }
}
