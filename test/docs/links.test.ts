import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, readPages, type Page } from './pages';

/** The relative links of a page whose file or heading does not exist. */
function brokenLinks(page: Page): string[] {
  const withoutCode = page.text.replaceAll(/^\s*(`{3,})[\s\S]*?^\s*\1/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !exists(page, target));
}

function exists(page: Page, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page.path : join(dirname(page.path), path);
  if (!existsSync(join(ROOT, file))) return path === '' && anchor !== undefined && anchors(page.text).has(anchor);
  if (anchor === undefined || !file.endsWith('.md')) return true;
  return anchors(path === '' ? page.text : readFileSync(join(ROOT, file), 'utf8')).has(anchor);
}

/** The anchors of a Markdown text: its headings as GitHub names them, and explicit ones. */
function anchors(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]);
}

describe('links between README, docs and files of the project lead somewhere', () => {
  test.each(readPages().map((page): [string, Page] => [page.path, page]))('%s', (_path, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test('a link to a missing file or heading is found', () => {
    const text = '# One heading\n[a](no/such/file.md) [b](#one-heading) [c](#other) [d](package.json)';
    expect(brokenLinks({ path: 'page.md', text })).toEqual(['no/such/file.md', '#other']);
  });
});
