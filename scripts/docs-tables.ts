/**
 * Rewrites the generated parts of README, docs/ and examples/<name>/README.md from the code:
 * npx tsx --tsconfig tsconfig.dev.json scripts/docs-tables.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pagesWithBlocks, withBlocks } from '../test/docs/blocks';
import { ROOT } from '../test/docs/pages';
import { buildBlocks } from '../test/docs/tables';

const blocks = buildBlocks();
for (const page of pagesWithBlocks()) {
  const { text } = withBlocks(page, blocks);
  if (text !== page.text) {
    writeFileSync(join(ROOT, page.path), text);
    process.stdout.write(`${page.path} is rewritten\n`);
  }
}
