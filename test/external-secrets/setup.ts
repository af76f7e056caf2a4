import { findEngine } from './engine';

/** Runs once before the suite: without the program it ends with one message instead of one for each test. */
export default function setup(): void {
  findEngine();
}
