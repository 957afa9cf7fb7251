/** Candidates of tasks as JSON: numbers that are not known are null. */
import type { CandidatesAnswer, ChoiceCurve } from '../../engine/answers/candidates.ts';

export function candidatesJson({ tasks, rankings, pass, resolved, counts, faults }: CandidatesAnswer, rank: string): object {
  const names = (rows: readonly number[]): string[] => rows.map((row) => tasks[row]?.task ?? '');
  return {
    rank,
    counts: { tasks: tasks.length, ...counts, unknownTasks: names(counts.unknownTasks), partlyKnown: names(counts.partlyKnown) },
    pass: curveJson(pass),
    rankings: rankings.map(({ id, label, source, candidates, tasks: scored, curve }) => ({
      id,
      label,
      source,
      candidates,
      tasks: scored,
      ...curveJson(curve),
    })),
    tasks: tasks.map(({ task, label, candidates, groups }, t) => ({
      task,
      label,
      resolved: known(resolved[t]),
      chosen: Object.fromEntries(rankings.map(({ id, chosen }) => [id, known(chosen[t])])),
      candidates: candidates.map(
        ({ key, name, file, copies, outcome, group, isFiltered, scores, length, passed, failed, logprob, entropy }) => ({
          key,
          name,
          file,
          copies,
          outcome,
          group,
          isFiltered,
          length: known(length),
          passed: known(passed),
          failed: known(failed),
          logprob: known(logprob),
          entropy: known(entropy),
          scores: Object.fromEntries(rankings.map(({ id }, r) => [id, known(scores[r])])),
        }),
      ),
      groups: groups.map(({ members, variants, compared }) => ({ members, variants, compared })),
    })),
    faults,
  };
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** n − 1 -> figure. */
function curveJson({ mean, low, high, tasks }: ChoiceCurve): Record<string, readonly (number | null)[]> {
  return { mean: [...mean].map(known), low: [...low].map(known), high: [...high].map(known), tasksAt: [...tasks] };
}
