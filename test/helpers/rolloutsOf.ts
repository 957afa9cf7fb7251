/** All rollouts of files, as they are read back by their addresses. */
import type { Rollout } from '../../src/core/model/rollout.ts';
import type { InputFile } from '../../src/engine/input-file.ts';
import { makeReadBack } from '../../src/engine/read-back.ts';
import { openDataset } from './openDataset.ts';

export async function rolloutsOf(files: readonly InputFile[]): Promise<Rollout[]> {
  const dataset = await openDataset(files);
  const readBack = makeReadBack(dataset, undefined);
  const rollouts: Rollout[] = [];
  for (let i = 0; i < dataset.tokens.rollouts.length; i++) rollouts.push(await readBack.rollout(i));
  return rollouts;
}
