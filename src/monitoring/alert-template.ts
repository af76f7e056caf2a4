/** Names that a template of Prometheus may call or use: keywords and functions of Go's templates, and Prometheus' own. */
const KNOWN: ReadonlySet<string> = new Set(
  `if else end range with define template block break continue nil true false
  and or not len index slice print printf println html js urlquery call eq ne lt le gt ge
  query first label value sortByLabel args tmpl safeHtml strvalue match title toUpper toLower reReplaceAll
  humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime toDuration now parseDuration
  stripPort stripDomain graphLink tableLink pathPrefix externalURL externalLabels urlQueryEscape`.split(/\s+/),
);

/** Variables that Prometheus defines. */
const VARIABLES: readonly string[] = ['labels', 'value', 'externalLabels', 'externalURL'];

/** What is wrong with the templates in a text of an alert, or undefined. Prometheus refuses the whole group for one. */
export function templateProblem(text: string): string | undefined {
  const actions = [...text.matchAll(/\{\{([\s\S]*?)\}\}/g)].map(([, action = '']) => action);
  const outside = text.replace(/\{\{[\s\S]*?\}\}/g, '');
  if (outside.includes('{{')) {
    return 'a template begins with "{{" and does not end with "}}"';
  }
  // `$i, $each := ...` defines two.
  const defined = actions
    .filter((action) => action.includes(':='))
    .flatMap((action) => [...(action.split(':=')[0] ?? '').matchAll(/\$(\w+)/g)].map(([, name = '']) => name));
  return actions.map((action) => actionProblem(action, [...VARIABLES, ...defined])).find((each) => each !== undefined);
}

function actionProblem(action: string, variables: readonly string[]): string | undefined {
  if (/^-?\s*\/\*[\s\S]*\*\/\s*-?$/.test(action)) {
    return undefined;
  }
  const code = action.replace(/"(?:\\.|[^"\\])*"|`[^`]*`/g, ' ""');
  if (code.replace(/^-|-$/g, '').trim() === '') {
    return 'a template "{{ }}" is empty';
  }
  const variable = [...code.matchAll(/\$(\w+)/g)]
    .map(([, name = '']) => name)
    .find((name) => !variables.includes(name));
  if (variable !== undefined) {
    return `there is no variable $${variable} in templates of Prometheus; there are ${VARIABLES.map((name) => `$${name}`).join(', ')}`;
  }
  const name = [...code.matchAll(/(?<![\w.$])[A-Za-z_]\w*/g)].map(([each]) => each).find((each) => !KNOWN.has(each));
  return name === undefined ? undefined : `there is no function "${name}" in templates of Prometheus`;
}
