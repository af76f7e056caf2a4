/**
 * As much of Go's text/template as an ExternalSecret of this library uses: a field, `urlquery`, `replace` and a literal.
 * Everything else is an error, so that a template which the operator would refuse fails the test.
 */
export function renderTemplate(template: string, fields: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(.*?)\}\}/gs, (_whole, body: string) =>
    body
      .trim()
      .split(' | ')
      .reduce((value, step, index) => (index === 0 ? start(step, fields) : pipe(step, value)), ''),
  );
}

function start(step: string, fields: Readonly<Record<string, string>>): string {
  const name = /^\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(step)?.[1] ?? /^\(?index \. "([^"]+)"\)?$/.exec(step)?.[1];
  const literal = /^"([^"\\]*)"$/.exec(step)?.[1];
  if (literal !== undefined) {
    return literal;
  }
  if (name === undefined || !Object.hasOwn(fields, name)) {
    throw new Error(`the operator does not understand "${step}"`);
  }
  return fields[name] ?? '';
}

function pipe(step: string, value: string): string {
  if (step === 'urlquery') {
    // Go escapes all but letters, digits and "-_.~"; a space becomes a plus.
    const escape = (character: string): string =>
      [...Buffer.from(character, 'utf8')]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join('');
    return [...value].map((each) => (each === ' ' ? '+' : /[A-Za-z0-9_.~-]/.test(each) ? each : escape(each))).join('');
  }
  const [, from, to] = /^replace "([^"]*)" "([^"]*)"$/.exec(step) ?? [];
  if (from === undefined || to === undefined) {
    throw new Error(`the operator does not understand "${step}"`);
  }
  return value.replaceAll(from, to);
}
