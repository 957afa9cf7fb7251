/** Which of the records are written and in what order, by seeded hashes of what they are: no order of lines is in them. */
import { hash128, hash128Of } from '../../base/hash.ts';
import { draftPath, type RecordDraft, type RecordLimits } from '../../core/export/branches.ts';
import type { Extent } from '../../core/export/extent.ts';
import type { Forest } from '../../core/model/forest.ts';
import { nodeKeyOf } from '../../core/model/node-key.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import type { RecordSettings } from '../answers/exporting.ts';
import type { Dataset } from '../dataset.ts';
import { mixingOf, type Mixing, type SaidOfTasks } from './mixing.ts';

export interface RecordChoice {
  readonly choose: RecordLimits['choose'];
  /** Records left out because an earlier one is the same, and to balance the others. */
  readonly counts: { duplicates: number; unbalanced: number; unmixed: number };
  /** What the mix of tags came to; null: none is asked for, or nothing was chosen yet. */
  readonly mixing: () => Mixing | null;
}

type ChoiceSettings = Pick<RecordSettings, 'dedup' | 'balance' | 'mixBy' | 'mixWay' | 'mix' | 'seed'>;

/** Equal records first, then the balance, last the mix: so nothing takes away what the mix has taken. */
export function recordChoice(dataset: Dataset, forest: Forest, said: SaidOfTasks, settings: ChoiceSettings): RecordChoice {
  const { dedup, balance, seed } = settings;
  const counts = { duplicates: 0, unbalanced: 0, unmixed: 0 };
  let mixing: Mixing | null = null;
  if (!dedup && balance === 'off' && settings.mixBy === 'off') return { choose: null, counts, mixing: () => null };
  const keys = dataset.tokens.tasks.map(({ key }) => key);
  const mixed = (records: readonly RecordDraft[], chosen: readonly boolean[]): readonly boolean[] => {
    const ofTask = new Float64Array(keys.length);
    const tasks = records.map(({ extent }) => taskOf(forest, extent.end));
    for (const [i, task] of tasks.entries()) if (chosen[i] === true) ofTask[task] = (ofTask[task] ?? 0) + 1;
    const made = mixingOf(keys, said, ofTask, settings);
    mixing = made;
    if (made === null) return chosen;
    const isMixed = chosen.map((is, i) => is && made.taken[tasks[i] ?? 0] === 1);
    counts.unmixed = chosen.filter((is, i) => is && isMixed[i] !== true).length;
    return isMixed;
  };
  return {
    counts,
    mixing: () => mixing,
    choose(records) {
      const chosen = dedup ? firstOfEach(forest, records) : records.map(() => true);
      counts.duplicates = chosen.filter((is) => !is).length;
      if (balance === 'off') return mixed(records, chosen);
      const isBalanced = balanced(
        records.map((record, i) => (chosen[i] === true ? groupOf(forest, record, balance) : null)),
        records.map(({ trajectory, extent }) => rankOf(dataset, forest, seed, trajectory, extent)),
      );
      counts.unbalanced = isBalanced.filter((is, i) => chosen[i] === true && !is).length;
      return mixed(
        records,
        chosen.map((is, i) => is && isBalanced[i] === true),
      );
    },
  };
}

/** record -> the first of those with its tokens and marks, whatever their tasks */
function firstOfEach(forest: Forest, records: readonly RecordDraft[]): boolean[] {
  const known = new Set<string>();
  return records.map((record) => {
    const hash = contentHash(forest, record);
    const isFirst = !known.has(hash);
    known.add(hash);
    return isFirst;
  });
}

function contentHash(forest: Forest, record: RecordDraft): string {
  const { nodes, marks } = draftPath(forest, record);
  const units: number[] = [];
  for (const [i, n] of nodes.entries()) {
    for (let at = forest.edgeStart[n] ?? 0; at < (forest.edgeStart[n + 1] ?? 0); at++) {
      const id = forest.edgeTokens[at] ?? 0;
      units.push(id & 0xffff, id >>> 16, marks[i] ?? 0);
    }
  }
  return hash128Of(Uint16Array.from(units), units.length);
}

/** The group that a record is balanced in; null: it is in none, and stays. */
function groupOf(forest: Forest, { trajectory, extent }: RecordDraft, by: 'task' | 'outcome'): string | null {
  if (by === 'task') return String(taskOf(forest, extent.end));
  const reward = forest.trajectories.reward[trajectory] ?? Number.NaN;
  return Number.isNaN(reward) ? null : reward > 0 ? 'success' : 'failure';
}

/** As many of each group as the smallest has: those of lowest rank. */
function balanced(groups: readonly (string | null)[], ranks: readonly string[]): boolean[] {
  const members = new Map<string, number[]>();
  for (const [i, group] of groups.entries()) {
    if (group === null) continue;
    const own = members.get(group);
    if (own === undefined) members.set(group, [i]);
    else own.push(i);
  }
  const most = [...members.values()].reduce((least, { length }) => Math.min(least, length), Infinity);
  const chosen = groups.map(() => true);
  for (const own of members.values())
    for (const i of own.toSorted((a, b) => ((ranks[a] ?? '') < (ranks[b] ?? '') ? -1 : 1)).slice(most)) chosen[i] = false;
  return chosen;
}

/** A seeded place of a record among all: by its task, its tokens and its rollout. */
export function rankOf(
  { tokens }: Dataset,
  forest: Forest,
  seed: number,
  trajectory: number,
  { end, head, from, lossFrom }: Extent,
): string {
  const { rollout, branch } = forest.trajectories;
  const { id = '' } = tokens.rollouts[rollout[trajectory] ?? 0] ?? {};
  return hash128([seed, nodeKeyOf(forest.keys, end), head, from, lossFrom, branch[trajectory], id].join('\n'));
}

/** Tasks or records by their ranks. */
export function shuffled(ranks: readonly string[]): Int32Array {
  return Int32Array.from(ranks.keys()).sort((a, b) => ((ranks[a] ?? '') < (ranks[b] ?? '') ? -1 : 1));
}
