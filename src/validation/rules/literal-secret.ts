import { Deferred, parsePrinted } from '../../core/value';
import { containersOf } from '../pod-specs';
import { writtenPods } from '../pods';
import type { Rule } from '../rule';
import { at, entriesOf, textOf, textsOf } from '../untyped';

const SECRET_NAME = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)$/i;
const CREDENTIALS = /:\/\/[^\s/:@]*:[^\s/@]+@/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Secret values in the text of objects that the library did not draw. */
export const literalSecret: Rule = {
  id: 'secrets/literal-secret',
  level: 'error',
  acknowledgeable: true,
  why: 'manifests are kept in repositories, pipelines and the memory of many machines',
  fix: 'let an ExternalSecret or SealedSecret make the Secret, and read it with secretKeyRef or from a file',
  check: (model) => {
    if (model.context.profile === 'dev') {
      return [];
    }
    const foreign = model.written.filter(({ isDrawn }) => !isDrawn);
    return [
      ...foreign
        .filter(({ manifest, object }) => manifest.kind === 'Secret' && object.apiGroup === 'core')
        .map(({ path, title, manifest }) => ({
          path,
          title,
          keys: literalKeys({ ...textsOf(manifest.data), ...textsOf(manifest.stringData) }),
        })),
      ...foreign
        .filter(({ manifest, object }) => manifest.kind === 'ConfigMap' && object.apiGroup === 'core')
        .map(({ path, title, manifest }) => ({
          path,
          title,
          keys: Object.entries(textsOf(manifest.data)).flatMap(([key, text]) => (isSecretText(text) ? [key] : [])),
        })),
      ...writtenPods(model).flatMap(({ object: { path, title }, spec }) =>
        containersOf(spec).map(({ container }) => ({
          path,
          title,
          keys: entriesOf(container.env).flatMap((variable) => {
            const [name, value] = [textOf(at(variable, 'name')) ?? '', textOf(at(variable, 'value')) ?? ''];
            const isSecret = value !== '' && (isSecretText(value) || (SECRET_NAME.test(name) && isLiteral(value)));
            return isSecret ? [name] : [];
          }),
        })),
      ),
    ].flatMap(({ path, title, keys }) =>
      keys.length === 0 ? [] : [{ path, message: `${title} holds a secret in clear text: ${keys.join(', ')}` }],
    );
  },
};

function literalKeys(data: Readonly<Record<string, string>>): string[] {
  return Object.entries(data).flatMap(([key, value]) => (value !== '' && isLiteral(value) ? [key] : []));
}

function isSecretText(text: string): boolean {
  return PRIVATE_KEY.test(text) || (CREDENTIALS.test(text) && isLiteral(text));
}

/** Whether nothing of a text waits for the deployment; a password that another resource makes does. */
function isLiteral(text: string): boolean {
  return !parsePrinted(text).some((part) => Deferred.isDeferred(part)) && !text.startsWith('$(');
}
