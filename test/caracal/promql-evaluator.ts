import { children, named, parse, selectorOf, type SyntaxNode, textOf } from './promql';

/**
 * Evaluates the part of PromQL that the alerts use, on made-up series: enough to show when an alert fires and when it
 * ends. Two simplifications: windows are not extrapolated, which changes the amount of an increase and never whether
 * there was one; and one scrape interval holds for everything. What it does not know it refuses.
 */

/** Seconds between two scrapes, and between two evaluations of a rule. */
export const STEP = 30;

/** A series: labels with `__name__`, and a value for each time that is a multiple of the step; undefined is gone. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly at: (seconds: number) => number | undefined;
}

interface Element {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Value = number | readonly Element[];
/** The values of an expression over a window, by labels. */
type Window = readonly { readonly labels: Readonly<Record<string, string>>; readonly values: readonly number[] }[];

/** A series with a name and labels. */
export function series(
  name: string,
  labels: Readonly<Record<string, string>>,
  at: (seconds: number) => number | undefined,
): Series {
  return { labels: { ...labels, __name__: name }, at };
}

/** The result of an expression at a time, seconds. */
export function evaluate(expr: string, world: readonly Series[], time: number): Value {
  const [root] = children(parse(expr));
  if (root === undefined) throw new Error('the expression is empty');
  return new Evaluation(expr, world).value(root, time);
}

/** The times between 0 and `until`, seconds, at which an alert is firing, after its `for`. */
export function firing(
  rule: { readonly expr: string; readonly for: string },
  world: readonly Series[],
  until: number,
): number[] {
  const hold = seconds(rule.for);
  const since = new Map<string, number>();
  const times: number[] = [];
  for (let time = 0; time <= until; time += STEP) {
    const result = evaluate(rule.expr, world, time);
    if (typeof result === 'number') throw new Error('an alert needs a vector');
    const active = new Set(result.map((element) => key(unnamed(element.labels))));
    [...since.keys()].filter((each) => !active.has(each)).forEach((each) => since.delete(each));
    active.forEach((each) => since.set(each, since.get(each) ?? time));
    if ([...since.values()].some((start) => time - start >= hold)) times.push(time);
  }
  return times;
}

/** A PromQL duration of one unit, in seconds. */
export function seconds(duration: string): number {
  const [, amount, unit] = /^(\d+)([smh])$/.exec(duration) ?? [];
  if (amount === undefined) throw new Error(`"${duration}" is not a duration of one unit`);
  return Number(amount) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
}

class Evaluation {
  constructor(
    private readonly expr: string,
    private readonly world: readonly Series[],
  ) {}

  public value(node: SyntaxNode, time: number): Value {
    const parts = children(node);
    switch (node.name) {
      case 'NumberDurationLiteral':
        return Number(textOf(this.expr, node));
      case 'ParenExpr':
        return this.value(part(parts, 0), time);
      case 'VectorSelector':
        return this.instant(node, time);
      case 'OffsetExpr':
        return this.value(part(parts, 0), time - seconds(textOf(this.expr, part(parts, 2))));
      case 'BinaryExpr':
        if (parts.length !== 3) throw new Error('vector matching clauses are not supported');
        return binary(part(parts, 1).name, this.value(part(parts, 0), time), this.value(part(parts, 2), time));
      case 'AggregateExpr':
        return this.aggregate(node, time);
      case 'FunctionCall':
        return this.call(node, time);
      default:
        throw new Error(`${node.name} is not supported: ${textOf(this.expr, node)}`);
    }
  }

  private vector(node: SyntaxNode, time: number): readonly Element[] {
    const value = this.value(node, time);
    if (typeof value === 'number') throw new Error(`a vector is needed: ${textOf(this.expr, node)}`);
    return value;
  }

  private matching(node: SyntaxNode): readonly Series[] {
    const { metric, matchers } = selectorOf(this.expr, node);
    return this.world.filter(
      ({ labels }) =>
        labels.__name__ === metric &&
        matchers.every(({ label, operator, value }) => {
          if (operator === '=') return (labels[label] ?? '') === value;
          if (operator === '=~') return new RegExp(`^(?:${value})$`).test(labels[label] ?? '');
          throw new Error(`the operator ${operator} is not supported`);
        }),
    );
  }

  private instant(node: SyntaxNode, time: number): readonly Element[] {
    // A missed scrape marks a series as gone, so the last scrape alone decides.
    const scrape = Math.floor(time / STEP) * STEP;
    return this.matching(node).flatMap(({ labels, at }) => {
      const value = at(scrape);
      return value === undefined ? [] : [{ labels, value }];
    });
  }

  private window(node: SyntaxNode, time: number): Window {
    const [inner, ...durations] = children(node);
    if (inner === undefined || !['MatrixSelector', 'SubqueryExpr'].includes(node.name)) {
      throw new Error(`a window is needed: ${textOf(this.expr, node)}`);
    }
    const [range = '', step] = durations.map((each) => textOf(this.expr, each));
    const start = time - seconds(range);
    if (node.name === 'MatrixSelector') {
      return this.matching(inner).map(({ labels, at }) => ({
        labels,
        values: multiples(start, time, STEP).flatMap((each) => at(each) ?? []),
      }));
    }
    const byLabels = new Map<string, { labels: Element['labels']; values: number[] }>();
    for (const each of multiples(start, time, step === undefined ? STEP : seconds(step))) {
      for (const { labels, value } of this.vector(inner, each)) {
        const entry = byLabels.get(key(labels)) ?? { labels, values: [] };
        byLabels.set(key(labels), entry);
        entry.values.push(value);
      }
    }
    return [...byLabels.values()];
  }

