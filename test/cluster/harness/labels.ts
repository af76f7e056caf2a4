import type { LabelSelector } from './objects';

/** Whether labels match a selector, as the API server decides it; an empty selector matches everything. */
export function matches(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return exact && (selector.matchExpressions ?? []).every((one) => matchesExpression(one, labels[one.key]));
}

function matchesExpression(
  { operator, values = [] }: { operator: string; values?: readonly string[] },
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      throw new Error(`unknown selector operator ${operator}`);
  }
}
