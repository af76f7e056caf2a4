/**
 * What a container sees of an `env` value: Kubernetes' own expansion (`third_party/forked/golang/expansion`), written
 * again from its description. `$(NAME)` becomes the variable, or stays where there is none; `$$` becomes `$`.
 */
export function expand(text: string, variables: Readonly<Record<string, string>> = {}): string {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '$' || at + 1 === text.length) {
      result += text[at];
      continue;
    }
    const next = text[at + 1];
    const close = next === '(' ? text.indexOf(')', at + 2) : -1;
    if (close >= 0) {
      const name = text.slice(at + 2, close);
      result += Object.hasOwn(variables, name) ? variables[name] : `$(${name})`;
      at = close;
    } else {
      result += next === '$' ? '$' : `$${next}`;
      at += 1;
    }
  }
  return result;
}
