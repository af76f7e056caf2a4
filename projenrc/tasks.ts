import type { typescript } from 'projen';

/** The commands of the project. Each is `npm run <name>`; `npm run` without a name lists them. */
export function configureTasks(project: typescript.TypeScriptProject): void {
  publicInterface(project);
  build(project);
  test(project);
  suites(project);
  plainScripts(project);
}

function publicInterface(project: typescript.TypeScriptProject): void {
  project.addTask('api:update', {
    description: 'Accept a change of the public interface: rewrites etc/*.api.md and API.md',
    steps: [
      { spawn: 'compile' },
      { execArgs: ['node', 'scripts/api-report.mjs', '--update'] },
      { execArgs: ['node', 'scripts/api-docs.mjs', '--update'] },
    ],
  });
  project.addTask('docs:api', {
    description: 'Rewrites API.md from the doc comments',
    execArgs: ['node', 'scripts/api-docs.mjs', '--update'],
  });
}

/** projen's own `build` also runs all tests and rewrites the project files; ours only makes what is published. */
function build(project: typescript.TypeScriptProject): void {
  project.compileTask.reset();
  project.compileTask.execArgs(['node', 'scripts/compile.mjs']);
  project.removeTask('build');
  project.removeTask('package');
  project.addTask('build', {
    description: 'Compiles, then checks the public interface and rewrites API.md',
    steps: [{ spawn: 'compile' }, { execArgs: ['node', 'scripts/api-report.mjs'] }, { spawn: 'docs:api' }],
  });
}

/** Everything that needs Node only. The quick checks come first, so that a slip shows within seconds. */
function test(project: typescript.TypeScriptProject): void {
  project.testTask.reset();
  project.testTask.spawn(project.compileTask);
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['Type-check sources, tests and examples', ['tsc', '--noEmit', '-p', 'tsconfig.dev.json']],
    ['Generated files are those of .projenrc.ts', ['node', 'scripts/check-generated.mjs']],
    ['Public interface is the reviewed one (etc/*.api.md)', ['node', 'scripts/api-report.mjs']],
    ['API.md belongs to the sources', ['node', 'scripts/api-docs.mjs']],
  ];
  for (const [name, command] of steps) project.testTask.execArgs([...command], { name });
  if (project.eslint) project.testTask.spawn(project.eslint.eslintTask);
  project.testTask.execArgs(['node', 'scripts/jest.mjs', 'unit'], { name: 'Tests', receiveArgs: true });
  project.addTask('lint:fix', {
    description: 'Repairs formatting and what else eslint can repair by itself',
    env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
    execArgs: [
      'eslint',
      '--ext',
      '.ts,.mjs',
      '--fix',
      '--no-error-on-unmatched-pattern',
      'src',
      'test',
      'examples',
      'projenrc',
      'scripts',
      '.projenrc.ts',
    ],
  });
  project.addTask('test:coverage', {
    description: 'Runs the Node-only tests with coverage',
    execArgs: ['jest', '--ci', '--coverage', '--coverageReporters=text', '--coverageReporters=lcov'],
    receiveArgs: true,
  });
}

function suites(project: typescript.TypeScriptProject): void {
  for (const [name, description] of [
    ['cluster', 'Runs every example on a real control plane; needs KUBEBUILDER_ASSETS'],
    ['external-secrets', 'Lets the template engine of External Secrets make the Secrets; needs ESO_ASSETS'],
    ['packaging', 'Installs the packed tarball into an empty project and uses it'],
    ['pulumi', 'Runs every Pulumi example with a real engine; needs KUBEBUILDER_ASSETS and PULUMI_ASSETS'],
    ['scanners', 'Lets kube-score judge every production and rc example; needs SCANNER_ASSETS'],
  ] as const) {
    const task = project.addTask(`test:${name}`, { description });
    // These use the package as it is published.
    if (name === 'packaging' || name === 'pulumi') task.spawn(project.compileTask);
    task.execArgs(['node', 'scripts/jest.mjs', name], { receiveArgs: true });
  }
}

/** These run on a fresh clone, where projen is not installed yet, or print tables that projen's log would disturb. */
function plainScripts(project: typescript.TypeScriptProject): void {
  project.package.setScript('quickstart', 'node scripts/quickstart.mjs');
  project.package.setScript('bench', 'node scripts/bench.mjs');
}
