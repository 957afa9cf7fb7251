/** Reads the rollouts of a shard, with their tokens, into a frozen forest; and what is known of the log from all of them. */
import type { RolloutRow, TrajectoryBatch } from '../../core/model/batch.ts';
import { CHANNELS, type Channel } from '../../core/model/batch.ts';
import type { TokenChannels } from '../../core/model/forest.ts';
import { makeTokeniseCounts, TOKENISE_COUNTS, type TokeniseCounts } from '../../core/tokens/tokenisation.ts';
import { actionTrajectories } from '../../core/tree/actions.ts';
import { makeForestBuilder } from '../../core/tree/build.ts';
import { freeze, type Frozen } from '../../core/tree/freeze.ts';
import { measureForest } from '../../core/tree/measure.ts';
import { suitedCounts, type MergedPart, type SuitedCounts } from '../dataset.ts';
import { partsOf } from '../growth/merge-parts.ts';
import { rereadRollouts } from '../growth/reread.ts';
import type { Opening } from '../opening-inputs.ts';
import type { ParsePool } from '../pool.ts';
import { addIds, countIds, type IdCounts } from '../vocabularies.ts';

/** The two forests of a shard, as they are kept on disk: what only growth needs is left out. */
export interface FrozenShard {
  readonly tokens: Omit<Frozen, 'remainder'>;
  readonly actions: Omit<Frozen, 'remainder' | 'rollouts'>;
  readonly parts: readonly MergedPart[];
}

/** Counts over all shards. */
export interface Gathered {
  readonly counts: TokeniseCounts;
  readonly channels: Set<Channel>;
  hasRewards: boolean;
  /** Of the tasks of each shard, in their order. */
  readonly keys: string[][];
  suited: SuitedCounts;
  flat: number;
  distinct: number;
  trajectories: number;
  ids: IdCounts;
  /** Records merged into others. */
  merged: number;
}

export function makeGathered(): Gathered {
  return {
    counts: makeTokeniseCounts(),
    channels: new Set(),
    hasRewards: false,
    keys: [],
    suited: { isPolicyLog: false, contrastingTasks: 0, successes: 0, rewarded: 0 },
    flat: 0,
    distinct: 0,
    trajectories: 0,
    ids: new Map(),
    merged: 0,
  };
}

/** @param rows all of them, with final lines. Rejects where a file has changed since the first pass. */
export async function gatherShard(
  rows: readonly RolloutRow[],
  { inputs }: Opening,
  maxNodeTokens: number | null,
  pool: ParsePool,
  signal: AbortSignal,
  gathered: Gathered,
): Promise<FrozenShard> {
  const frozen = async (of: readonly RolloutRow[], onCounts: (counts: TokeniseCounts) => void): Promise<Omit<FrozenShard, 'parts'>> => {
    const tokens = makeForestBuilder(maxNodeTokens === null ? {} : { maxNodeTokens });
    const actions = makeForestBuilder();
    const add = (batch: TrajectoryBatch): void => {
      tokens.add(batch);
      actions.add(actionTrajectories(batch));
    };
    await rereadRollouts(of, inputs, pool, signal, add, ({ counts }) => onCounts(counts));
    const nameOf = (source: number): string => inputs[source]?.path ?? '';
    const { remainder: _, ...ofTokens } = freeze(tokens, nameOf);
    const { remainder: __, rollouts: ___, ...ofActions } = freeze(actions, nameOf);
    return { tokens: ofTokens, actions: ofActions };
  };
  const all = await frozen(rows, (counts) => {
    for (const key of TOKENISE_COUNTS) gathered.counts[key] += counts[key];
  });
  const { parts, stay } = partsOf(all.tokens, inputs);
  const shard = parts.length === 0 ? all : await frozen(stay, () => undefined);
  gathered.merged += parts.length;
  take(gathered, shard.tokens);
  return { ...shard, parts };
}

function take(gathered: Gathered, frozen: FrozenShard['tokens']): void {
  const { forest } = frozen;
  for (const channel of CHANNELS) if (forest.channels[channel] !== null) gathered.channels.add(channel);
  gathered.hasRewards ||= forest.trajectories.reward.some((reward) => !Number.isNaN(reward));
  gathered.keys.push(frozen.tasks.map(({ key }) => key));
  gathered.ids = addIds(gathered.ids, countIds(frozen));
  const own = suitedCounts(frozen);
  const before = gathered.suited;
  gathered.suited = {
    isPolicyLog: before.isPolicyLog || own.isPolicyLog,
    contrastingTasks: before.contrastingTasks + own.contrastingTasks,
    successes: before.successes + own.successes,
    rewarded: before.rewarded + own.rewarded,
  };
  const { flat, distinct } = measureForest(forest);
  gathered.flat += flat;
  gathered.distinct += distinct;
  gathered.trajectories += forest.trajectories.length;
}

/** A column for each channel that the log has, of NaN where the shard has none: what tells one log from another is the same then. */
export function withChannels({ tokens, actions, parts }: FrozenShard, channels: ReadonlySet<Channel>): FrozenShard {
  const { forest } = tokens;
  const all: { -readonly [C in Channel]: TokenChannels[C] } = { ...forest.channels };
  for (const channel of channels) all[channel] ??= new Float32Array(forest.edgeTokens.length).fill(Number.NaN);
  const spread = channels.has('surprisal') ? new Float32Array(forest.length).fill(Number.NaN) : null;
  return { tokens: { ...tokens, forest: { ...forest, channels: all, surprisalSpread: forest.surprisalSpread ?? spread } }, actions, parts };
}
