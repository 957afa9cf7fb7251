/** A frozen forest with what it came from: the facts, the task table and the trees that people look at. */
import type { RecordAddress } from '../core/model/address.ts';
import { isAside } from '../core/model/issue.ts';
import type { RolloutRow } from '../core/model/batch.ts';
import type { Forest } from '../core/model/forest.ts';
import { countEvents } from '../core/prune/events.ts';
import { tokenEntropies, tokensBySource } from '../core/signal/entropy.ts';
import { ENTROPY_SOURCES } from '../core/signal/entropy-source.ts';
import { copiesOf } from '../core/rollouts/repeats.ts';
import { freeze, type Frozen } from '../core/tree/freeze.ts';
import { fingerprint } from '../core/tree/fingerprint.ts';
import { measureForest, measureTask, por } from '../core/tree/measure.ts';
import { presetFor } from '../core/rule/presets.ts';
import { ungrouped, type Group } from '../core/rollouts/regard.ts';
import type { WholeLog } from '../core/signal/whole-log.ts';
import type { DatasetFacts, EntropyFacts, Suited, TaskTable, TokenOrigin } from './answers/dataset.ts';
import { suitsCut } from './keep-warnings.ts';
import { kindOf } from './issue-log.ts';
import type { Opening } from './opening-inputs.ts';
import type { OpenedInput } from './opened-input.ts';
import { taskSides } from './task-side.ts';
import type { IdCounts } from './vocabularies.ts';
import type { ModelColumns } from './score/columns.ts';

/** A record of a rollout that paused, merged into the record that goes on with it. */
export interface MergedPart {
  readonly row: RolloutRow;
  readonly into: Pick<RolloutRow, 'source' | 'address'>;
  /** branch -> tokens of it that the record holds */
  readonly tokens: readonly number[];
}

export interface Dataset {
  readonly version: number;
  readonly complete: boolean;
  readonly opening: Opening;
  /** Merged by exact tokens, and by action. */
  readonly tokens: Frozen;
  readonly actions: Frozen;
  readonly tokenizerName: string;
  /** In no order; absent: none. They are not among the rollouts. */
  readonly parts?: readonly MergedPart[];
  /** The log that it is a part of; absent: it is all of it. */
  readonly whole?: WholeLog;
  /** Whose ids the tokens of that log are; absent: as they are here. */
  readonly ids?: IdCounts;
}

export function freezeDataset(opening: Opening, version: number, complete: boolean, tokenizerName: string): Dataset {
  const nameOf = (source: number): string => opening.inputs[source]?.path ?? '';
  const tokens = freeze(opening.tokens, nameOf);
  const rollouts = tokens.rollouts.map((row) => {
    const input = opening.inputs[row.source];
    return input ? { ...row, line: absoluteLine(input, row.address, row.line) } : row;
  });
  const actions = { ...freeze(opening.actions, nameOf), rollouts };
  return { version, complete, opening, tokens: { ...tokens, rollouts }, actions, tokenizerName };
}

/** The same for an input of which no more is read, for any number of lines: O(ranges) once, then O(log ranges). */
export function lineCounter({ ranges }: Pick<OpenedInput, 'ranges'>): (address: RecordAddress, line: number) => number {
  const before = new Float64Array(ranges.length + 1);
  // Behind a range that was not read to its end, nothing is known.
  for (const [index, { lines, isUnread }] of ranges.entries()) before[index + 1] = isUnread === true ? NaN : (before[index] ?? 0) + lines;
  return ({ start }, line) => {
    if (line === 0) return 0;
    let low = 0;
    let high = ranges.length;
    // The last range that begins at or before the address.
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle]?.start ?? Infinity) <= start) low = middle;
      else high = middle;
    }
    const counted = (before[low] ?? 0) + line;
    return Number.isNaN(counted) ? 0 : counted;
  };
}

/** A line number counted from its range's start, counted from the file's start; 0 while a range before it is still being read. */
export function absoluteLine(input: Pick<OpenedInput, 'ranges'>, address: RecordAddress, line: number): number {
  if (line === 0) return 0;
  let before = 0;
  for (const [index, range] of input.ranges.entries()) {
    const next = input.ranges[index + 1];
    if (next === undefined || address.start < next.start) break;
    if (range.isUnread === true) return 0;
    before += range.lines;
  }
  return before + line;
}

