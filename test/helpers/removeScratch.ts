/** Run with each file of tests: its worker may be killed before it can remove what it unpacked. */
import { afterAll } from 'vitest';
import { removeScratch } from '../../src/platform/node/scratch.ts';

afterAll(removeScratch);
