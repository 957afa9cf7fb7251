/** Run with each file of tests: its worker may be killed before it can remove what it unpacked. */
import { afterAll } from 'vitest';

// Imported at the end: what a setup file imports is loaded before a test can put something else in its place.
afterAll(async () => {
  const { removeScratch } = await import('../../src/platform/node/scratch.ts');
  removeScratch();
});