/** @param model what a language model computed for it. @param scoreVersion of the session's scores */
export function datasetFacts(dataset: Dataset, model: ModelColumns | null = null, scoreVersion = 0): DatasetFacts {
  const { opening, tokens } = dataset;
  const { forest } = tokens;
  const size = measureForest(forest);
  const shared = por(size);
  const merged = mergedByInput(dataset);
  return {
    version: dataset.version,
    scoreVersion,
    complete: dataset.complete,
    fingerprint: fingerprint(forest),
    inputs: opening.inputs.map((input, index) => ({
      name: input.path,
      file: input.fileName,
      format: input.format?.id ?? null,
      formatLabel: input.format?.label ?? 'not recognised',
      hasMessages: input.format?.hasMessages !== false,
      bytes: input.bytes,
      records: input.records,
      rollouts: input.rollouts,
      mergedCount: merged[index] ?? 0,
      issueCount: input.recordIssues,
      asideCount: asideOf(input),
      noteCount: input.notes,
      refusedBranches: input.counts.templateFailures,
    })),
    unmapped: opening.unmapped,
    tasks: tokens.tasks.length,
    rollouts: tokens.rollouts.length,
    trajectories: forest.trajectories.length,
    tokens: { flat: size.flat, distinct: size.distinct, por: shared, sampled: size.sampledDistinct },
    nodes: forest.length,
    tokenOrigin: tokenOrigin(opening, dataset.tokenizerName),
    entropy: entropyFacts(forest, model),
    joined: joinedFacts(dataset),
    repeated: { merged: dataset.parts?.length ?? 0, copies: copiesOf(forest, tokens.rollouts).length },
    images: opening.counts.images,
    impossibleNumbers: opening.counts.impossibleNumbers,
    refusedBranches: opening.counts.templateFailures,
    rewards: rewardFacts(tokens.rollouts.map((row) => row.reward)),
    events: countEvents(forest),
    suited: suitedFor(suitedCounts(tokens), shared, size.flat),
    issues: opening.inputs.reduce((sum, { recordIssues }) => sum + recordIssues, 0),
    aside: opening.inputs.reduce((sum, input) => sum + asideOf(input), 0),
    notes: opening.inputs.reduce((sum, { notes }) => sum + notes, 0),
    restored: opening.restored && { rule: opening.restored.rule, budget: opening.restored.budget },
  };
}

/** Rewards that files beside the logs give, and what else they say. */
function joinedFacts({ opening: { beside }, tokens }: Dataset): DatasetFacts['joined'] {
  const counts = new Map<string, number>();
  for (const { rewardFrom } of tokens.rollouts) if (rewardFrom !== undefined) counts.set(rewardFrom, (counts.get(rewardFrom) ?? 0) + 1);
  const files = [...counts].map(([name, rollouts]) => ({ name, rollouts })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    rollouts: files.reduce((sum, { rollouts }) => sum + rollouts, 0),
    files,
    references: beside.references.length,
    candidates: beside.candidates.length,
  };
}

/** input -> records merged into rollouts that go on with them */
function mergedByInput({ opening, parts = [] }: Dataset): readonly number[] {
  const counts = opening.inputs.map(() => 0);
  for (const { row } of parts) counts[row.source] = (counts[row.source] ?? 0) + 1;
  return counts;
}

/** Of the records that could not be used, those that hold no rollouts and never could. */
function asideOf({ issueCounts }: Pick<OpenedInput, 'issueCounts'>): number {
  let aside = 0;
  for (const [kind, count] of issueCounts) if (isAside(kindOf(kind))) aside += count;
  return aside;
}

/** What decides which preset suits a log; counts of parts that hold whole tasks add up. */
export interface SuitedCounts {
  readonly isPolicyLog: boolean;
  readonly contrastingTasks: number;
  readonly successes: number;
  readonly rewarded: number;
}

export function suitedCounts({ forest, rollouts }: Pick<Frozen, 'forest' | 'rollouts'>): SuitedCounts {
  const { entropy, entropyLow, surprisal, advantage } = forest.channels;
  const isPolicyLog =
    entropy !== null || entropyLow !== null || surprisal !== null || advantage !== null || rollouts.some((row) => row.advantage !== null);
  const rewards = new Map<string, number[]>();
  let rewarded = 0;
  let successes = 0;
  for (const { task, reward } of rollouts) {
    if (reward === null || Number.isNaN(reward)) continue;
    rewarded++;
    if (reward > 0) successes++;
    const group = rewards.get(task);
    if (group === undefined) rewards.set(task, [reward]);
    else group.push(reward);
  }
  const contrastingTasks = [...rewards.values()].filter((group) => group.some((reward) => reward !== group[0])).length;
  return { isPolicyLog, contrastingTasks, successes, rewarded };
}

export function suitedFor({ isPolicyLog, contrastingTasks, successes, rewarded }: SuitedCounts, shared: number, flat: number): Suited {
  const { id, because } = presetFor({ contrastingTasks, rewards: { known: rewarded, positive: successes }, isPolicyLog });
  return { preset: id, because, contrastingTasks, successes, rewarded, target: suitsCut(shared) ? 'cut' : 'train', shared, flat };
}

/** Of all its tokens. */
export function tokenOriginOf({ opening, tokenizerName }: Pick<Dataset, 'opening' | 'tokenizerName'>): TokenOrigin {
  return tokenOrigin(opening, tokenizerName);
}

