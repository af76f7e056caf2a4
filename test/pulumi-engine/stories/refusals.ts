import type { Engine } from '../harness/engine';
import type { Report } from '../harness/report';
import type { PulumiStack } from '../harness/stack';
import type { Timeline } from '../harness/timeline';
import type { World } from '../world';
import { settingsOf, stackOf } from './programs';

/** Programs with mistakes. */
export interface Refused {
  readonly throwing: Promise<Report>;
  readonly twice: Promise<Report>;
}

/** Begins them. */
export function beginRefused(world: World, timeline: Timeline): Refused {
  return {
    throwing: timeline.then('a build function that throws', async () =>
      (await stackOf(world, 'throws', 'throws')).tryUp(),
    ),
    twice: timeline.then('two of one identity', async () => (await stackOf(world, 'twice', 'twice')).tryPreview()),
  };
}

/** A good program, run by somebody who has no cluster. */
export interface Nowhere {
  readonly preview: Promise<Report>;
  readonly up: Promise<Report>;
}

/** Begins it. */
export function beginNowhere(world: World, elsewhere: Engine, timeline: Timeline): Nowhere {
  let stack: PulumiStack;
  return {
    preview: timeline.then('preview', async () => {
      stack = await stackOf(world, 'values', 'nowhere', settingsOf('nowhere', '.databases.example'), elsewhere);
      return stack.tryPreview();
    }),
    up: timeline.then('up', async () => stack.tryUp()),
  };
}
