/** All targets: whatever is registered is fuzzed without a word here. */
import { addressTargets } from './targets/address.ts';
import { containerTargets } from './targets/containers.ts';
import { dialectTargets } from './targets/dialects.ts';
import { fileTargets } from './targets/files.ts';
import { filterTargets } from './targets/filters.ts';
import { logTargets } from './targets/logs.ts';
import { readerTargets } from './targets/readers.ts';
import { runFileTargets } from './targets/run-files.ts';
import { textTargets } from './targets/texts.ts';
import { tokenizerTargets } from './targets/tokenizers.ts';
import type { Target } from './target.ts';

export async function allTargets(): Promise<readonly Target[]> {
  return [
    ...logTargets(),
    ...textTargets(),
    ...containerTargets(),
    ...readerTargets(),
    ...dialectTargets(),
    ...(await fileTargets()),
    ...(await runFileTargets()),
    ...addressTargets(),
    ...filterTargets(),
    ...tokenizerTargets(),
  ];
}
