import type { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** What an expression gives. An alert needs a vector: one element for each thing that is wrong. */
type Kind = 'vector' | 'number' | 'range' | 'text';

/** Functions that give a number; all others give a vector. */
const NUMBERS: ReadonlySet<string> = new Set(['time', 'pi', 'scalar']);

/** Functions over a range, besides those that end in `_over_time`. */
const OVER_RANGE: ReadonlySet<string> = new Set([
  'changes',
  'delta',
  'deriv',
  'double_exponential_smoothing',
  'holt_winters',
  'idelta',
  'increase',
  'irate',
  'predict_linear',
  'rate',
  'resets',
]);

/** Nodes that hold one expression and give what it gives. */
const TRANSPARENT: ReadonlySet<string> = new Set(['ParenExpr', 'UnaryExpr', 'OffsetExpr', 'StepInvariantExpr']);

/** What is wrong with the expression of an alert, or undefined: what Prometheus refuses, and what is no condition. */
export function promqlProblem(expr: string): string | undefined {
  if (expr.trim() === '') {
    return 'the expression is empty';
  }
  const root = grammar().parse(expr).topNode;
  const error = descendants(root).find(({ type }) => type.isError);
  if (error !== undefined) {
    const rest = expr.slice(error.from, error.from + 20);
    return `this is not PromQL from character ${error.from + 1} on${rest === '' ? ', where it ends too early' : `: "${rest}"`}`;
  }
  const [whole] = children(root).filter(isExpression);
  return (
    descendants(root)
      .map((node) => selectorProblem(expr, node) ?? argumentProblem(expr, node))
      .find((each) => each !== undefined) ??
    (whole === undefined ? 'the expression is empty' : resultProblem(kindOf(expr, whole)))
  );
}

// The grammar takes some milliseconds to load, and most programs have no alerts of their own.
function grammar(): typeof parser {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when it is needed, not when the library is
  return (require('@prometheus-io/lezer-promql') as { parser: typeof parser }).parser;
}

function resultProblem(kind: Kind): string | undefined {
  switch (kind) {
    case 'vector':
      return undefined;
    case 'number':
      return 'it is a number and selects no metric, so the alert would fire for ever';
    case 'range':
      return 'it gives a range of values, and Prometheus refuses that: wrap it, rate(...[5m])';
    case 'text':
      return 'it is a text, no condition';
  }
}

/** Prometheus refuses a selector that every series fits. */
function selectorProblem(expr: string, node: SyntaxNode): string | undefined {
  if (node.name !== 'VectorSelector' || children(node).some(({ name }) => name === 'Identifier')) {
    return undefined;
  }
  const text = expr.slice(node.from, node.to);
  // Of the matchers at least one must not match an empty value.
  return /[^!]=~?\s*["'`][^"'`]*[^"'`.*][^"'`]*["'`]|!=\s*["'`]["'`]|=~\s*["'`]\.\+["'`]|__name__|^["']|\{\s*["']/.test(
    text,
  )
    ? undefined
    : `"${text}" selects every metric, which Prometheus refuses`;
}

function argumentProblem(expr: string, node: SyntaxNode): string | undefined {
  if (node.name !== 'FunctionCall') {
    return undefined;
  }
  const [identifier, body] = children(node);
  const name = identifier === undefined ? '' : expr.slice(identifier.from, identifier.to);
  const given = body === undefined ? [] : children(body).filter(isExpression);
  const ranges = given.filter((each) => kindOf(expr, each) === 'range').length;
  const wanted = OVER_RANGE.has(name) || name.endsWith('_over_time') ? 1 : 0;
  if (ranges === wanted) {
    return undefined;
  }
  return wanted === 1 ? `${name} needs a range: ${name}(...[5m])` : `${name} takes no range such as [5m]`;
}

function kindOf(expr: string, node: SyntaxNode): Kind {
  const inner = children(node).filter(isExpression);
  const [first] = inner;
  if (TRANSPARENT.has(node.name) && first !== undefined) {
    return kindOf(expr, first);
  }
  switch (node.name) {
    case 'NumberDurationLiteral':
    case 'NumberLiteral':
      return 'number';
    case 'StringLiteral':
      return 'text';
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return 'range';
    case 'FunctionCall': {
      const [identifier] = children(node);
      return identifier !== undefined && NUMBERS.has(expr.slice(identifier.from, identifier.to)) ? 'number' : 'vector';
    }
    case 'BinaryExpr':
      return inner.every((each) => kindOf(expr, each) === 'number') ? 'number' : 'vector';
    default:
      return 'vector';
  }
}

function isExpression({ name }: SyntaxNode): boolean {
  return /(Expr|Selector|Literal|FunctionCall)$/.test(name) && !/^(OffsetModifier|GroupingLabels)$/.test(name);
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    found.push(child);
  }
  return found;
}

function descendants(node: SyntaxNode): SyntaxNode[] {
  return [node, ...children(node).flatMap(descendants)];
}
