import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Blocks, blockNames, pagesWithBlocks, withBlocks } from './blocks';
import { ROOT, type Page } from './pages';
import { buildBlocks } from './tables';

const blocks = buildBlocks();
const pages = pagesWithBlocks();

describe('tables in README, docs and examples say what the code says', () => {
  test.each(pages.filter((page) => blockNames(page).length > 0).map((page): [string, Page] => [page.path, page]))(
    '%s; when it differs: npx tsx --tsconfig tsconfig.dev.json scripts/docs-tables.ts',
    (_path, page) => {
      expect(page.text).toBe(withBlocks(page, blocks).text);
    },
  );

  test('every block is shown somewhere, so that none is kept for nothing', () => {
    expect([...new Set(pages.flatMap(blockNames))].sort()).toEqual([...blocks.keys()].sort());
  });

  test('a marker that is opened is closed, or its table would never be compared', () => {
    const opened = pages.filter(
      ({ text }) => text.split('<!-- generated:').length !== text.split('<!-- end of generated').length,
    );
    expect(opened.map(({ path }) => path)).toEqual([]);
  });

  test('a changed cell and an unknown name are noticed', () => {
    const known: Blocks = new Map([['numbers', '| one |']]);
    const page = (name: string, body: string): Page => ({
      path: 'page.md',
      text: `<!-- generated: ${name} -->\n\n${body}\n\n<!-- end of generated -->`,
    });
    expect(withBlocks(page('numbers', '| one |'), known)).toEqual(page('numbers', '| one |'));
    expect(withBlocks(page('numbers', '| two |'), known)).toEqual(page('numbers', '| one |'));
    expect(withBlocks(page('letters', '| a |'), known)).not.toEqual(page('letters', '| a |'));
  });
});

/** Codes of findings in the sources: `<capability>/<problem>` as a text of its own. */
function codesOf(source: string): string[] {
  const capabilities = 'core|network|images|platform|secrets|workload|data|stack|caracal|monitoring|pulumi';
  return [...source.matchAll(new RegExp(`['\`]((?:${capabilities})/[a-z-]+[a-z])['\`]`, 'g'))].map(
    ([, found = '']) => found,
  );
}

function codesInSources(): string[] {
  const folder = join(ROOT, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const text = files
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    // A path of the tree in a doc comment looks the same.
    .map((source) => source.replaceAll(/^\s*\/?\*.*$/gm, ''))
    .join('\n');
  return [...new Set(codesOf(text))].sort();
}

/** Codes that the sources put together from parts. */
const COMPOSED_CODES = [
  'stack/invalid-instance',
  'stack/invalid-namespace',
  'stack/invalid-product',
  'stack/invalid-version',
  'workload/forbidden-volume',
  'workload/invalid-volume',
  'workload/volume-taken',
];

describe('docs/bad-input.md lists every code that a user can meet', () => {
  const page = pages.find(({ path }) => path === 'docs/bad-input.md');
  const listed = [...(page?.text ?? '').matchAll(/^\| `([a-z]+\/[a-z-]+)` \|/gm)].map(([, found = '']) => found);

  test('every code of the sources is in a table, and no code that is gone', () => {
    expect([...new Set(listed)].sort()).toEqual([...new Set([...codesInSources(), ...COMPOSED_CODES])].sort());
  });

  test('codes are found in quotes of both kinds, import paths are not taken for codes', () => {
    expect(codesOf("id: 'network/no-tls', import x from '../network/port'; `data/no-peer`")).toEqual([
      'network/no-tls',
      'data/no-peer',
    ]);
  });
});
