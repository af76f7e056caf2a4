import { ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ConfigurationError, type Finding } from '../core/errors';
import { isBranded } from '../core/brand';
import type { Phase } from '../core/phase';
import type { PlatformStack } from '../stack/platform-stack';
import { dependenciesOf } from '../stack/ordering';
import { manifestOf } from '../validation/manifest';
import { Component } from '../workload/component';
import { phaseOf } from '../workload/phase';
import type { BuildStack, ValueOf } from './build';
import { dependencies } from './dependencies';
import { asRunError, DeploymentValues } from './deployment-values';
import { ObjectValues } from './object-values';
import { placeProblems } from './places';
import { claimsOfProgram } from './program';
import type { Manifest } from './resource-class';

/** How a Service is reached inside of the cluster. */
export interface ServiceEndpoint {
  /** Name of the Service. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Host, for clients in any namespace: `caracal-gateway.caracal.svc`. */
  readonly host: string;
  /** Port numbers by the names of the Service's ports. */
  readonly ports: Readonly<Record<string, number>>;
}

/** One object of the stack, ready to be registered. */
export interface PlannedObject {
  readonly object: ApiObject;
  readonly manifest: Manifest;
  readonly phase: Phase;
  /** Positions of the objects that come first. */
  readonly before: readonly number[];
}

/** A stack that passed every check, and all that is registered for it. */
export interface DeploymentPlan<Stack extends PlatformStack> {
  readonly stack: Stack;
  readonly values: DeploymentValues;
  /** In the order of their phases. */
  readonly objects: readonly PlannedObject[];
  readonly services: readonly { component: string; object: ApiObject; endpoint: ServiceEndpoint }[];
  /** Open warnings. */
  readonly warnings: readonly Finding[];
}

/**
 * Builds a stack in an app of its own, checks it and renders its objects. Nothing is registered yet, so a program with a
 * problem leaves nothing behind.
 *
 * @param options What is found of the options of the component.
 * @throws ConfigurationError with every problem.
 */
export function planDeployment<Stack extends PlatformStack>(
  name: string,
  build: BuildStack<Stack>,
  options: readonly Finding[] = [],
): DeploymentPlan<Stack> {
  try {
    refuse(
      `SelfHosted "${name}"`,
      options.filter(({ level }) => level === 'error'),
    );
    return plan(name, build);
  } catch (error) {
    throw isBranded<ConfigurationError>(error, 'ConfigurationError') ? asRunError(error) : error;
  }
}

function plan<Stack extends PlatformStack>(name: string, build: BuildStack<Stack>): DeploymentPlan<Stack> {
  const subject = `SelfHosted "${name}"`;
  const values = new DeploymentValues(subject);
  const app = new App({ resolvers: [new ObjectValues()] });
  const stack = build({ app, value: ((output) => values.defer(output)) as ValueOf });
  refuse(subject, treeProblems(subject, app, stack));
  const ordered = stack.orderedObjects();
  const rendered = ordered.map((object) => ({
    object,
    // Patches are applied after cdk8s has made plain data of everything else.
    manifest: JSON.parse(JSON.stringify(manifestOf(object, stack.cluster))) as Manifest,
    phase: phaseOf(object),
  }));
  refuse(
    subject,
    rendered.flatMap(({ object, manifest }) => placeProblems(object.node.path, manifest)),
  );
  refuse(subject, [...surroundingProblems(app, stack), ...duplicateProblems(rendered)]);
  refuse(subject, claimsOfProgram().add(stack));
  const position = new Map(ordered.map((object, index) => [object, index]));
  const before = dependencies(
    rendered.map(({ object, manifest, phase }) => ({
      manifest,
      phase,
      declared: dependenciesOf(object).flatMap((other) => position.get(other) ?? []),
    })),
  );
  return {
    stack,
    values,
    objects: rendered.map((each, index) => ({ ...each, before: before[index] ?? [] })),
    services: servicesOf(stack, rendered),
    warnings: stack.findings().filter(({ level, acknowledged }) => level === 'warning' && acknowledged === undefined),
  };
}

