import { FAILING_POD } from '../../cluster/harness/kubelet';
import type { Pod } from '../../cluster/harness/objects';
import { listExamples } from '../cases';
import { Project } from '../harness/project';
import type { Report } from '../harness/report';
import { PulumiStack } from '../harness/stack';
import type { Timeline } from '../harness/timeline';
import type { World } from '../world';

/** What an operator meets: migrations that fail, parts of a platform, protection. */
export interface Operations {
  /** An update whose migrations fail. */
  readonly failed: Promise<Report>;
  /** A preview after it. */
  readonly preview: Promise<Report>;
  /** The same update again, with nothing changed but what made the migrations fail. */
  readonly again: Promise<Report>;
  /** A completed Job, named by hand. */
  readonly replaced: Promise<Report>;
  /** A changed setting, with the component as target, then with its objects. */
  readonly targetedComponent: Promise<Report>;
  readonly targetedObjects: Promise<Report>;
  /** The component is protected; then the next release comes. */
  readonly protect: Promise<Report>;
  readonly release: Promise<Report>;
  /** The option is taken out, and the stack destroyed. */
  readonly unprotect: Promise<Report>;
  readonly destroy: Promise<Report>;
}

const NAMESPACE = 'operated';

const COMPONENT = 'cdk8s-selfhosted:index:SelfHosted';

/** Begins it. */
export function beginOperations(world: World, timeline: Timeline): Operations {
  const example = listExamples().find(({ name }) => name === 'pulumi-caracal-dev')!;
  let stack: PulumiStack;
  const urn = (path: string): string => `urn:pulumi:test::${NAMESPACE}::${path}`;
  const protectedBy = 'platform(app, passphrase), { protect: true })';
  return {
    failed: timeline.then('up with migrations that fail', async () => {
      const project = Project.copy(world.engine, world.installed, example.folder, NAMESPACE);
      project.change({ replace: [{ file: 'platform.ts', from: `'pulumi-caracal-dev'`, to: `'${NAMESPACE}'` }] });
      stack = await PulumiStack.create(world.engine, project, 'test', example.settings);
      return withFailingJobs(world, async () => stack.tryUp());
    }),
    preview: timeline.then('preview', async () => stack.tryPreview()),
    again: timeline.then('up again', async () => stack.tryUp()),
    replaced: timeline.then('up --replace', async () => {
      const job = (await stack.resources()).find(({ type }) => type === 'kubernetes:batch/v1:Job')!;
      return stack.tryUp('--replace', job.urn);
    }),
    targetedComponent: timeline.then('up --target of the component', async () => {
      stack.project.change(example.setting.change);
      return stack.tryUp('--target', urn(`${COMPONENT}::caracal`));
    }),
    targetedObjects: timeline.then('up --target of its objects', async () =>
      stack.tryUp('--target', urn(`${COMPONENT}::caracal`), '--target', urn(`${COMPONENT}$**::caracal:**`)),
    ),
    protect: timeline.then('protect', async () => {
      stack.project.change({ replace: [{ file: 'index.ts', from: 'platform(app, passphrase))', to: protectedBy }] });
      return stack.tryUp();
    }),
    release: timeline.then('next release, protected', async () => {
      const { write, replace = [] } = example.release;
      stack.project.change({ ...(write === undefined ? {} : { write }), replace });
      return stack.tryUp();
    }),
    unprotect: timeline.then('without the option', async () => {
      stack.project.change({ replace: [{ file: 'index.ts', from: protectedBy, to: 'platform(app, passphrase))' }] });
      return stack.tryUp();
    }),
    destroy: timeline.then('destroy', async () => stack.destroy()),
  };
}

/** Lets every pod of a Job fail while something runs, as it does where a database cannot be reached. */
async function withFailingJobs<T>({ plane }: World, action: () => Promise<T>): Promise<T> {
  const running = action();
  let ended = false;
  const end = (): void => void (ended = true);
  running.then(end, end);
  while (!ended) {
    const { items } = await plane.client.list<Pod>(`/api/v1/namespaces/${NAMESPACE}/pods`);
    const waiting = items.filter(
      ({ metadata }) =>
        metadata.labels?.['batch.kubernetes.io/job-name'] !== undefined &&
        metadata.annotations?.['kubelet.test/outcome'] === undefined,
    );
    await Promise.allSettled(
      waiting.map(async ({ metadata }) =>
        plane.client.patch(`/api/v1/namespaces/${NAMESPACE}/pods/${metadata.name}`, {
          metadata: { annotations: FAILING_POD },
        }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return running;
}
