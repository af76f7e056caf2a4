import { ScratchProject } from './scratch-project';

describe('the last line of .ci/run', () => {
  const project = new ScratchProject();
  const suite = (passed: number, failed: number, broken = 0): string =>
    JSON.stringify({
      numPassedTests: passed,
      numFailedTests: failed,
      numRuntimeErrorTestSuites: broken,
      numPendingTests: 0,
      numTodoTests: 0,
    });

  afterAll(() => project.remove());

  test('adds up all suites', () => {
    project.write('results/unit.json', suite(10, 0));
    project.write('results/cluster.json', suite(5, 0));
    expect(project.run('count-tests.mjs', 'results')).toEqual({ code: 0, output: '15 passed, 0 failed\n' });
  });

  test('a failed test, a file that cannot be run and a failed step each make it fail', () => {
    project.write('results/cluster.json', suite(5, 1, 1));
    expect(project.run('count-tests.mjs', 'results')).toEqual({ code: 1, output: '15 passed, 2 failed\n' });
    project.write('results/cluster.json', suite(5, 0));
    const { code, output } = project.run('count-tests.mjs', 'results', 'cit');
    expect(output).toMatch(/Failed steps: cit\n15 passed, 1 failed\n$/);
    expect(code).toBe(1);
  });

  test('no result at all is not success when a step failed before it could write one', () => {
    const { code, output } = project.run('count-tests.mjs', 'nowhere', 'quickstart', 'cit');
    expect(output).toMatch(/0 passed, 2 failed\n$/);
    expect(code).toBe(1);
  });
});
