import { parser } from '@prometheus-io/lezer-promql';

// The type of the parser's own tree: its package and @lezer/common may be resolved in two module systems.
/** A node of an expression's tree. */
export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** One label condition of a selector. */
export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** A metric with its conditions, as an expression names it. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** A function, and the metrics anywhere in its arguments. */
export interface Call {
  readonly name: string;
  readonly metrics: readonly string[];
}

/** The tree of an expression. It may hold error nodes: the parser recovers from everything. */
export function parse(expr: string): SyntaxNode {
  return parser.parse(expr).topNode;
}

/** The text of a node. */
export function textOf(expr: string, node: SyntaxNode): string {
  return expr.slice(node.from, node.to);
}

/** The direct children of a node. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    found.push(child);
  }
  return found;
}

/** Every node below a node, itself included. */
export function descendants(node: SyntaxNode): SyntaxNode[] {
  return [node, ...children(node).flatMap(descendants)];
}

/** Where an expression is not PromQL; empty when it is. */
export function syntaxErrors(expr: string): string[] {
  const errors = descendants(parse(expr)).filter((node) => node.type.isError);
  return errors.map((node) => `at ${node.from}: "${expr.slice(node.from, node.from + 20)}"`);
}

/** Every selector of an expression. */
export function selectorsOf(expr: string): Selector[] {
  return named(parse(expr), 'VectorSelector').map((node) => selectorOf(expr, node));
}

/** One selector node as data. */
export function selectorOf(expr: string, node: SyntaxNode): Selector {
  const [metric] = named(node, 'Identifier').map((each) => textOf(expr, each));
  const matchers = named(node, 'UnquotedLabelMatcher').map((matcher): Matcher => {
    const [label, operator, value] = children(matcher).map((each) => textOf(expr, each));
    return { label: label ?? '', operator: operator ?? '', value: JSON.parse(value ?? '""') as string };
  });
  return { metric: metric ?? '', matchers };
}

/** Every function call of an expression, aggregations not counted. */
export function callsOf(expr: string): Call[] {
  return named(parse(expr), 'FunctionCall').map((node) => ({
    name: textOf(expr, only(named(node, 'FunctionIdentifier'))),
    metrics: named(node, 'VectorSelector').map((each) => selectorOf(expr, each).metric),
  }));
}

/** The metrics that an expression names, sorted, each once. */
export function metricsOf(expr: string): string[] {
  return [...new Set(selectorsOf(expr).map((selector) => selector.metric))].sort();
}

/** The nodes of one name below a node. */
export function named(node: SyntaxNode, name: string): SyntaxNode[] {
  return descendants(node).filter((each) => each.name === name);
}

function only(nodes: readonly SyntaxNode[]): SyntaxNode {
  const [first] = nodes; // the outermost comes first
  if (first === undefined) throw new Error('the node is missing');
  return first;
}
