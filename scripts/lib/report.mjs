import { renderTable } from './table.mjs';

/**
 * What `npm run quickstart` prints at its end: a table of the examples, their findings in words, and what to type next.
 *
 * @param {{ name: string, profile: string, objects: object[], findings: object[], folder: string }[]} results
 * @param {string[]} [pulumiExamples] names of the examples that were not run
 */
export function renderReport(results, pulumiExamples = []) {
  const table = renderTable(
    ['Example', 'Profile', 'Objects by kind', 'Findings', 'Files'],
    results.map(({ name, profile, objects, findings, folder }) => [
      name,
      profile,
      countKinds(objects),
      countFindings(findings),
      `${folder}/`,
    ]),
    { 2: 56, 3: 16 },
  );
  return [table, ...results.flatMap(describeFindings), '', nextSteps(results), ...pulumiSteps(pulumiExamples)].join(
    '\n',
  );
}

function countKinds(objects) {
  const counts = new Map();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([kind, count]) => `${count}\u00a0${kind}`);
  return `${objects.length} in all: ${kinds.join(', ')}`;
}

function countFindings(findings) {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const count = (level) => open.filter((finding) => finding.level === level).length;
  const counts = [
    [count('error'), 'error'],
    [count('warning'), 'warning'],
    [findings.length - open.length, 'acknowledged'],
  ].filter(([number]) => number > 0);
  if (counts.length === 0) return 'none';
  return counts
    .map(([number, what]) => `${number} ${what}${number > 1 && what !== 'acknowledged' ? 's' : ''}`)
    .join(', ');
}

function describeFindings({ name, findings }) {
  if (findings.length === 0) return [];
  const lines = findings.map(({ id, level, path, message, acknowledged }) => {
    const state = acknowledged === undefined ? level : `acknowledged (${acknowledged})`;
    return `  ${id} at ${path}, ${state}: ${message}`;
  });
  return ['', `Findings of ${name}:`, ...lines];
}

function nextSteps(results) {
  const first = results.find(({ profile }) => profile === 'dev') ?? results[0];
  const { name, folder, objects } = first;
  const namespace = objects.find(({ metadata }) => metadata?.namespace)?.metadata.namespace ?? name;
  const createsNamespace = objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  return [
    `Next, on a cluster (${name} is the smallest example):`,
    ...(createsNamespace ? [] : [`  kubectl create namespace ${namespace}`]),
    `  kubectl apply --server-side -f ${folder}/`,
    `  kubectl --namespace ${namespace} get pods --watch`,
    'To check everything that needs Node only: npm cit',
    `To change the example: edit examples/${name}/main.ts, then run npm run quickstart again`,
  ].join('\n');
}

function pulumiSteps(names) {
  if (names.length === 0) return [];
  return [
    `With Pulumi (${names.map((name) => `examples/${name}`).join(', ')}): \`pulumi preview\` in that folder;`,
    '  its README says what to install first',
  ];
}
