import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** One file of the tarball, as `npm pack` lists it. */
export interface PackedFile {
  readonly path: string;
}

/** An empty project that has installed the packed tarball and its required peers, and nothing else. */
export interface Consumer {
  readonly folder: string;
  /** Files of the tarball. */
  readonly files: readonly string[];
  /** Runs a JavaScript program of the project and returns what it prints. */
  run(file: string, ...args: string[]): string;
  /** Bundles a program and everything that it imports into one file with esbuild; returns the name of that file. */
  bundle(file: string, options?: Readonly<Record<string, unknown>>): string;
  /** Runs the TypeScript compiler over one file; returns what it prints, empty when all is well. */
  compile(file: string, options: Readonly<Record<string, unknown>>): string;
  /** Adds a package, as the project itself has it: a link, since the packages of Pulumi are large. */
  link(name: string): void;
  remove(): void;
}

export function createConsumer(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'packaging-'));
  const { filename, files } = pack(folder);
  cpSync(join(__dirname, 'consumer'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
  const peers = requiredPeers(readManifest(ROOT)).map((name) => `${name}@${installedVersion(name)}`);
  npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`, ...peers);
  return {
    folder,
    files: files.map(({ path }) => path),
    run: (file, ...args) =>
      execFileSync(process.execPath, [join(folder, file), ...args], { cwd: folder, encoding: 'utf8' }),
    bundle: (file, options) => bundle(folder, file, options),
    compile: (file, options) => compile(folder, file, options),
    link: (name) => link(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `package.json` of a folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** What the tests read of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Peers that every user installs, by name. */
export function requiredPeers({ peerDependencies, peerDependenciesMeta }: Manifest): string[] {
  return Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
}

/** Packs the project into a folder; `npm run compile` comes first. */
export function pack(target: string): { readonly filename: string; readonly files: readonly PackedFile[] } {
  const [result] = JSON.parse(npm(ROOT, 'pack', '--json', '--pack-destination', target)) as [
    { filename: string; files: PackedFile[] },
  ];
  return result;
}

/** The versions that the project itself uses, so that npm finds them in its cache. */
function installedVersion(name: string): string {
  return readManifest(join(ROOT, 'node_modules', name)).version;
}

function npm(cwd: string, ...args: string[]): string {
  const program = process.env.npm_execpath;
  const [command, first] = program?.endsWith('.js') ? [process.execPath, [program]] : ['npm', []];
  return execFileSync(command, [...first, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function bundle(folder: string, file: string, options: Readonly<Record<string, unknown>> = {}): string {
  const outfile = 'bundle.cjs';
  // A process of its own: esbuild does not run inside of Jest, whose globals it takes for broken ones.
  const program = 'require(process.argv[1]).buildSync(JSON.parse(process.argv[2]))';
  const settings = { absWorkingDir: folder, entryPoints: [file], outfile, bundle: true, platform: 'node', ...options };
  execFileSync(process.execPath, ['-e', program, esbuild(), JSON.stringify(settings)], { encoding: 'utf8' });
  return outfile;
}

function link(folder: string, name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target);
}

/** The esbuild that tsx brings along. */
function esbuild(): string {
  return createRequire(require.resolve('tsx/package.json')).resolve('esbuild');
}

function compile(folder: string, file: string, options: Readonly<Record<string, unknown>>): string {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      // The empty project has no types of its own; those of Node are borrowed, as cdk8s asks for them.
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 'ES2022',
        types: ['node'],
        typeRoots: [typeRoot()],
        ...options,
      },
      files: [file],
    }),
  );
  try {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    return execFileSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

function typeRoot(): string {
  return join(ROOT, 'node_modules', '@types');
}
