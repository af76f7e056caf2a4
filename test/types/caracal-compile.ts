import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** A program that uses the package, as a user writes it; `statements` stand behind the imports and the fixture. */
export interface Snippet {
  /** Unique name. */
  readonly name: string;
  /** The statements. */
  readonly statements: string;
}

/** Names that every snippet can use: the packages' exports and properties of platforms without a problem. */
const PREAMBLE = `
import { App } from 'cdk8s';
import { Cluster, Deferred, Disruption, Exposure, ImageRef, Names, Peer, PlatformStack, PodSecurity, Port, Postgres, Redis, RegistryMirror, Scaling, SecretSource, Tls, TrustBundle } from 'cdk8s-selfhosted';
import { Api, Audit, AuthMigration, CaracalRelease, CaracalStack, Coordinator, Gateway, Migration, ReplayPersistence, SignIn, Sts, Telemetry, Web, type CaracalDevProps, type CaracalProductionProps } from 'cdk8s-selfhosted/caracal';
declare const app: App;
declare const base: CaracalProductionProps;
declare const later: Deferred<string>;
declare const stack: CaracalStack;
const used: unknown[] = [App, Cluster, Deferred, Disruption, Exposure, ImageRef, Names, Peer, PlatformStack, PodSecurity, Port, Postgres, Redis, RegistryMirror, Scaling, SecretSource, Tls, TrustBundle, Api, Audit, AuthMigration, CaracalRelease, CaracalStack, Coordinator, Gateway, Migration, ReplayPersistence, SignIn, Sts, Telemetry, Web];
`;

/** Compiles snippets with the options of the project's tests and returns the errors of each, as `TS2322: message`. */
export function compile(snippets: readonly Snippet[], change: ts.CompilerOptions = {}): Map<string, string[]> {
  const options = { ...projectOptions(), ...change };
  const files = new Map(
    snippets.map(({ name, statements }) => [fileOf(name), `${PREAMBLE}${statements}\nexport {};\n`]),
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...more) => {
    const text = files.get(file);
    return text === undefined ? getSourceFile(file, language, ...more) : ts.createSourceFile(file, text, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return new Map(
    snippets.map(({ name }) => {
      const source = program.getSourceFile(fileOf(name));
      const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [
        name,
        diagnostics.map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
      ];
    }),
  );
}

function fileOf(name: string): string {
  return join(ROOT, 'test', 'types', `.snippet-${name.replaceAll(/\W+/g, '-')}.ts`);
}

function projectOptions(): ts.CompilerOptions {
  const file = join(ROOT, 'tsconfig.dev.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [] },
    ts.sys,
    dirname(file),
    undefined,
    file,
  );
  return { ...options, noUnusedLocals: false };
}
