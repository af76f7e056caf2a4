import * as fc from 'fast-check';

/**
 * A call of a factory that is still to be made. Properties are generated as plain data with such calls in it, so that
 * fast-check shrinks them piece by piece and a counter-example prints as the program that a user would have written.
 */
export class Recipe {
  constructor(
    /** The call as the program has it: `Peer.cidr`. */
    public readonly call: string,
    /** The factory. */
    public readonly factory: (...args: never[]) => unknown,
    /** Its arguments, with calls in them. */
    public readonly args: readonly unknown[],
  ) {}
}

/** Calls of one factory with arguments from these generators; those from the first `undefined` on are left out. */
export function calls(
  call: string,
  factory: (...args: never[]) => unknown,
  ...args: readonly fc.Arbitrary<unknown>[]
): fc.Arbitrary<Recipe> {
  return fc.tuple(...args).map((values) => {
    const missing = values.indexOf(undefined);
    return new Recipe(call, factory, missing < 0 ? values : values.slice(0, missing));
  });
}

/** Makes every call, the innermost first; each evaluation gives fresh objects. */
export function evaluate(recipe: unknown): unknown {
  if (recipe instanceof Recipe) {
    return recipe.factory(...(recipe.args.map(evaluate) as never[]));
  }
  if (Array.isArray(recipe)) return recipe.map(evaluate);
  return isRecord(recipe)
    ? Object.fromEntries(Object.entries(recipe).map(([key, value]) => [key, evaluate(value)]))
    : recipe;
}

/** Longest text that is printed in full. */
const LONGEST_TEXT = 300;

/** A recipe as the text of the program. */
export function print(recipe: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (recipe instanceof Recipe) {
    return `${recipe.call}(${recipe.args.map((arg) => print(arg, indent)).join(', ')})`;
  }
  if (Array.isArray(recipe)) return `[${recipe.map((each) => print(each, indent)).join(', ')}]`;
  if (isRecord(recipe)) {
    const entries = Object.entries(recipe).map(([key, value]) => `${inner}${name(key)}: ${print(value, inner)},\n`);
    return entries.length === 0 ? '{}' : `{\n${entries.join('')}${indent}}`;
  }
  if (typeof recipe === 'string' && recipe.length > LONGEST_TEXT) {
    return `${JSON.stringify(recipe.slice(0, 20))} /* ${recipe.length} characters */`;
  }
  return JSON.stringify(recipe) ?? 'undefined';
}

/** Whether something is a plain object of a recipe. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Recipe);
}

function name(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
