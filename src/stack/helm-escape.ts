import type { IResolver, ResolutionContext } from 'cdk8s';
import { brand } from '../core/brand';

/**
 * Keeps the texts of an app as they are on their way through Helm, for `cdk8s synth --format helm`:
 * `new App({ resolvers: [new HelmEscape()] })`.
 *
 * Alert rules hold `{{ $labels.pod }}` for Prometheus and ExternalSecrets `{{ .password }}` for their operator. Helm
 * reads every file of a chart as a template of its own, and would evaluate these texts. Each `{{` is written as
 * an action that prints it, so `helm template` and `helm install` give back exactly the objects of the program. It holds
 * for every object of the app, those of cdk8s-plus too.
 *
 * What a JSON patch puts into an object is not escaped: that is the place for a text that Helm shall fill in, such as
 * `{{ .Values.host }}`. Without Helm the escaped files are wrong; a stack that is written anywhere but into a chart
 * refuses them (`stack/helm-format`).
 */
export class HelmEscape implements IResolver {
  static {
    brand(this, 'HelmEscape');
  }

  private written: { readonly key: readonly string[]; readonly text: string } | undefined;

  /** Called by cdk8s for each part of an object. */
  public resolve(context: ResolutionContext): void {
    const value: unknown = context.value;
    // cdk8s resolves the metadata of an object by itself, and then once more as a part of the object.
    const isDone = context.key[0] === 'metadata';
    if (isDone || typeof value !== 'string' || !value.includes('{{')) {
      return;
    }
    // cdk8s asks again for what was put in the place of a value, at once and with the same key.
    const { written } = this;
    this.written = undefined;
    if (written?.key === context.key && written.text === value) {
      return;
    }
    this.written = { key: context.key, text: value.replaceAll('{{', OPENING) };
    context.replaceValue(this.written.text);
  }
}

/** Prints `{{`. A raw string of Go's templates: the quotes of another one would be escaped by YAML. */
const OPENING = '{{`{{`}}';