function tokenOrigin({ counts, restored }: Pick<Opening, 'counts' | 'restored'>, tokenizer: string): TokenOrigin {
  const isForest = restored !== null && counts.textTokens + counts.loggedTokens === 0;
  return {
    tokenizer: isForest ? restored.tokenizer || tokenizer : tokenizer,
    logged: counts.loggedTokens,
    text: counts.textTokens,
    isVerified: counts.verifiedRuns > 0 && counts.unverifiedRuns === 0,
    isForest,
  };
}

export function entropyFacts(forest: Forest, model: ModelColumns | null): EntropyFacts {
  const by = tokenEntropies(forest, model?.entropy ?? null);
  return entropyOf(tokensBySource(forest, by), model, by.shrinkage?.scale);
}

/** @param counts as `tokensBySource` gives them; those of parts add up */
export function entropyOf(counts: Float64Array, model: ModelColumns | null, modelScale = 1): EntropyFacts {
  const sampled = counts.reduce((sum, tokens) => sum + tokens, 0);
  const sources: EntropyFacts['sources'][number][] = [];
  for (const [index, source] of ENTROPY_SOURCES.entries()) {
    const tokens = counts[index] ?? 0;
    if (tokens > 0 && source !== 'none' && source !== 'mixed') sources.push({ source, tokens });
  }
  const unknown = counts[ENTROPY_SOURCES.indexOf('none')] ?? 0;
  return {
    sources,
    coverage: sampled > 0 ? (sampled - unknown) / sampled : 0,
    model: sources.some(({ source }) => source === 'model' || source === 'combined') ? (model?.source ?? null) : null,
    modelScale,
  };
}

function rewardFacts(rewards: readonly (number | null)[]): DatasetFacts['rewards'] {
  // Added from the least to the largest: no order of files or lines decides what is rounded.
  const known = Float64Array.from(rewards.filter((reward): reward is number => reward !== null && !Number.isNaN(reward))).sort();
  const min = known[0];
  const max = known.at(-1);
  if (min === undefined || max === undefined) return null;
  return { known: known.length, min, mean: known.reduce((sum, reward) => sum + reward, 0) / known.length, max };
}

/** task -> its place among the tasks by their first rollout in the inputs */
function arrivals(rollouts: readonly RolloutRow[], indexOf: ReadonlyMap<string, number>): Int32Array<ArrayBuffer> {
  const places = new Int32Array(indexOf.size).fill(-1);
  let next = 0;
  for (const { task } of rollouts) {
    const index = indexOf.get(task);
    if (index !== undefined && places[index] === -1) places[index] = next++;
  }
  return places;
}

/** @param group what tells groups of a task apart: what is known of a task is known of each */
export function taskTable(dataset: Dataset, group: Group = 'task'): TaskTable {
  const { forest, tasks, rollouts } = dataset.tokens;
  const count = tasks.length;
  const indexOf = new Map(tasks.map((task, index) => [task.key, index]));
  const table = {
    length: count,
    key: tasks.map((task) => task.key),
    label: tasks.map((task) => task.label),
    arrival: arrivals(rollouts, indexOf),
    rollouts: new Int32Array(count),
    trajectories: new Int32Array(count),
    nodes: new Int32Array(count),
    flat: new Float64Array(count),
    distinct: new Float64Array(count),
    sharing: new Float64Array(count),
    rewardMin: new Float64Array(count).fill(NaN),
    rewardMean: new Float64Array(count).fill(NaN),
    rewardMax: new Float64Array(count).fill(NaN),
    rewardStart: new Int32Array(count + 1),
    rewards: new Float64Array(rollouts.length).fill(NaN),
    references: new Int32Array(count),
    candidates: new Int32Array(count),
  };
  const sideOf = taskSides(dataset.opening);
  const byTask: number[][] = tasks.map(() => []);
  for (const row of rollouts) byTask[indexOf.get(row.task) ?? 0]?.push(row.reward ?? NaN);
  for (let t = 0; t < count; t++) {
    const size = measureTask(forest, t);
    const rewards = byTask[t] ?? [];
    const known = rewardFacts(rewards);
    table.rollouts[t] = rewards.length;
    table.trajectories[t] = size.trajectories;
    table.nodes[t] = size.nodes;
    table.flat[t] = size.flat;
    table.distinct[t] = size.distinct;
    table.sharing[t] = por(size);
    if (known) {
      table.rewardMin[t] = known.min;
      table.rewardMean[t] = known.mean;
      table.rewardMax[t] = known.max;
    }
    const start = table.rewardStart[t] ?? 0;
    table.rewards.set(rewards, start);
    table.rewardStart[t + 1] = start + rewards.length;
    const side = sideOf(ungrouped(table.key[t] ?? '', group));
    table.references[t] = side.references.length;
    table.candidates[t] = side.candidates.length;
  }
  return table;
}
