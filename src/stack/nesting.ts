import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../core/errors';
import { Component } from '../workload/component';
import { PodJob } from '../workload/pod-job';
import { chartOf, chartsInside, constructsOf, constructsUpToStacks, objectsOf } from './own-constructs';
import type { PlatformStack } from './platform-stack';

/** So many dependencies are named in one finding; cdk8s multiplies those that it resolves. */
const NAMED = 3;

/** What cannot work where charts stand inside of a stack, or a stack inside of charts. */
export function nestingProblems(stack: PlatformStack): Finding[] {
  return [...misplaced(stack), ...outwardDependencies(stack), ...beforeTheirNamespace(stack)];
}

/** Components take namespace, labels and order from their chart, and all else from their stack: the two must be one. */
function misplaced(stack: PlatformStack): Finding[] {
  return chartsInside(stack).flatMap((chart) =>
    constructsOf(chart)
      .filter((construct) => Component.isComponent(construct) || PodJob.isJob(construct))
      .map(({ node }): Finding => ({
        id: 'stack/component-in-chart',
        level: 'error',
        path: node.path,
        message: `it stands in ${chart.node.path}, a chart of its own inside of the stack: its objects would have neither the namespace nor the labels of the stack`,
        fix: `let ${chart.node.id} extend Construct instead of Chart, or make it a PlatformStack`,
      })),
  );
}

/** cdk8s emits a chart after the charts inside of it, so nothing inside can come after something of the chart around. */
function outwardDependencies(stack: PlatformStack): Finding[] {
  const declared = constructsUpToStacks(stack).flatMap((from) =>
    from.node.dependencies.filter((to) => isAround(chartOf(to), from)).map((to) => ({ from, to })),
  );
  const targets = new Set(declared.map(({ to }) => chartOf(to)));
  return [...targets].map((chart): Finding => {
    const these = declared.filter(({ to }) => chartOf(to) === chart);
    return {
      id: 'stack/outward-dependency',
      level: 'error',
      path: stack.node.path,
      message: `something here was told to come after something of ${chart?.node.path}, and cdk8s emits that chart after those inside of it`,
      ...(these.length > NAMED
        ? {}
        : { given: these.map(({ from, to }) => `${from.node.path} depends on ${to.node.path}`).join('; ') }),
      fix: 'move what must come first into the stack, or put the two charts side by side',
    };
  });
}

function isAround(chart: Chart | undefined, construct: IConstruct): boolean {
  return chart !== undefined && chart !== chartOf(construct) && construct.node.scopes.includes(chart);
}

/** The charts inside are applied before the stack, and so before a namespace that the stack creates. */
function beforeTheirNamespace(stack: PlatformStack): Finding[] {
  const created = objectsOf(stack)
    .filter(({ kind }) => kind === 'Namespace')
    .map(({ name }) => name);
  if (created.length === 0) {
    return [];
  }
  const inside = stack.node
    .findAll()
    .filter((construct): construct is Chart => Chart.isChart(construct) && construct !== (stack as Chart));
  return inside
    .filter((chart) => objectsOf(chart).some(({ metadata }) => created.includes(metadata.namespace ?? '')))
    .map(({ node }): Finding => ({
      id: 'stack/chart-before-namespace',
      level: 'warning',
      path: node.path,
      message: `cdk8s emits this chart before ${stack.node.path}, which creates the namespace that objects of it stand in`,
      fix: 'put the two charts side by side with a dependency of the one on the other, or make its objects inside of the stack',
    }));
}
