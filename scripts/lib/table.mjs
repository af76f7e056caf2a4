/**
 * A table of text for a terminal. A non-breaking space keeps two words on one line.
 *
 * @param {string[]} head
 * @param {string[][]} rows
 * @param {Record<number, number>} [widths] the widest that a column may be; longer cells are wrapped at spaces
 */
export function renderTable(head, rows, widths = {}) {
  const cells = [head, ...rows].map((row) => row.map((cell, column) => wrap(cell, widths[column] ?? Infinity)));
  const sizes = head.map((_, column) => Math.max(...cells.flatMap((row) => row[column].map((line) => line.length))));
  const lines = cells.map((row) => {
    const height = Math.max(...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      row
        .map((cell, column) => (cell[line] ?? '').padEnd(sizes[column]))
        .join('  ')
        .trimEnd(),
    ).join('\n');
  });
  const rule = sizes.map((size) => '-'.repeat(size)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n').replaceAll('\u00a0', ' ');
}

function wrap(text, width) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
