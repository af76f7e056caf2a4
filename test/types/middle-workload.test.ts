import {
  Component,
  type ComponentOptions,
  type ComponentSpec,
  Deferred,
  Disruption,
  type JobContent,
  OneShotJob,
  type PlatformStackProps,
  PodSecurity,
  Port,
  Scaling,
  TrustBundle,
} from '../../src';
import { openErrorIds } from '../support/findings';
import { testComponentSpec, testJobContent, testStack, testStackProps } from '../support/ledger';

/**
 * Each line after `@ts-expect-error` must not compile; the compiler says so when it does. What JavaScript passes all the
 * same is refused when the program runs.
 */
const later = new Deferred<string>('<later>', 'props.later');

/** What a stack says about a component with these options. */
function refused(options: ComponentOptions): string[] {
  const stack = testStack();
  new Component(stack, 'server', testComponentSpec(), options);
  return openErrorIds(stack);
}

describe('values come from their factories', () => {
  test('scaling, budgets and relaxations are not literals', () => {
    // @ts-expect-error -- use Scaling.auto
    expect(refused({ scaling: { min: 2, max: 4 } })).toEqual(['core/wrong-type']);
    // @ts-expect-error -- use Disruption.maxUnavailable
    expect(refused({ disruption: { maxUnavailable: 1 } })).toEqual(['core/wrong-type']);
    // @ts-expect-error -- use PodSecurity.relaxed
    expect(refused({ security: { reason: 'because' } })).toEqual(['core/wrong-type']);
    // @ts-expect-error -- a budget is no scaling
    expect(refused({ scaling: Disruption.maxUnavailable(1) })).toEqual(['core/wrong-type']);
    expect(
      refused({
        scaling: Scaling.fixed(2),
        disruption: Disruption.maxUnavailable(1),
        security: PodSecurity.restricted(),
      }),
    ).toEqual([]);
  });

  test('their constructors are private', () => {
    // @ts-expect-error -- private
    expect(() => new Scaling(0, 0, undefined)).not.toThrow();
    // @ts-expect-error -- private
    expect(() => new Disruption({ maxUnavailable: 0 })).not.toThrow();
    // @ts-expect-error -- private
    expect(() => new PodSecurity(false, undefined)).not.toThrow();
    // @ts-expect-error -- private
    expect(() => new TrustBundle('k', 'c', undefined)).not.toThrow();
  });

  test('an autoscaler has both bounds, a relaxation its reason', () => {
    // @ts-expect-error -- no maximum
    expect(() => Scaling.auto({ min: 2, cpuPercent: 50 })).toThrow();
    // @ts-expect-error -- no reason
    expect(() => PodSecurity.relaxed({})).toThrow();
  });
});

describe('options', () => {
  test('have no other properties', () => {
    // @ts-expect-error -- misspelt
    expect(refused({ replicas: 2 })).toEqual(['core/unknown-property']);
    // @ts-expect-error -- misspelt
    expect(refused({ resources: { memroy: '1Gi' } })).toEqual(['core/unknown-property']);
  });

  test('have units', () => {
    // @ts-expect-error -- bytes of what?
    expect(refused({ resources: { memoryLimit: '512' } })).toEqual(['core/invalid-memory']);
    // @ts-expect-error -- a decimal unit is not the binary one
    expect(refused({ resources: { memoryLimit: '1G' } })).toEqual(['core/invalid-memory']);
    // @ts-expect-error -- CPU is text, as Kubernetes writes it
    expect(refused({ resources: { cpu: 1 } })).toEqual(['core/invalid-cpu']);
  });

  test('that must be known at synthesis do not take a value that is not', () => {
    // @ts-expect-error -- labels
    expect(refused({ podLabels: { team: later } })).toEqual(['workload/invalid-metadata']);
    // @ts-expect-error -- node labels
    expect(refused({ nodeSelector: { pool: later } })).toEqual(['workload/invalid-metadata']);
    // @ts-expect-error -- names
    expect(refused({ serviceAccount: { name: later } })).toEqual(['workload/invalid-metadata']);
    expect(refused({ env: { LATER: later } })).toEqual([]);
  });

  test('of components that Jobs do not have', () => {
    const stack = testStack();
    // @ts-expect-error -- a Job does not scale
    new OneShotJob(stack, 'migrate', testJobContent(), { scaling: Scaling.fixed(2) });
    expect(openErrorIds(stack)).toEqual(['core/unknown-property']);
  });
});

describe('specs', () => {
  test('have a port at least', () => {
    // @ts-expect-error -- nothing could be probed
    const none: ComponentSpec['ports'] = [];
    const one: ComponentSpec['ports'] = [{ name: 'http', port: Port.tcp(80) }];
    expect([none.length, one.length]).toEqual([0, 1]);
  });

  test('of Jobs hold no files with known contents, which would not count into the name of the Job', () => {
    // @ts-expect-error -- put them into the environment or the image
    const content: JobContent = { ...testJobContent(), configFiles: [] };
    expect(content.component).toBe('migrate');
  });

  test('name images by ImageRef', () => {
    // @ts-expect-error -- text could be "latest"
    const spec: ComponentSpec = testComponentSpec({ image: 'registry.example.com/ledger/server:latest' });
    expect(spec.component).toBe('server');
  });
});

describe('stacks', () => {
  test('need profile, namespace, cluster and product', () => {
    const { profile: _p, ...noProfile } = testStackProps();
    const { namespace: _n, ...noNamespace } = testStackProps();
    const { cluster: _c, ...noCluster } = testStackProps();
    const { product: _q, ...noProduct } = testStackProps();
    // @ts-expect-error -- no profile
    const a: PlatformStackProps = noProfile;
    // @ts-expect-error -- no namespace
    const b: PlatformStackProps = noNamespace;
    // @ts-expect-error -- no cluster
    const c: PlatformStackProps = noCluster;
    // @ts-expect-error -- no product
    const d: PlatformStackProps = noProduct;
    expect([a, b, c, d].map((props) => Object.keys(props).length)).toEqual([3, 3, 3, 3]);
  });

  test('create a namespace only where that is said', () => {
    // @ts-expect-error -- is it there, or created?
    expect(() => testStack({ namespace: { name: 'books' } })).toThrow();
    // @ts-expect-error -- then its name alone
    expect(() => testStack({ namespace: { name: 'books', create: false } })).toThrow();
    // @ts-expect-error -- names are known at synthesis
    expect(() => testStack({ namespace: later })).toThrow();
    // @ts-expect-error -- names are known at synthesis
    expect(() => testStack({ instance: later })).toThrow();
  });

  test('acknowledge with a reason', () => {
    // @ts-expect-error -- why?
    expect(() => testStack().acknowledge('monitoring/missing', {})).toThrow();
    // @ts-expect-error -- misspelt
    expect(() => testStack().acknowledge('monitoring/missing', { reason: 'x', paht: 'y' })).toThrow();
  });
});
