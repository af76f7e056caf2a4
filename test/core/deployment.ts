import { checksOf } from '../../src/core/deferred-checks';
import type { Finding } from '../../src/core/errors';
import { Deferred, parsePrinted, resolveValue, type Value } from '../../src/core/value';

/** What an engine does that knows values at the deployment only, with texts that the test knows. */
export class Deployment {
  private readonly texts = new Map<Deferred<string>, string>();

  /** A value that becomes this text. */
  public value(text: string): Deferred<string> {
    const value = Deferred.create();
    this.texts.set(value, text);
    return value;
  }

  /** The text that a value becomes. */
  public resolve(value: Value<string>): string {
    return resolveValue(value, (root) => this.textOf(root));
  }

  /** What was printed, with the values in place; a token in a key is nobody's to replace. */
  public deploy<Printed>(printed: Printed): Printed {
    return this.replaced(printed) as Printed;
  }

  /** What the checks say that waited for the values, each once. */
  public findings(): Finding[] {
    const checks = new Set([...this.texts.keys()].flatMap((root) => checksOf(root)));
    const findings = [...checks].flatMap(({ run }) => run((root) => this.textOf(root)));
    // Rules are asked as often as somebody wants to know, and properties where they are given and where they are used.
    return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
  }

  private textOf(root: Deferred<string>): string {
    const text = this.texts.get(root);
    if (text === undefined) {
      throw new Error(`the deployment does not know ${root.source}`);
    }
    return text;
  }

  private replaced(printed: unknown): unknown {
    if (typeof printed === 'string') {
      return parsePrinted(printed)
        .map((part) => this.resolve(part))
        .join('');
    }
    if (Array.isArray(printed)) {
      return printed.map((each) => this.replaced(each));
    }
    return typeof printed === 'object' && printed !== null
      ? Object.fromEntries(Object.entries(printed).map(([key, value]) => [literal(key), this.replaced(value)]))
      : printed;
  }
}

function literal(key: string): string {
  if (parsePrinted(key).some((part) => Deferred.isDeferred(part))) {
    throw new Error(`a value stands in the key ${key}`);
  }
  return key;
}
