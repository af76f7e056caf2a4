import * as pulumi from '@pulumi/pulumi';
import { checksOf, type DeferredCheck } from '../core/deferred-checks';
import { ConfigurationError, describeFinding, type Finding, InternalError, show } from '../core/errors';
import { Deferred, isNumber, parsePrinted, resolveValue, rootsOf } from '../core/value';
import { promised, stateOfOutput } from './output';
import { withoutSecrets } from './secrecy';

/** Where a value keeps its Output; a symbol of the process, for programs with two copies of this package. */
const OUTPUT = Symbol.for('cdk8s-selfhosted.Deferred.output');

type WithOutput = Deferred<string> & { readonly [OUTPUT]?: pulumi.Output<string> };

/**
 * The values of one stack that only the deployment knows: hands them out before the stack is built, checks them when
 * they are known, and puts them where the stack printed them.
 */
export class DeploymentValues {
  private readonly roots = new Set<Deferred<string>>();
  /** Objects other than Secrets that hold a value, by the value. */
  private readonly openPlaces = new Map<Deferred<string>, Set<string>>();
  private verdict: Promise<void> | undefined;

  /**
   * @param subject The stack, for messages.
   */
  constructor(private readonly subject: string) {}

  /** A value for a property, from an Output, a promise, a text or a number. */
  public defer(input: pulumi.Input<string | number>): Deferred<string> {
    const deferred = Deferred.create<string>();
    Object.defineProperty(deferred, OUTPUT, { value: pulumi.output(input) });
    this.roots.add(deferred);
    return deferred;
  }

  /**
   * A printed text with the values in place of their tokens. What depends on it waits until every value of the stack is
   * checked; it carries the dependencies and the secrecy of its own values only.
   *
   * @param place The object, where whoever may read it would read the text: anything but a Secret.
   */
  public inputOf(text: string, place?: string): pulumi.Input<string> {
    const parts = parsePrinted(text);
    const roots = [...new Set(parts.flatMap(rootsOf))];
    if (roots.length === 0) {
      return text;
    }
    for (const root of roots) {
      this.roots.add(root);
      if (place !== undefined) {
        this.openPlaces.set(root, (this.openPlaces.get(root) ?? new Set()).add(place));
      }
    }
    return pulumi.all(roots.map((root) => this.checked(root))).apply((texts) => {
      const textOf = (root: Deferred<string>): string => String(texts[roots.indexOf(root)] ?? '');
      return parts.map((part) => resolveValue(part, textOf)).join('');
    });
  }

  /** Whether a value stands in an object. */
  public standIn(manifest: unknown): boolean {
    return parsePrinted(JSON.stringify(manifest)).some((part) => rootsOf(part).length > 0);
  }

  private checked(root: Deferred<string>): pulumi.Output<string> {
    const output = outputOf(root);
    // A rejected Output ends in the report too: by itself it tells neither the property nor what else is wrong.
    const settled = promised(output).then(
      () => output,
      async () => this.judged().then(() => output),
    );
    return pulumi.output(settled).apply(async (text) => {
      await this.judged();
      return text;
    });
  }

  /**
   * Rejects with one error for every check that failed. Started by the first value that is settled, when the stack is
   * built and every check is in its place.
   */
  public async judged(): Promise<void> {
    this.verdict ??= this.check();
    return this.verdict;
  }

