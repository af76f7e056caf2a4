import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** One Markdown file of the project. */
export interface Page {
  /** Path from the project's root. */
  readonly path: string;
  readonly text: string;
}

/** One fenced block of TypeScript. */
export interface Fence {
  readonly page: string;
  /** Line of the page, counted from 1, on which the code begins. */
  readonly line: number;
  readonly code: string;
}

/** README and every page of `docs/`, in a fixed order. */
export function readPages(): Page[] {
  const docs = join(ROOT, 'docs');
  const guides = existsSync(docs)
    ? readdirSync(docs, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => relative(ROOT, join(docs, file)))
    : [];
  return ['README.md', ...guides.sort()].map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** The blocks that are marked `ts` or `typescript`. Indented blocks, as in lists, count too. */
export function findFences(page: Page): Fence[] {
  const fences: Fence[] = [];
  let open: { marker: string; indent: string; line: number; lines: string[]; typescript: boolean } | undefined;
  page.text.split('\n').forEach((text, index) => {
    const [, indent = '', marker = '', language = ''] = /^(\s*)(`{3,}|~{3,})\s*(\w*)/.exec(text) ?? [];
    if (open === undefined) {
      if (marker === '') return;
      open = { marker, indent, line: index + 2, lines: [], typescript: /^(ts|typescript)$/.test(language) };
    } else if (marker !== '' && marker.startsWith(open.marker) && language === '') {
      if (open.typescript) fences.push({ page: page.path, line: open.line, code: open.lines.join('\n') });
      open = undefined;
    } else {
      open.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text);
    }
  });
  if (open !== undefined) throw new Error(`${page.path}:${open.line - 1}: the code block is never closed`);
  return fences;
}
