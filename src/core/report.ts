import type { Finding } from './errors';

/** Columns of a report: what a terminal beside an editor has. */
const WIDTH = 100;

/** Before the line to type. */
const FIX = 'Fix: ';

/** Characters that break a line or steer a terminal, whatever was given. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/**
 * The report that a user reads: a title, then one block for each problem, its place and code first. Paths leave out what
 * the title says already, and what is wrong in several places in the same way is one block.
 */
export function renderReport(subject: string, findings: readonly Finding[]): string {
  const count = findings.length === 1 ? '1 problem' : `${findings.length} problems`;
  const blocks = new Map<string, { readonly finding: Finding; readonly places: string[] }>();
  for (const finding of findings) {
    const { path, ...rest } = finding;
    const key = JSON.stringify(rest);
    const block = blocks.get(key) ?? { finding, places: [] };
    block.places.push(relative(path, subject));
    blocks.set(key, block);
  }
  const lines = [...blocks.values()].flatMap(({ finding, places }) => blockOf(finding, places));
  return [`${count} in ${oneLine(subject)}:`, ...lines].join('\n');
}

function blockOf(finding: Finding, places: readonly string[]): string[] {
  const named = [...new Set(places)].filter((place) => place !== '').join(', ');
  const head = `${named === '' ? '' : `[${named}] `}${finding.id}`;
  const [first = '', ...others] = bodyOf(finding);
  // Two lines for what is a message and a fix alone: many of them still fit on a screen.
  const isShort = others.length === 1 && `${head}: ${first}`.length <= WIDTH - 2;
  return isShort
    ? [`  ${oneLine(`${head}: ${first}`)}`, ...linesOf(others[0] ?? '')]
    : [...wrapped(head, '  '), ...[first, ...others].flatMap(linesOf)];
}

/** A line that is there to be typed stays whole, so that it can be copied. */
function linesOf(line: string): string[] {
  return line.startsWith(FIX) ? [`    ${oneLine(line)}`] : wrapped(line, '    ');
}

/** One line where everything fits, otherwise one for each part; what was given stands beside what is allowed. */
function bodyOf({ message, given, allowed, why, fix }: Finding): string[] {
  const compared = [
    ...(given === undefined ? [] : [`Given: ${given}.`]),
    ...(allowed === undefined ? [] : [`Allowed: ${sentence(allowed)}`]),
  ];
  const parts = [
    sentence(message),
    ...(fits(compared) ? [compared.join(' ')] : compared),
    ...(why === undefined ? [] : [`Why: ${sentence(why)}`]),
    `${FIX}${sentence(fix)}`,
  ].filter((part) => part !== '');
  return fits(parts) ? [parts.join(' ')] : parts;
}

function fits(parts: readonly string[]): boolean {
  return parts.join(' ').length <= WIDTH - 4;
}

/** Lines of at most `WIDTH` columns; a word that is longer stays whole, so that it can be copied. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line];
}

/** A path without the subject of the report: `caracal.origins.sts` in `CaracalStack "caracal"` is `origins.sts`. */
function relative(path: string, subject: string): string {
  const named = /"([^"]*)"$/.exec(subject)?.[1] ?? subject;
  if (path === named || path === subject) {
    return '';
  }
  const rest = named !== '' && path.startsWith(named) ? path.slice(named.length) : '';
  return /^[./]./.test(rest) ? rest.slice(1) : path;
}

/** A text with a full stop, unless it ends in a sign already. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A text on one line that steers no terminal. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, ' ');
}
