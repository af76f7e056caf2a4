import * as pulumi from '@pulumi/pulumi';
import type { App } from 'cdk8s';
import {
  Component,
  type Deferred,
  ImageRef,
  Peer,
  PlatformStack,
  type PlatformStackProps,
  Port,
  Postgres,
  Redis,
} from '../../src';
import { CaracalStack, type CaracalProductionProps, Telemetry } from '../../src/caracal';
import { type BuildContext, type BuildStack, SelfHosted } from '../../src/pulumi';
import { clusterWith, POSTGRES, publishedProps } from '../caracal/fixture';
import { testComponentSpec, testStackProps } from '../support/ledger';

/**
 * What a Pulumi user's program may and may not write. Each `@ts-expect-error` is an error of its own as soon as its line
 * compiles, and stands beside a line that differs in nothing but what is forbidden. Nothing here is deployed.
 */

const output = pulumi.output('known');
const props: CaracalProductionProps = publishedProps();
const stackProps: PlatformStackProps = testStackProps();

/** Programs that only the compiler reads. */
const programs = (...each: readonly ((context: BuildContext) => unknown)[]): number => each.length;

describe('a value compiles where it may be unknown', () => {
  it('hosts, origins, variables, collectors, buckets', () => {
    const count = programs(
      ({ value }) => Postgres.external({ ...POSTGRES, host: value(output) }),
      ({ value }) => Redis.external({ host: value(output), peer: POSTGRES.peer }),
      ({ value }) => Telemetry.otlp({ host: value(output), peer: POSTGRES.peer }),
      ({ app, value }) =>
        new CaracalStack(app, 'a', { ...props, origins: { console: value(output), sts: value(output) } }),
      ({ app, value }) => new CaracalStack(app, 'a', { ...props, sts: { env: { A: value(output) } } }),
      ({ app, value }) => new CaracalStack(app, 'a', { ...props, pods: { env: { A: value(output) } } }),
      ({ app, value }) =>
        new CaracalStack(app, 'a', {
          ...props,
          auditExport: { bucket: value(output), endpoint: value(output), targets: [] },
        }),
    );
    expect(count).toBeGreaterThan(0);
  });

  it('from an Output, a promise or a text; of a string or a number and of nothing else', () => {
    const count = programs(
      ({ value }) => [value(output), value(Promise.resolve('a')), value('a'), value(pulumi.secret('a'))],
      ({ value }) => value(pulumi.output(5432)),
      // @ts-expect-error -- a number is no host
      ({ value }) => Redis.external({ host: value(pulumi.output(5432)), peer: Peer.cidr('10.20.1.0/24') }),
      // @ts-expect-error -- an Output of a flag
      ({ value }) => value(pulumi.output(true)),
      // @ts-expect-error -- an Output of an object
      ({ value }) => value(pulumi.output({ host: 'a' })),
    );
    expect(count).toBeGreaterThan(0);
  });
});

describe('a value does not compile where its text must be known', () => {
  it('namespaces, instances, labels, selectors', () => {
    const count = programs(
      ({ app }) => new CaracalStack(app, 'a', { ...props, namespace: 'a', instance: 'a' }),
      // @ts-expect-error -- namespace
      ({ app, value }) => new CaracalStack(app, 'a', { ...props, namespace: value(output) }),
      // @ts-expect-error -- created namespace
      ({ app, value }) => new CaracalStack(app, 'a', { ...props, namespace: { name: value(output), create: true } }),
      // @ts-expect-error -- instance
      ({ app, value }) => new CaracalStack(app, 'a', { ...props, instance: value(output) }),
      // @ts-expect-error -- label
      ({ app, value }) => new CaracalStack(app, 'a', { ...props, pods: { labels: { a: value(output) } } }),
      // @ts-expect-error -- selector
      ({ app, value }) => new CaracalStack(app, 'a', { ...props, pods: { nodeSelector: { a: value(output) } } }),
      // @ts-expect-error -- product
      ({ app, value }) => new PlatformStack(app, 'a', { ...stackProps, product: value(output) }),
    );
    expect(count).toBeGreaterThan(0);
  });

  it('images, ports, networks, names of clusters and of components', () => {
    const count = programs(
      () => [ImageRef.of({ repository: 'a', tag: 'a', digest: 'a' }), Port.tcp(1), Peer.cidr('10.0.0.0/8')],
      // @ts-expect-error -- image
      ({ value }) => ImageRef.of({ repository: value(output), tag: 'a', digest: 'a' }),
      // @ts-expect-error -- digest
      ({ value }) => ImageRef.of({ repository: 'a', tag: 'a', digest: value(output) }),
      // @ts-expect-error -- port
      ({ value }) => Port.tcp(value(output)),
      // @ts-expect-error -- network
      ({ value }) => Peer.cidr(value(output)),
      // @ts-expect-error -- port of a database
      ({ value }) => Postgres.external({ ...POSTGRES, port: value(output) }),
      // @ts-expect-error -- cluster
      ({ value }) => clusterWith({ name: value(output) }),
      // @ts-expect-error -- component
      ({ app, value }) => new Component(app, 'a', testComponentSpec({ component: value(output) })),
    );
    expect(count).toBeGreaterThan(0);
  });
});

describe('an Output does not compile where a value does', () => {
  it('since it must go through `value`, which checks it and keeps it secret', () => {
    const count = programs(
      // @ts-expect-error -- host
      () => Postgres.external({ ...POSTGRES, host: output }),
      // @ts-expect-error -- origin
      ({ app }) => new CaracalStack(app, 'a', { ...props, origins: { console: output, sts: 'https://a' } }),
      // @ts-expect-error -- variable
      ({ app }) => new CaracalStack(app, 'a', { ...props, sts: { env: { A: output } } }),
    );
    expect(count).toBeGreaterThan(0);
  });
});

describe('SelfHosted', () => {
  it('knows the stack that the function builds', () => {
    const program = (): string => {
      const { stack } = new SelfHosted('a', ({ app }) => new CaracalStack(app, 'a', props));
      return stack.gateway.serviceName;
    };
    expect(typeof program).toBe('function');
  });

  it('takes a function that returns a stack, now', () => {
    const right: BuildStack<CaracalStack> = ({ app }) => new CaracalStack(app, 'a', props);
    // @ts-expect-error -- returns nothing
    const nothing: BuildStack<CaracalStack> = ({ app }) => void new CaracalStack(app, 'a', props);
    // @ts-expect-error -- asynchronous
    const later: BuildStack<CaracalStack> = async ({ app }) => new CaracalStack(app, 'a', props);
    // @ts-expect-error -- no stack
    const other: BuildStack<App> = ({ app }) => app;
    expect([right, nothing, later, other].map((each) => typeof each)).toEqual(Array(4).fill('function'));
  });

  it('takes options of components and `adopt`, and no other', () => {
    const count = programs(
      ({ app }) =>
        new SelfHosted('a', () => new PlatformStack(app, 'a', stackProps), { adopt: () => true, protect: true }),
      // @ts-expect-error -- an option of custom resources
      ({ app }) => new SelfHosted('a', () => new PlatformStack(app, 'a', stackProps), { import: 'a' }),
    );
    expect(count).toBeGreaterThan(0);
  });

  it('hands out what cannot be rewritten', () => {
    const rewrite = (component: SelfHosted, value: Deferred<string>): void => {
      // @ts-expect-error -- readonly
      component.stack = component.stack;
      // @ts-expect-error -- readonly
      component.services.a = component.services.b;
      // @ts-expect-error -- readonly
      value.token = 'a';
    };
    expect(typeof rewrite).toBe('function');
  });
});
