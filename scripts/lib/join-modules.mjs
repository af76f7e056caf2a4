/**
 * Joins the pages that typedoc writes, one per entry point, into one document with a table of contents.
 *
 * Each page numbers its anchors for itself (`image`, `constructor-1`), so every anchor and every link to it gets the
 * page's name as a prefix.
 *
 * @param {{ page: string, title: string, markdown: string }[]} modules in the order in which they shall appear;
 *   `page` is the name of the file that links of other pages use, without `.md`
 * @returns {string} one Markdown document without a heading of its own
 */
export function joinModules(modules) {
  const parts = modules.map(({ page, title, markdown }) => ({ page, title, body: withPrefix(page, markdown.trim()) }));
  const contents = parts.flatMap(({ page, title, body }) => [
    `- [\`${title}\`](#${page})`,
    ...namesByGroup(body).map(([group, names]) => `  - ${group}: ${names.join(', ')}`),
  ]);
  const sections = parts.map(({ page, title, body }) => `<a id="${page}"></a>\n\n# \`${title}\`\n\n${body}`);
  return `${[contents.join('\n'), ...sections].join('\n\n')}\n`;
}

function withPrefix(page, markdown) {
  return markdown
    .replaceAll(/<a id="([^"]+)"><\/a>/g, `<a id="${page}-$1"></a>`)
    .replaceAll(/\]\(#([^)]+)\)/g, `](#${page}-$1)`)
    .replaceAll(/\]\(([\w-]+)\.md#([^)]+)\)/g, '](#$1-$2)')
    .replaceAll(/\]\(([\w-]+)\.md\)/g, '](#$1)');
}

/** The exported names of one page by kind: `[['Classes', ['[`Port`](#index-port)']]]`. */
function namesByGroup(body) {
  const groups = new Map();
  let group = '';
  let anchor = '';
  for (const line of body.split('\n')) {
    anchor = /^<a id="([^"]+)">/.exec(line)?.[1] ?? anchor;
    group = /^## (.+)$/.exec(line)?.[1] ?? group;
    const name = /^### (.+)$/.exec(line)?.[1];
    if (name === undefined) continue;
    const plain = name.replace(/\\?<.*$/, '').replaceAll('\\', '');
    groups.set(group, [...(groups.get(group) ?? []), `[\`${plain}\`](#${anchor})`]);
  }
  return [...groups];
}
