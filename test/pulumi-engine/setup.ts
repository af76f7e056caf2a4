import { findBinaries } from '../cluster/harness/binaries';
import { findEnginePrograms } from './harness/programs';

/** Runs once before the suite: without the programs it ends with one message instead of one for each test. */
export default function setup(): void {
  const missing = [findBinaries, findEnginePrograms].flatMap((find) => {
    try {
      find();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
  if (missing.length > 0) throw new Error(missing.join('\n'));
}
