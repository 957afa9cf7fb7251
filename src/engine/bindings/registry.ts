/** All bindings. */
import type { Binding } from './binding.ts';
import { inspectArchive } from './inspect-archive.ts';

export const BINDINGS: readonly Binding[] = [inspectArchive];
