import type { IResolver, ResolutionContext } from 'cdk8s';
import { isOutput } from '../core/output';
import { Deferred } from '../core/value';

/** Stands in a rendered object for an Output that no value was made of; the check of places refuses it. */
export const UNWRAPPED = Deferred.create<string>();

/** Lets values stand as they are in objects of the user's own, of which cdk8s renders nothing but plain data. */
export class ObjectValues implements IResolver {
  /** Called by cdk8s for each part of an object. */
  public resolve(context: ResolutionContext): void {
    const value: unknown = context.value;
    if (Deferred.isDeferred(value)) {
      context.replaceValue(value.token);
    } else if (isOutput(value)) {
      context.replaceValue(UNWRAPPED.token);
    }
  }
}
