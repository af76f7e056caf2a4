import { createsNamespace } from '../pods';
import type { Rule } from '../rule';
import { unrestricted } from './not-restricted';

/** Pods that are less locked in than those of the library, in a namespace of which nobody knows what it admits. */
export const unconfinedPod: Rule = {
  id: 'workload/unconfined',
  level: 'warning',
  acknowledgeable: true,
  why: 'it is a way out of the container, and a namespace that enforces Pod Security "restricted" never runs the pod',
  fix: 'set what is missing in securityContext of the pod and of its containers, or let a Component make the pod',
  check: (model) => (createsNamespace(model) ? [] : unrestricted(model)),
};
