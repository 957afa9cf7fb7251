/** What choosing by each ranking would solve, task by task and over all. */
import { bestOf } from '../../../core/candidates/best-of.ts';
import { RANKINGS, type Ranking, type ScoreList } from '../../../core/candidates/candidate.ts';
import { majorityOf, MOST_DRAWN } from '../../../core/candidates/majority.ts';
import { passAtK } from '../../../core/candidates/pass-at-k.ts';
import { taskMeans } from '../../../core/candidates/task-means.ts';
import type { ChoiceCurve, RankingAnswer } from '../../answers/candidates.ts';
import type { ComparedTask, Untold } from './compare.ts';

interface Ranker {
  readonly id: string;
  readonly label: string;
  readonly source: string;
  readonly scoreOf: (task: ComparedTask, candidate: number) => number;
}

const BUILT_IN: Readonly<Record<Ranking, Omit<Ranker, 'id'>>> = {
  votes: {
    label: 'votes',
    source: 'Candidates in its group. Of n drawn, votes are counted among these n.',
    scoreOf: ({ groups }, candidate) => groups.members[groups.of[candidate] ?? -1]?.length ?? Number.NaN,
  },
  tests: {
    label: 'tests passed',
    source: 'Tests that the harness counts. They decide the outcome, too, so this ranking knows more than a model would.',
    scoreOf: ({ candidates }, candidate) => candidates[candidate]?.passed ?? Number.NaN,
  },
  logprob: {
    label: 'mean log-prob',
    source: 'Mean log p of the tokens that its rollout sampled, as the log has it, in nats; the largest first.',
    scoreOf: ({ candidates }, candidate) => candidates[candidate]?.logprob ?? Number.NaN,
  },
  entropy: {
    label: 'mean entropy',
    source: 'Mean entropy of the tokens that its rollout sampled, by the best source of each, in nats; the smallest first.',
    scoreOf: ({ candidates }, candidate) => -(candidates[candidate]?.entropy ?? Number.NaN),
  },
};

export interface Ranked {
  readonly rankings: readonly RankingAnswer[];
  /** task -> candidate -> ranking -> score */
  readonly scores: readonly (readonly Float64Array<ArrayBuffer>[])[];
  /** task -> candidate -> the filter leaves it out */
  readonly isFiltered: readonly (readonly boolean[])[];
  readonly pass: ChoiceCurve;
  readonly resolved: Float64Array<ArrayBuffer>;
}

/** @param pause awaited between steps: gives way, and rejects where nobody waits any more */
export async function rankCandidates(
  tasks: readonly ComparedTask[],
  filter: boolean,
  lists: readonly ScoreList[],
  pause: () => Promise<void>,
): Promise<Ranked> {
  const isFiltered = tasks.map(({ candidates }) => filteredOut(candidates, filter));
  // Figures rest on candidates that are in and of which the outcome is known.
  const known = tasks.map(({ candidates }, t) =>
    candidates.flatMap(({ outcome }, c) => (outcome === 'unknown' || isFiltered[t]?.[c] === true ? [] : [c])),
  );
  const right = (t: number, c: number): number => Number(tasks[t]?.candidates[c]?.outcome === 'resolved');
  const rankers = [...RANKINGS.map((id): Ranker => ({ id, ...BUILT_IN[id] })), ...lists.map(ofList)];
  const all = rankers.map((ranker) => ({ ranker, scores: tasks.map((task) => task.candidates.map((_, c) => ranker.scoreOf(task, c))) }));
  const used = all.filter(({ scores }) => scores.some((of) => of.some((score) => !Number.isNaN(score))));
  const resolvedOf = known.map((of, t) => of.reduce((sum, c) => sum + right(t, c), 0));
  const rankings: RankingAnswer[] = [];
  for (const { ranker, scores } of used) {
    const { id, label, source } = ranker;
    const curves: Float64Array[] = [];
    for (const [t, task] of tasks.entries()) {
      curves.push(curveOf(task, id, known[t] ?? [], scores[t] ?? []));
      await pause();
    }
    const scored = scores.map((of) => of.filter((score) => !Number.isNaN(score)).length);
    rankings.push({
      id,
      label,
      source,
      candidates: scored.reduce((sum, count) => sum + count, 0),
      tasks: scored.filter((count) => count > 0).length,
      curve: await finished(taskMeans(curves), pause),
      chosen: Float64Array.from(tasks, ({ candidates }, t) => chanceOfFirst(candidates, scores[t] ?? [], isFiltered[t] ?? [])),
    });
  }
  const passes = known.map((of, t) => Float64Array.from(of, (_, k) => passAtK(of.length, resolvedOf[t] ?? 0, k + 1)));
  return {
    rankings,
    scores: tasks.map(({ candidates }, t) =>
      candidates.map((_, c) => Float64Array.from(used, ({ scores }) => scores[t]?.[c] ?? Number.NaN)),
    ),
    isFiltered,
    pass: await finished(taskMeans(passes), pause),
    resolved: Float64Array.from(known, (of, t) => (of.length === 0 ? Number.NaN : (resolvedOf[t] ?? 0) / of.length)),
  };
}

