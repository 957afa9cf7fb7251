/** Which vocabularies the ids of a log come from, and how many tokens each has. Counts of parts of a log add up. */
import type { RolloutRow } from '../core/model/batch.ts';
import { originOf } from '../core/tokens/token-origin.ts';
import type { Frozen } from '../core/tree/freeze.ts';

/** Ids that the session's tokenizer made of text, or that an input does not speak of. */
export const OWN_IDS = 'text';
/** Ids of the log, by a tokenizer that it does not name; with a name behind it where it does. */
export const LOGGED_IDS = 'logged';

/** @returns `OWN_IDS`, `LOGGED_IDS`, or `LOGGED_IDS`, a blank and the name of the tokenizer */
export function idsOf(row: Pick<RolloutRow, 'tokensFrom' | 'tokenizer'> | undefined, branch: number): string {
  if (originOf(row?.tokensFrom, branch)?.origin !== 'logged') return OWN_IDS;
  return row?.tokenizer === undefined ? LOGGED_IDS : `${LOGGED_IDS} ${row.tokenizer}`;
}

/** whose ids they are, as `idsOf` says -> tokens of the trajectories */
export type IdCounts = ReadonlyMap<string, number>;

export function countIds({ forest, rollouts }: Pick<Frozen, 'forest' | 'rollouts'>): IdCounts {
  const { rollout, branch, tokenCount } = forest.trajectories;
  const counts = new Map<string, number>();
  for (let t = 0; t < forest.trajectories.length; t++) {
    const ids = idsOf(rollouts[rollout[t] ?? 0], branch[t] ?? 0);
    counts.set(ids, (counts.get(ids) ?? 0) + (tokenCount[t] ?? 0));
  }
  return counts;
}

export function addIds(a: IdCounts, b: IdCounts): IdCounts {
  const sum = new Map(a);
  for (const [ids, tokens] of b) sum.set(ids, (sum.get(ids) ?? 0) + tokens);
  return sum;
}
