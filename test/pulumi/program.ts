import { runInThisContext } from 'node:vm';
import * as pulumi from '@pulumi/pulumi';
import { decode } from './wire';
import { KNOWN_TOKENS } from './tokens';

/** What a resource asked the engine for, as it went over the wire. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly custom: boolean;
  /** Inputs: plain data, with `UNKNOWN` where a value is not known. */
  readonly inputs: Record<string, unknown>;
  /** Paths of inputs that are marked secret. */
  readonly secrets: readonly string[];
  /** Paths of inputs that are unknown. */
  readonly unknowns: readonly string[];
  /** URN of the parent, empty where there is none. */
  readonly parent: string;
  /** URNs of everything that comes first. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly timeouts: { readonly create: string; readonly update: string; readonly delete: string };
  readonly importId: string;
  /** Aliases: URNs, and names where the engine computes URNs itself. */
  readonly aliases: readonly string[];
  /** Number of transforms that the engine calls back. */
  readonly transforms: number;
  /** Reference of the provider, empty for the default one. */
  readonly provider: string;
  /** References of the providers that a component hands down, by package. */
  readonly providers: Readonly<Record<string, string>>;
}

/** What a program did. */
export interface Outcome<Result> {
  /** What the program returned; undefined where it threw. */
  readonly result: Result | undefined;
  /** Every registration, in the order in which they arrived. */
  readonly registrations: readonly Registration[];
  /** Outputs of components, by URN. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What was logged with `pulumi.log.warn`. */
  readonly warnings: readonly string[];
  /** What was thrown, and what was rejected and handled nowhere, as the language host would print it. */
  readonly errors: readonly unknown[];
}

/** How a program is run. */
export interface RunOptions {
  /** Whether it is a preview: what providers would compute is unknown. */
  readonly preview?: boolean;
  /** Type tokens of the program's own resources, besides those of the library. */
  readonly tokens?: readonly string[];
  /** What the provider computes for a custom resource, besides its inputs. */
  readonly computed?: Readonly<Record<string, unknown>>;
  /** Whether the engine computes the URNs of aliases. @default true */
  readonly aliasSpecs?: boolean;
  /** Whether the engine calls transforms. @default false, as the mocks of the SDK */
  readonly transforms?: boolean;
}

/** Runs a program, waits for everything that it registers, and fails where the program does. */
export async function run<Result>(
  program: () => Result,
  options: RunOptions = {},
): Promise<Outcome<Result> & { readonly result: Awaited<Result> }> {
  const outcome = await attempt(program, options);
  if (outcome.errors.length > 0) {
    throw new AggregateError(outcome.errors, outcome.errors.map(String).join('\n'));
  }
  return outcome as Outcome<Result> & { readonly result: Awaited<Result> };
}

/** The same for a program that may fail: the errors are part of the outcome. */
export async function attempt<Result>(program: () => Result, options: RunOptions = {}): Promise<Outcome<Result>> {
  const { preview = false, tokens = [], computed = {}, aliasSpecs = true, transforms = false } = options;
  const known = new Set([...KNOWN_TOKENS, ...tokens]);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (!known.has(type)) {
          throw new Error(`no resource of the type ${type} is expected, and "${name}" is one`);
        }
        return { id: preview ? undefined : `${name}-id`, state: preview ? inputs : { ...inputs, ...computed } };
      },
      call: ({ token }) => {
        throw new Error(`no function is expected to be called, and ${token} was`);
      },
    },
    'project',
    'stack',
    preview,
  );
  // What an engine can do, as the SDK asks it first; the mocks answer for the newest one.
  Object.assign((globalThis as unknown as { globalStore: object }).globalStore, {
    supportsAliasSpecs: aliasSpecs,
    supportsTransforms: transforms,
  });
  const { registrations, outputs } = recordRequests();
  const warnings: string[] = [];
  const warn = jest.spyOn(pulumi.log, 'warn').mockImplementation(async (text) => void warnings.push(text));
  const rejections = new Rejections();
  const errors: unknown[] = [];
  // The SDK notes a stack for each of its promises; with source maps that would take most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  let result: Result | undefined;
  try {
    result = program();
    await result;
  } catch (error) {
    errors.push(error);
  }
  await Promise.race([pulumi.runtime.disconnect(), rejections.first]);
  await settled(() => registrations.length + rejections.all.length);
  rejections.stop();
  Error.stackTraceLimit = stackTraceLimit;
  warn.mockRestore();
  return { result, registrations, outputs, warnings, errors: [...new Set([...errors, ...rejections.all])] };
}

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;
type Register = Monitor['registerResource'];
type Request = Parameters<Register>[0];

/** Reads requests on their way to the mocks, which are told no options. */
function recordRequests(): { registrations: Registration[]; outputs: Record<string, unknown> } {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource: (request: Request, done: (error: unknown, response?: { getUrn(): string }) => void) => void;
    registerResourceOutputs: (request: OutputsRequest, done: unknown) => void;
  };
  const registrations: Registration[] = [];
  const outputs: Record<string, unknown> = {};
  const { registerResource, registerResourceOutputs } = monitor;
  monitor.registerResource = (request, done) =>
    registerResource.call(monitor, request, (error, response) => {
      if (response !== undefined) {
        registrations.push(registrationOf(request, response.getUrn()));
      }
      done(error, response);
    });
  monitor.registerResourceOutputs = (request, done) => {
    outputs[request.getUrn()] = decode(request.getOutputs()?.toJavaScript()).value;
    registerResourceOutputs.call(monitor, request, done);
  };
  return { registrations, outputs };
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): unknown } | undefined;
}

function registrationOf(request: Request, urn: string): Registration {
  const { value, secrets, unknowns } = decode(request.getObject()?.toJavaScript() ?? {});
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    custom: request.getCustom(),
    inputs: value as Record<string, unknown>,
    secrets,
    unknowns,
    parent: request.getParent(),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect() === true,
    retainOnDelete: request.getRetainondelete() === true,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    timeouts: {
      create: timeouts?.getCreate() ?? '',
      update: timeouts?.getUpdate() ?? '',
      delete: timeouts?.getDelete() ?? '',
    },
    importId: request.getImportid(),
    aliases: [
      ...request.getAliasesList().flatMap((alias) => alias.getSpec()?.getName() || alias.getUrn() || []),
      ...request.getAliasurnsList(),
    ],
    transforms: request.getTransformsList().length,
    provider: request.getProvider(),
    providers: Object.fromEntries(request.getProvidersMap().toArray()),
  };
}

/** Rejections that nobody handles. The language host listens to them; Jest's sandbox keeps them from the test. */
class Rejections {
  public readonly all: unknown[] = [];
  /** Resolves with the first one: a resource that was rejected keeps those behind it waiting for ever. */
  public readonly first: Promise<void>;
  private readonly process = runInThisContext('process') as NodeJS.Process;
  private readonly others = this.process.rawListeners('unhandledRejection') as NodeJS.UnhandledRejectionListener[];

  constructor() {
    this.process.removeAllListeners('unhandledRejection');
    this.first = new Promise((resolve) => {
      this.process.on('unhandledRejection', (error) => {
        this.all.push(error);
        resolve();
      });
    });
  }

  public stop(): void {
    this.process.removeAllListeners('unhandledRejection');
    this.others.forEach((listener) => this.process.on('unhandledRejection', listener));
  }
}

/** Waits until nothing happens any more: the mocks answer at once, so what is possible is done within a turn or two. */
async function settled(count: () => number): Promise<void> {
  let before: number;
  do {
    before = count();
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  } while (count() !== before);
}
