import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isStack } from '../workload/context';

/**
 * A construct and what stands below it in the same chart, in the order of the tree. A chart inside of a chart has
 * objects, namespace and file of its own: cdk8s counts an object to the nearest chart above it.
 */
export function constructsOf(construct: IConstruct): IConstruct[] {
  return below(construct, (each) => Chart.isChart(each));
}

/** The same with the charts inside of it; what stands in another stack belongs to that one. */
export function constructsUpToStacks(stack: IConstruct): IConstruct[] {
  return below(stack, isStack);
}

/** The chart that a construct belongs to; none above all charts. */
export function chartOf({ node }: IConstruct): Chart | undefined {
  return node.scopes.filter((scope): scope is Chart => Chart.isChart(scope)).at(-1);
}

/** The objects at and below a construct that belong to the same chart. */
export function objectsOf(construct: IConstruct): ApiObject[] {
  return constructsOf(construct).filter((each): each is ApiObject => ApiObject.isApiObject(each));
}

/** The charts inside of a stack, at any depth, that are no stacks and stand in none of their own. */
export function chartsInside(stack: IConstruct): Chart[] {
  return constructsUpToStacks(stack).filter(
    (construct): construct is Chart => Chart.isChart(construct) && construct !== stack,
  );
}

function below(construct: IConstruct, isBorder: (construct: IConstruct) => boolean): IConstruct[] {
  const found: IConstruct[] = [];
  const visit = (each: IConstruct): void => {
    found.push(each);
    each.node.children.filter((child) => !isBorder(child)).forEach(visit);
  };
  visit(construct);
  return found;
}
