import { Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { ConfigurationError, type PlatformStack } from '../../../src';
import { CaracalStack, type CaracalStackProps } from '../../../src/caracal';
import type { KubeObject } from '../harness/objects';
import { evaluate, print } from './recipe';
import type { StrictServer } from './server';

/** Properties of a stack, as calls that are still to be made. */
export type StackRecipe = Record<string, unknown>;

/** A change that a user makes to a finished stack, past all checks. */
export type Sabotage = (stack: CaracalStack) => void;

/** What became of one stack. */
export type Outcome =
  | { readonly kind: 'refused'; readonly ids: readonly string[] }
  | { readonly kind: 'crashed'; readonly problems: readonly string[] }
  | { readonly kind: 'synthesised'; readonly objects: readonly KubeObject[]; readonly problems: readonly string[] };

/** One stack of the run. */
export interface Trial {
  readonly recipe: StackRecipe;
  readonly outcome: Outcome;
}

/** What is made of a recipe, and how a user would have written it. */
export interface Subject {
  readonly build: (properties: Record<string, unknown>) => PlatformStack;
  readonly program: (printed: string) => string;
}

const CARACAL: Subject = {
  build: (properties) => new CaracalStack(Testing.app(), 'caracal', properties as unknown as CaracalStackProps),
  program: (printed) => `new CaracalStack(app, 'caracal', ${printed})`,
};

/** How a run goes. */
export interface RunOptions {
  readonly arbitrary: fc.Arbitrary<StackRecipe>;
  readonly seed: number;
  readonly runs: number;
  readonly server: StrictServer;
  /** An existing namespace that enforces Pod Security `restricted`. */
  readonly namespace: string;
  /** @default the whole platform of Caracal */
  readonly subject?: Subject;
  /** @default nothing is changed */
  readonly sabotage?: Sabotage;
}

/** A kind of failure, with the smallest stack that was found for it. */
export interface Failure {
  readonly stacks: number;
  readonly problems: readonly string[];
  readonly program: string;
}

/** Stacks that are under way at a time: one is built while the server thinks about the others. */
const WORKERS = 3;

/** Builds many stacks, and asks the server about each that synthesises. The same seed gives the same stacks. */
export async function run(options: RunOptions): Promise<Trial[]> {
  const recipes = fc.sample(options.arbitrary, { seed: options.seed, numRuns: options.runs });
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < recipes.length; index = next++) {
      outcomes[index] = await attempt(recipes[index]!, options);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return recipes.map((recipe, index) => ({ recipe, outcome: outcomes[index]! }));
}

/** Builds one stack, and asks the server about it. */
export async function attempt(recipe: StackRecipe, options: RunOptions): Promise<Outcome> {
  let objects: KubeObject[];
  try {
    const { build } = options.subject ?? CARACAL;
    const stack = build(evaluate(recipe) as Record<string, unknown>);
    // Only runs over Caracal are sabotaged.
    options.sabotage?.(stack as CaracalStack);
    objects = stack.toJson() as KubeObject[];
  } catch (error) {
    return error instanceof ConfigurationError
      ? { kind: 'refused', ids: [...new Set(error.findings.map(({ id }) => id))] }
      : { kind: 'crashed', problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
  return { kind: 'synthesised', objects, problems: await options.server.problems(objects, options.namespace) };
}

/** How many kinds of failures are made small; the others are only counted. */
const MOST_SHRUNK = 8;

/** How long one kind of failure is made smaller where nobody says, in milliseconds. */
const SHRINK_MILLIS = 10_000;

/**
 * The failures of a run, one for each kind of message, each with the smallest stack for it.
 *
 * @param most how many kinds are made small
 * @param millis how long each of them is made smaller
 */
export async function failures(
  trials: readonly Trial[],
  options: RunOptions,
  most = MOST_SHRUNK,
  millis = SHRINK_MILLIS,
): Promise<Failure[]> {
  const groups = new Map<string, Set<number>>();
  trials.forEach(({ outcome }, index) =>
    problemsOf(outcome)
      .map(kindOf)
      .forEach((kind) => groups.set(kind, (groups.get(kind) ?? new Set()).add(index))),
  );
  const found: Failure[] = [];
  for (const [kind, [index = 0, ...others]] of groups) {
    const small = found.length < most ? await shrunk(kind, index, options, millis) : undefined;
    const recipe = small ?? trials[index]!.recipe;
    const problems = problemsOf(await attempt(recipe, options)).filter((problem) => kindOf(problem) === kind);
    const program = small === undefined ? '' : (options.subject ?? CARACAL).program(print(recipe));
    found.push({ stacks: 1 + others.length, problems: problems.slice(0, 3), program });
  }
  return found;
}

/** What is wrong with an outcome: refusals by the server, and errors that are no report. */
export function problemsOf(outcome: Outcome): readonly string[] {
  return outcome.kind === 'refused' ? [] : outcome.problems;
}

async function shrunk(
  kind: string,
  index: number,
  options: RunOptions,
  millis: number,
): Promise<StackRecipe | undefined> {
  const property = fc.asyncProperty(options.arbitrary, async (recipe) => {
    const problems = problemsOf(await attempt(recipe, options));
    return !problems.some((problem) => kindOf(problem) === kind);
  });
  const { counterexample } = await fc.check(property, {
    seed: options.seed,
    numRuns: options.runs,
    path: String(index),
    interruptAfterTimeLimit: millis,
  });
  return counterexample?.[0];
}

/** A message without what differs from stack to stack: names, texts and numbers. */
function kindOf(problem: string): string {
  return problem
    .split('\n', 1)[0]!
    .replace(/^(\S+) \S+:/, '$1')
    .replace(/"(?:[^"\\]|\\.)*"/g, '"..."')
    .replace(/\([^()]*\)/g, '(...)')
    .replace(/[^\s[\]]*\d[^\s[\]]*/g, '#')
    .slice(0, 160);
}
