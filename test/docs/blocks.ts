import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readPages, type Page } from './pages';

/** What code says, as Markdown, by the name that pages use for it. */
export type Blocks = ReadonlyMap<string, string>;

const BLOCK = /<!-- generated: ([a-z0-9-]+) -->\n([\s\S]*?)<!-- end of generated -->/g;

/** README, every page of `docs/` and the README of every example. */
export function pagesWithBlocks(): Page[] {
  const examples = readdirSync(join(ROOT, 'examples'))
    .map((name) => `examples/${name}/README.md`)
    .filter((path) => existsSync(join(ROOT, path)))
    .sort();
  return [...readPages(), ...examples.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))];
}

/** Names of the blocks on a page. */
export function blockNames(page: Page): string[] {
  return [...page.text.matchAll(BLOCK)].map(([, name = '']) => name);
}

/** The page with every block as the code says it now. An unknown name stays, marked, so that the comparison fails. */
export function withBlocks(page: Page, blocks: Blocks): Page {
  const text = page.text.replaceAll(BLOCK, (_match, name: string) => {
    const body = blocks.get(name) ?? `There is no block "${name}".`;
    return `<!-- generated: ${name} -->\n\n${body}\n\n<!-- end of generated -->`;
  });
  return { path: page.path, text };
}

/** A Markdown table. Pipes and angle brackets of a cell are escaped outside of code. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part).replaceAll('|', '\\|'))
    .join('`');
}

/** Text as inline code. */
export function code(text: string): string {
  return `\`${text}\``;
}
