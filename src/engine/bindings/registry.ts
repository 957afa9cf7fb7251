/** All bindings. */
import type { Binding } from './binding.ts';
import { browserRun } from './browser-run.ts';
import { callFolders } from './call-files.ts';
import { eventFiles } from './event-files.ts';
import { harborTrial } from './harbor-trial.ts';
import { inspectArchive } from './inspect-archive.ts';
import { opencodeStorage } from './opencode-storage.ts';

/** No two bind one file: a file goes to the first that does. */
export const BINDINGS: readonly Binding[] = [browserRun, callFolders, eventFiles, harborTrial, inspectArchive, opencodeStorage];
