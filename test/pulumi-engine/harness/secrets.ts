import type { KubeObject } from '../../cluster/harness/objects';

/** A text that must not be readable anywhere. */
export interface SecretText {
  /** What it is, for messages: a message never holds the text. */
  readonly name: string;
  readonly text: string;
}

/** The contents of all Secrets among some manifests. */
export function secretTextsOf(objects: readonly KubeObject[]): SecretText[] {
  return objects
    .filter(({ kind }) => kind === 'Secret')
    .flatMap(({ metadata, data, stringData }) => [
      ...entriesOf(data).map(([key, text]) => ({
        name: `${metadata.name}.${key}`,
        text: Buffer.from(text, 'base64').toString('utf8'),
      })),
      ...entriesOf(stringData).map(([key, text]) => ({ name: `${metadata.name}.${key}`, text })),
    ]);
}

/** The names of the secrets that can be read in a text: as they are, in base64, or encoded for an address or for JSON. */
export function readableIn(text: string, secrets: readonly SecretText[]): string[] {
  return secrets.filter((secret) => formsOf(secret.text).some((form) => text.includes(form))).map(({ name }) => name);
}

function formsOf(text: string): string[] {
  const base64 = Buffer.from(text, 'utf8').toString('base64');
  return [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), base64, base64.replace(/=+$/, '')];
}

function entriesOf(value: unknown): [string, string][] {
  return Object.entries((value ?? {}) as Record<string, string>);
}
