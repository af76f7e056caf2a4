import { bothEnds, isolation, policyTypes, union } from './evaluator-cases-isolation';
import { blocks, peers, selectors } from './evaluator-cases-peers';
import { namedPorts, ports } from './evaluator-cases-ports';
import type { SemanticCase } from './evaluator-world';

/** The semantics of NetworkPolicy, one question each, by topic. */
export const semanticCases: Readonly<Record<string, readonly SemanticCase[]>> = {
  isolation,
  policyTypes,
  'both ends': bothEnds,
  union,
  peers,
  selectors,
  'address blocks': blocks,
  ports,
  'named ports': namedPorts,
};
