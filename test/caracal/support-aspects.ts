/** Everything of a stack that is compared with the contract's data, by what it is about. */
import { ingressDifferences, scrapeDifferences } from './support-edge';
import { envDifferences, secretDifferences } from './support-env';
import {
  jobDifferences,
  lifecycleDifferences,
  mountDifferences,
  probeDifferences,
  workloadDifferences,
} from './support-pods';
import { podRuleDifferences } from './support-rules';
import {
  connectionDifferences,
  disruptionDifferences,
  resourceDifferences,
  scalingDifferences,
} from './support-scaling';
import { keyDifferences, sharedDifferences, valueDifferences } from './support-secrets';
import type { Built } from './support-world';

/** What must hold, and the differences from it. */
export type Aspect = readonly [title: string, differences: (built: Built) => string[]];

/** Every comparison. */
export const ASPECTS: readonly Aspect[] = [
  ['every pod has the kind, image, command, user and port that its program needs', workloadDifferences],
  ['every program finds its variables, none that it does not read, and no secret among them', envDifferences],
  ['every program mounts the keys that it reads, where it looks for them, and no other key', secretDifferences],
  ['the secret source provides every key that is mounted, and demands no other', keyDifferences],
  ['secret values have their form, URLs carry the right password, and keys are independent', valueDifferences],
  ['a key that several components share is one key of one Secret', sharedDifferences],
  ['every program can write where it must and nowhere else', mountDifferences],
  ['probes ask what the program answers, and give it the time that it takes', probeDifferences],
  ['every pod has time to end its work before it is killed', lifecycleDifferences],
  ['Jobs are bounded, keep their logs and wait for what they need', jobDifferences],
  ['the rules for all pods and Services hold', podRuleDifferences],
  ['requests and limits are the figures of the contract, and every container has them', resourceDifferences],
  ['autoscalers have the bounds and targets of the contract, and nobody else scales', scalingDifferences],
  ['a drain takes one pod at a time and is never blocked', disruptionDifferences],
  ['the connection budget counts every pool, the rollout, the Jobs and what is reserved', connectionDifferences],
  ['Prometheus scrapes every component that has metrics, once, with the credential that it accepts', scrapeDifferences],
  ['what is public is routed under its host, and nothing internal is', ingressDifferences],
];