  /** Runs every check of which the values are known; in a preview some are not, and their checks wait for the update. */
  private async check(): Promise<void> {
    const texts = new Map<Deferred<string>, string>();
    const secret = new Set<Deferred<string>>();
    const findings: Finding[] = [];
    const settle = async (root: Deferred<string>): Promise<void> => {
      try {
        const { isKnown, isSecret, value: text } = await stateOfOutput(outputOf(root));
        if (!isKnown) {
          return;
        }
        if (isSecret) {
          secret.add(root);
        }
        if (typeof text === 'string' || (typeof text === 'number' && isNumber(root))) {
          texts.set(root, String(text));
        } else {
          findings.push(wrongType(root, text, secret.has(root)));
        }
      } catch (error) {
        findings.push(rejected(root, error));
      }
    };
    await Promise.all([...this.roots].map(settle));
    const checks = new Set([...this.roots].flatMap((root) => checksOf(root)));
    for (const { roots, run } of checks) {
      if (roots.every((root) => texts.has(root))) {
        const found = guarded(run, (root) => texts.get(root) ?? '');
        const secrets = roots.filter((root) => secret.has(root)).map((root) => texts.get(root) ?? '');
        findings.push(...(secrets.length > 0 ? found.map((finding) => withoutSecrets(finding, secrets)) : found));
      }
    }
    for (const root of secret) {
      const places = [...(this.openPlaces.get(root) ?? [])];
      if (places.length > 0) {
        void pulumi.log.warn(describeFinding(secretInClear(root, places)));
      }
    }
    if (findings.length > 0) {
      throw asRunError(new ConfigurationError(this.subject, distinct(findings)));
    }
  }
}

/**
 * Marks an error as one that the user can fix: the engine then prints its message and no stack trace. Every resource that
 * the error blocks would put the name of its property before the message, so the message stays as it is.
 */
export function asRunError<E extends Error>(error: E): E {
  const { message } = error;
  Object.defineProperty(error, 'message', { get: () => message, set: () => undefined, configurable: true });
  // Not enumerable, or it would be printed below the message where no engine runs.
  return Object.defineProperty(error, '__pulumiRunError', { value: true, configurable: true });
}

/** Whether a value was made by `value` of a build function; nobody knows the text of another one. */
export function hasOutput(root: WithOutput): boolean {
  return root[OUTPUT] !== undefined;
}

function outputOf(root: WithOutput): pulumi.Output<string> {
  const output = root[OUTPUT];
  if (output === undefined) {
    throw new InternalError(`the value of ${root.source} has no Output, and no check said so`);
  }
  return output;
}

/** A check that throws counts as failed, as a rule that throws does: an unknown answer is not a safe one. */
function guarded(run: DeferredCheck['run'], textOf: (root: Deferred<string>) => string): Finding[] {
  try {
    return run(textOf);
  } catch (error) {
    return [
      {
        id: 'pulumi/failed-check',
        level: 'error',
        path: 'values',
        message: `a check of a value failed itself (${error instanceof Error ? error.name : typeof error})`,
        fix: 'report it with the program that led here, or correct the rule where it is your own',
      },
    ];
  }
}

function secretInClear(root: Deferred<string>, places: readonly string[]): Finding {
  return {
    id: 'pulumi/secret-in-clear',
    level: 'warning',
    path: root.source,
    message: `a secret Output stands in clear in the cluster, in ${places.join(', ')}`,
    why: 'everybody who may read these objects reads it there; Pulumi encrypts its state only',
    fix: 'put it into a Secret and give SecretRef.key({ secret, key }), or unwrap it with pulumi.unsecret where it is no secret',
  };
}

function wrongType(root: Deferred<string>, given: unknown, secret: boolean): Finding {
  return {
    id: 'core/wrong-type',
    level: 'error',
    path: root.source,
    message: 'the Output became no string',
    given: secret ? 'a secret value' : show(given),
    fix: 'give an Output of a string: value(output.apply((each) => `${each}`))',
  };
}

function rejected(root: Deferred<string>, error: unknown): Finding {
  return {
    id: 'pulumi/rejected-value',
    level: 'error',
    path: root.source,
    // A rejected Output does not tell whether it is secret, and errors repeat what they could not read.
    message: `the Output was rejected (${error instanceof Error ? error.name : typeof error}); its message is left out, since it may hold a secret`,
    fix: 'look at the promise or the apply that the value comes from',
  };
}

// Properties are checked where they are given and again where they are used.
function distinct(findings: readonly Finding[]): Finding[] {
  const byText = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...byText.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
