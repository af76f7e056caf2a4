import { join } from 'node:path';
import ts from 'typescript';
import { ROOT, type Fence } from './pages';

/** A fence that begins with this comment goes on where the last complete program of its page stopped. */
const CONTINUATION = '// continues the program above';

/** Where the fences pretend to lie: below the project's root, so that packages are found. */
const FOLDER = join(ROOT, 'test', 'docs', '.fences');

/** Names that a continuation may use although no program above it on its page declares them. */
const FIXTURE = join(ROOT, 'test', 'docs', 'fixture.ts');

interface Module {
  readonly file: string;
  readonly text: string;
  /** Line of the page minus line of the module, for messages. */
  readonly offset: number;
  readonly fence: Fence;
}

/**
 * Compiles all fences in one program, each as a module of its own, with the compiler options of the project's tests.
 *
 * @returns one line per problem: page, line, message
 */
export function compileFences(fences: readonly Fence[]): string[] {
  const modules = toModules(fences);
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const options = compilerOptions();
  const host = virtualHost(options, new Map(modules.map(({ file, text }) => [file, text])));
  const program = ts.createProgram([...byFile.keys()], options, host);
  return [...byFile.values()].flatMap((module) => {
    const source = program.getSourceFile(module.file);
    return ts
      .getPreEmitDiagnostics(program, source)
      .filter((diagnostic) => diagnostic.file === source)
      .map((diagnostic) => describe(diagnostic, module));
  });
}

function describe(diagnostic: ts.Diagnostic, { fence, offset }: Module): string {
  const position = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
  const line = Math.max(fence.line, (position?.line ?? 0) + offset);
  return `${fence.page}:${line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}`;
}

function toModules(fences: readonly Fence[]): Module[] {
  const modules: Module[] = [];
  let previous: { readonly page: string; readonly from: string; readonly names: readonly string[] } | undefined;
  for (const fence of fences) {
    const name = `${fence.page.replaceAll(/\W/g, '-')}-${fence.line}`;
    const { local, exported } = topLevelNames(fence.code);
    const own = [...local, ...exported];
    let head = '';
    let inherited: readonly string[] = [];
    if (fence.code.trimStart().startsWith(CONTINUATION)) {
      const above = (previous?.page === fence.page ? previous.names : []).filter((known) => !own.includes(known));
      const fixture = fixtureNames().filter((known) => !own.includes(known) && !above.includes(known));
      inherited = [...above, ...fixture];
      // One line, so that the lines of messages are those of the page.
      head = [importLine(above, previous?.from ?? ''), importLine(fixture, '../fixture')].join(' ') + '\n';
    }
    // Whatever the fence declares or imports can be used by the next one.
    const text = `${head}${fence.code}\nexport { ${[...local, ...inherited].join(', ')} };\n`;
    modules.push({ file: join(FOLDER, `${name}.ts`), text, offset: fence.line - (head === '' ? 0 : 1), fence });
    previous = { page: fence.page, from: `./${name}`, names: [...own, ...inherited] };
  }
  return modules;
}

function importLine(names: readonly string[], from: string): string {
  return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${from}';`;
}

/** What a module declares or imports at its top level, apart from what it exports itself. */
function topLevelNames(code: string): { readonly local: string[]; readonly exported: string[] } {
  const local: string[] = [];
  const exported: string[] = [];
  for (const statement of ts.createSourceFile('fence.ts', code, ts.ScriptTarget.ES2022).statements) {
    if (ts.isImportDeclaration(statement)) {
      local.push(...importedNames(statement));
    } else if (ts.isVariableStatement(statement)) {
      const names = statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
      (isExported(statement) ? exported : local).push(...names);
    } else if (isNamedDeclaration(statement) && statement.name !== undefined) {
      (isExported(statement) ? exported : local).push(statement.name.text);
    }
  }
  return { local, exported };
}

type NamedDeclaration =
  ts.ClassDeclaration | ts.FunctionDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.EnumDeclaration;

function isNamedDeclaration(node: ts.Node): node is NamedDeclaration {
  return (
    ts.isClassDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  );
}

function isExported(node: ts.HasModifiers): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  return [
    ...(importClause?.name ? [importClause.name.text] : []),
    ...(bindings && ts.isNamespaceImport(bindings) ? [bindings.name.text] : []),
    ...(bindings && ts.isNamedImports(bindings) ? bindings.elements.map((element) => element.name.text) : []),
  ];
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

function fixtureNames(): string[] {
  const source = ts.createSourceFile('fixture.ts', ts.sys.readFile(FIXTURE) ?? '', ts.ScriptTarget.ES2022);
  return source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap((statement) => statement.declarationList.declarations.flatMap(({ name }) => boundNames(name)));
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), (path) => ts.sys.readFile(path)) as {
    config: { include?: string[] };
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [FIXTURE] }, ts.sys, ROOT);
  return {
    ...options,
    noEmit: true,
    // A fence is an excerpt: it may declare what only its reader uses.
    noUnusedLocals: false,
    noUnusedParameters: false,
    // The names handed from fence to fence are values and types alike.
    isolatedModules: false,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
}

/** Parsed files of the library and of packages: the same for every program, and slow to read. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The release manifest that the programs import from their own folder. */
const MANIFEST = join(ROOT, 'examples', 'caracal-production', 'manifest.json');

/** A host that serves the fences from memory, and the manifest as if it lay beside them. */
function virtualHost(options: ts.CompilerOptions, files: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const virtual = new Map([...files, [join(FOLDER, 'manifest.json'), ts.sys.readFile(MANIFEST) ?? '']]);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists.call(host, path);
  host.readFile = (path) => virtual.get(path) ?? readFile.call(host, path);
  host.directoryExists = (path) => path === FOLDER || (directoryExists?.call(host, path) ?? true);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = virtual.get(path);
    if (text === undefined) {
      if (!parsed.has(path)) parsed.set(path, getSourceFile.call(host, path, languageVersion, ...rest));
      return parsed.get(path);
    }
    return ts.createSourceFile(path, text, languageVersion, true);
  };
  return host;
}