function refuse(subject: string, findings: readonly Finding[]): void {
  if (findings.length > 0) {
    throw new ConfigurationError(subject, findings);
  }
}

/** What a build function must return, told from what it made. */
function treeProblems(subject: string, app: App, stack: unknown): Finding[] {
  const problem = (id: string, path: string, message: string, fix: string): Finding => ({
    id,
    level: 'error',
    path,
    message,
    fix,
  });
  const charts = app.node.findAll().filter((construct): construct is Chart => Chart.isChart(construct));
  if (!isStack(stack) || stack.node.root !== app) {
    return [
      problem(
        'pulumi/no-stack',
        subject,
        stack instanceof Promise
          ? 'the build function is asynchronous: what it registers would come too late'
          : 'the build function returns no stack that was made in its `app`',
        'return the stack: ({ app, value }) => new CaracalStack(app, "caracal", { ... }); give Outputs to `value` instead of waiting for them',
      ),
    ];
  }
  return charts
    .filter((chart) => chart !== (stack as Chart) && hasObjects(chart))
    .map((chart) =>
      problem(
        'pulumi/foreign-chart',
        chart.node.path,
        'objects of this chart would not be deployed: a component deploys the stack that the build function returns',
        'make its objects inside of the stack, or give it a SelfHosted of its own where it is a stack',
      ),
    );
}

function hasObjects(chart: Chart): boolean {
  return chart.node.findAll().some((construct) => ApiObject.isApiObject(construct) && construct.chart === chart);
}

/** What constructs around the stack say against it; the stack asks those inside of it by itself. */
function surroundingProblems(app: App, stack: PlatformStack): Finding[] {
  const inside = new Set<IConstruct>(stack.node.findAll());
  return app.node
    .findAll()
    .filter((construct) => !inside.has(construct))
    .flatMap((construct) =>
      construct.node.validate().map((message): Finding => ({
        id: 'stack/invalid-construct',
        level: 'error',
        path: construct.node.path,
        message,
        fix: 'see the message of the construct',
      })),
    );
}

/** Objects that would be one resource: patches may rename them, which no rule sees. */
function duplicateProblems(rendered: readonly { object: ApiObject; manifest: Manifest }[]): Finding[] {
  const taken = new Map<string, string>();
  return rendered.flatMap(({ object: { node }, manifest: { apiVersion, kind, metadata } }): Finding[] => {
    const key = JSON.stringify([apiVersion, kind, metadata.namespace, metadata.name]);
    const other = taken.get(key);
    taken.set(key, other ?? node.path);
    return other === undefined
      ? []
      : [
          {
            id: 'stack/duplicate-object',
            level: 'error',
            path: node.path,
            message: `${kind} "${metadata.name}" is emitted by ${other} too`,
            fix: 'give one of the two another name',
          },
        ];
  });
}

function isStack(value: unknown): value is PlatformStack {
  return Chart.isChart(value) && typeof (value as Partial<PlatformStack>).orderedObjects === 'function';
}

function servicesOf(
  stack: PlatformStack,
  rendered: readonly { object: ApiObject; manifest: Manifest }[],
): DeploymentPlan<PlatformStack>['services'] {
  const byName = new Map(
    rendered.filter(({ manifest }) => manifest.kind === 'Service').map((each) => [each.manifest.metadata.name, each]),
  );
  return stack.node
    .findAll()
    .filter((construct): construct is Component => Component.isComponent(construct))
    .flatMap(({ spec, serviceName }) => {
      const service = byName.get(serviceName);
      return service === undefined
        ? []
        : [{ component: spec.component, object: service.object, endpoint: endpointOf(stack, service.manifest) }];
    });
}

function endpointOf(
  { namespaceName: namespace }: PlatformStack,
  { metadata: { name }, spec }: Manifest,
): ServiceEndpoint {
  const { ports = [] } = spec as { ports?: readonly { name?: string; port: number }[] };
  return {
    name,
    namespace,
    host: `${name}.${namespace}.svc`,
    ports: Object.fromEntries(ports.map((port) => [port.name ?? String(port.port), port.port])),
  };
}
