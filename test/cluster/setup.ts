import { findBinaries } from './harness/binaries';

/** Runs once before the suite: without the programs it ends with one message instead of one for each test. */
export default function setup(): void {
  findBinaries();
}
