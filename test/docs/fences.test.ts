import { compileFences } from './compile';
import { findFences, readPages, type Page } from './pages';

const pages = readPages();
const fences = pages.flatMap(findFences);

// One program for all pages: loading the library's types is what costs time.
const problems = compileFences(fences);

describe('every program in README and docs compiles', () => {
  test('README shows at least one program, so that this suite has something to check', () => {
    expect(fences.filter(({ page }) => page === 'README.md').length).toBeGreaterThan(0);
  });

  test.each(pages.map(({ path }) => path))('%s', (path) => {
    expect(problems.filter((problem) => problem.startsWith(`${path}:`))).toEqual([]);
  });
});

describe('the check itself', () => {
  const compile = (...lines: string[]): string[] => {
    const page: Page = { path: 'page.md', text: lines.join('\n') };
    return compileFences(findFences(page));
  };

  test('reports a wrong type with page and line, or it would protect nothing', () => {
    const found = compile('Text.', '', '```ts', 'const a = 1;', "const b: number = 'two';", '```');
    expect(found).toEqual([expect.stringMatching(/^page\.md:5: Type 'string' is not assignable to type 'number'/)]);
  });

  test('reports a name that the package does not export', () => {
    const found = compile('```ts', "import { NoSuchThing } from 'cdk8s-selfhosted';", 'NoSuchThing;', '```');
    expect(found).toEqual([expect.stringMatching(/^page\.md:2: .*NoSuchThing/)]);
  });

  test('a continuation sees what the program above declared, and its problems carry the line of the page', () => {
    const start = ['```ts', 'const port = 8080;', '```', 'More:', '```ts', '// continues the program above'];
    expect(compile(...start, 'const next: number = port;', '```')).toEqual([]);
    expect(compile(...start, 'const next: string = port;', '```')).toEqual([expect.stringMatching(/^page\.md:7: /)]);
  });

  test('a continuation sees imports and exported names too, and may use a name of its own instead', () => {
    const start = ['```ts', "import { App } from 'cdk8s';", 'export const app = new App();', 'const a = 1;', '```'];
    const next = ['```ts', '// continues the program above', "const a: string = 'mine';", 'const b: App = app;', '```'];
    expect(compile(...start, ...next)).toEqual([]);
  });

  test('a continuation may use the names of the fixture, with their real types, on any page', () => {
    const next = ['```ts', '// continues the program above'];
    expect(compile('```ts', 'const a = 1;', '```', ...next, 'export const id = caracal.node.id;', '```')).toEqual([]);
    expect(compile(...next, 'caracal.noSuchThing();', '```')).toEqual([expect.stringMatching(/^page\.md:3: .*noSuch/)]);
  });

  test('a program finds the release manifest in its folder, as the examples do', () => {
    const found = compile('```ts', "import manifest from './manifest.json';", 'manifest.noSuchKey;', '```');
    expect(found).toEqual([expect.stringMatching(/^page\.md:3: Property 'noSuchKey' does not exist/)]);
  });

  test('a program without the comment stands alone', () => {
    const found = compile('```ts', 'const port = 8080;', '```', '```ts', 'export const next = port;', '```');
    expect(found).toEqual([expect.stringMatching(/^page\.md:5: Cannot find name 'port'/)]);
  });

  test('other languages and blocks inside longer fences are left alone', () => {
    expect(compile('```yaml', 'a: 1', '```', '````md', '```ts', 'nonsense nonsense', '```', '````')).toEqual([]);
  });

  test('a block that is never closed is an error, since it would hide everything after it', () => {
    expect(() => compile('```ts', 'const a = 1;')).toThrow('page.md:1: the code block is never closed');
  });
});