  private aggregate(node: SyntaxNode, time: number): readonly Element[] {
    const [operator, modifier, body] = children(node);
    if (operator === undefined || modifier === undefined || body === undefined) throw new Error('"by" is needed');
    const kept = named(modifier, 'LabelName').map((each) => textOf(this.expr, each));
    const groups = new Map<string, { labels: Record<string, string>; values: number[] }>();
    for (const { labels, value } of this.vector(part(children(body), 0), time)) {
      const group = Object.fromEntries(
        kept.flatMap((label) => (label in labels ? [[label, labels[label] ?? '']] : [])),
      );
      const entry = groups.get(key(group)) ?? { labels: group, values: [] };
      groups.set(key(group), entry);
      entry.values.push(value);
    }
    const name = textOf(this.expr, operator);
    const aggregate = AGGREGATES[name];
    if (aggregate === undefined) throw new Error(`${name} is not supported`);
    return [...groups.values()].map(({ labels, values }) => ({ labels, value: aggregate(values) }));
  }

  private call(node: SyntaxNode, time: number): Value {
    const [identifier, body] = children(node);
    const name = identifier === undefined ? '' : textOf(this.expr, identifier);
    const [argument] = body === undefined ? [] : children(body);
    if (name === 'time') return time;
    if (argument === undefined) throw new Error(`${name} needs an argument`);
    if (name === 'absent') {
      if (this.vector(argument, time).length > 0) return [];
      const { matchers } = selectorOf(this.expr, argument);
      const equal = matchers.filter(({ operator }) => operator === '=').map(({ label, value }) => [label, value]);
      return [{ labels: Object.fromEntries(equal) as Record<string, string>, value: 1 }];
    }
    const overWindow = OVER_WINDOW[name];
    if (overWindow === undefined) throw new Error(`${name} is not supported`);
    return this.window(argument, time).flatMap(({ labels, values }) => {
      const value = overWindow(values);
      return value === undefined ? [] : [{ labels: unnamed(labels), value }];
    });
  }
}

const AGGREGATES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  sum: (values) => values.reduce((sum, each) => sum + each, 0),
};

const OVER_WINDOW: Readonly<Record<string, (values: readonly number[]) => number | undefined>> = {
  // A smaller value is the restart of a counter, and all of it is increase.
  increase: (values) =>
    values.length < 2 ? undefined : steps(values, (before, after) => (after < before ? after : after - before)),
  delta: (values) => (values.length < 2 ? undefined : steps(values, (before, after) => after - before)),
  changes: (values) => (values.length < 1 ? undefined : steps(values, (before, after) => (after === before ? 0 : 1))),
};

function steps(values: readonly number[], measure: (before: number, after: number) => number): number {
  return values.slice(1).reduce((sum, after, index) => sum + measure(values[index] ?? 0, after), 0);
}

function binary(operator: string, left: Value, right: Value): Value {
  const set = SETS[operator];
  if (set !== undefined) {
    if (typeof left === 'number' || typeof right === 'number') throw new Error(`${operator} needs two vectors`);
    return set(left, right);
  }
  const compare = COMPARISONS[operator];
  const compute = compare === undefined ? ARITHMETIC[operator] : undefined;
  const combine = (a: number, b: number, kept: number, labels: Element['labels']): Element[] => {
    if (compare !== undefined) return compare(a, b) ? [{ labels, value: kept }] : [];
    if (compute === undefined) throw new Error(`${operator} is not supported`);
    return [{ labels: unnamed(labels), value: compute(a, b) }];
  };
  if (typeof left !== 'number' && typeof right === 'number') {
    return left.flatMap(({ labels, value }) => combine(value, right, value, labels));
  }
  if (typeof left === 'number' && typeof right !== 'number') {
    return right.flatMap(({ labels, value }) => combine(left, value, value, labels));
  }
  if (typeof left !== 'number' && typeof right !== 'number') {
    return left.flatMap(({ labels, value }) => {
      const partner = right.find((each) => key(unnamed(each.labels)) === key(unnamed(labels)));
      return partner === undefined ? [] : combine(value, partner.value, value, labels);
    });
  }
  throw new Error('two numbers make no alert');
}

type SetOperator = (left: readonly Element[], right: readonly Element[]) => readonly Element[];

const SETS: Readonly<Record<string, SetOperator>> = {
  And: (left, right) => left.filter((each) => includes(right, each)),
  Unless: (left, right) => left.filter((each) => !includes(right, each)),
  Or: (left, right) => [...left, ...right.filter((each) => !includes(left, each))],
};

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  Gtr: (a, b) => a > b,
  Gte: (a, b) => a >= b,
  Lss: (a, b) => a < b,
  Lte: (a, b) => a <= b,
  Eql: (a, b) => a === b,
};

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Div: (a, b) => a / b,
};

function includes(elements: readonly Element[], wanted: Element): boolean {
  return elements.some((each) => key(unnamed(each.labels)) === key(unnamed(wanted.labels)));
}

function unnamed({ __name__: _, ...labels }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return labels;
}

function key(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The multiples of a step behind the start, up to the end. */
function multiples(start: number, end: number, step: number): number[] {
  const first = Math.floor(start / step) + 1;
  const count = Math.max(0, Math.floor(end / step) - first + 1);
  return Array.from({ length: count }, (_, index) => (first + index) * step);
}

function part(nodes: readonly SyntaxNode[], index: number): SyntaxNode {
  const node = nodes[index];
  if (node === undefined) throw new Error('a part of the expression is missing');
  return node;
}