/** n − 1 -> chance that the first of n by a ranking is right; empty where none of them has a score. @param of candidates that count */
function curveOf(task: ComparedTask, ranking: string, of: readonly number[], scores: readonly number[]): Float64Array {
  if (!of.some((c) => !Number.isNaN(scores[c] ?? Number.NaN))) return new Float64Array(0);
  if (ranking === 'votes' && of.length <= MOST_DRAWN) return majorityOf(groupsOf(task, of));
  return bestOf(
    of.map((c) => Number(task.candidates[c]?.outcome === 'resolved')),
    of.map((c) => scores[c] ?? Number.NaN),
  );
}

async function finished<T>(steps: Generator<void, T, void>, pause: () => Promise<void>): Promise<T> {
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await pause();
  return step.value;
}

function ofList({ id, label, source, values }: ScoreList): Ranker {
  const scores = new Map<string, number>(values);
  return { id, label, source, scoreOf: ({ candidates }, c) => scores.get(candidates[c]?.key ?? '') ?? Number.NaN };
}

/** Candidates that are known to pass fewer tests than the best of their task. */
function filteredOut(candidates: readonly Untold[], filter: boolean): boolean[] {
  const best = candidates.reduce((most, { passed }) => (passed > most ? passed : most), -Infinity);
  return candidates.map(({ passed }) => filter && passed < best);
}

function groupsOf({ groups, candidates }: ComparedTask, of: readonly number[]): { readonly size: number; readonly right: number }[] {
  const counts = new Map<number, { size: number; right: number }>();
  for (const c of of) {
    // One that has no group is alone.
    const group = groups.of[c] ?? -1;
    const key = group < 0 ? -1 - c : group;
    const count = counts.get(key) ?? { size: 0, right: 0 };
    count.size++;
    count.right += Number(candidates[c]?.outcome === 'resolved');
    counts.set(key, count);
  }
  return [...counts.values()];
}

/** NaN where none has a score, or one that may be chosen has no known outcome. */
function chanceOfFirst(candidates: readonly Untold[], scores: readonly number[], isFiltered: readonly boolean[]): number {
  let best = -Infinity;
  let first: Untold[] = [];
  for (const [c, candidate] of candidates.entries()) {
    const score = scores[c] ?? Number.NaN;
    if (isFiltered[c] === true || Number.isNaN(score) || score < best) continue;
    if (score > best) first = [];
    best = score;
    first.push(candidate);
  }
  if (first.length === 0 || first.some(({ outcome }) => outcome === 'unknown')) return Number.NaN;
  return first.filter(({ outcome }) => outcome === 'resolved').length / first.length;
}
