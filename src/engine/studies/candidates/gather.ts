/** Candidates of the open log with their texts: what rollouts handed in, and patches in files beside them. */
import { NONE } from '../../../core/model/kinds.ts';
import { columnOf } from '../../../core/rollouts/columns.ts';
import { measureRollouts } from '../../../core/rollouts/measures.ts';
import type { Dataset } from '../../dataset.ts';
import type { RolloutsAnswer } from '../../answers/rollouts.ts';
import type { SurveyFindings } from '../../surveys/session-surveys.ts';
import type { FoundSubmission } from '../../surveys/submissions.ts';
import { matchCopies } from './copies.ts';
import { LONGEST_PATCH, type Gathered, type GatheredCandidate } from './gathered.ts';
import { outcomeOf, sideCandidates } from './side-candidates.ts';

export async function gatherCandidates(
  dataset: Dataset,
  rollouts: RolloutsAnswer,
  { of: found, unread }: SurveyFindings<FoundSubmission>,
): Promise<Gathered> {
  const unreadWords = unread === null ? [] : [`${unread.rollouts} rollouts could not be read again: ${unread.why}`];
  const ofRollouts = rolloutCandidates(dataset, rollouts, found);
  const side = await sideCandidates(dataset.opening);
  const taskOf = taskNames(dataset);
  const tasks = new Map<string, { own: GatheredCandidate[]; side: (GatheredCandidate & { readonly task: string })[] }>();
  const at = (task: string) => {
    let of = tasks.get(task);
    if (of === undefined) tasks.set(task, (of = { own: [], side: [] }));
    return of;
  };
  for (const [task, candidate] of ofRollouts) at(task).own.push(candidate);
  for (const candidate of side.candidates) at(taskOf(candidate.task)).side.push(candidate);
  const tooLong = [...tasks.values()]
    .flatMap(({ own, side: of }) => [...own, ...of])
    .filter(({ text, length }) => text === null && length > 0);
  const tooLongWords =
    tooLong.length === 0
      ? []
      : [`${tooLong.length} patches have more than ${LONGEST_PATCH} characters: they are compared with nothing, and have no group`];
  const rows = new Map(dataset.tokens.tasks.map(({ key }, row) => [key, row]));
  return {
    tasks: [...tasks]
      .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
      .map(([task, { own, side: of }]) => {
        const row = rows.get(task) ?? NONE;
        return { task, label: dataset.tokens.tasks[row]?.label ?? task, row, candidates: matchCopies(own, of) };
      }),
    named: side.named,
    without: found.filter((each) => each === null).length,
    faults: [...unreadWords, ...side.faults, ...tooLongWords],
  };
}

function rolloutCandidates(
  { tokens, opening }: Dataset,
  rollouts: RolloutsAnswer,
  found: readonly FoundSubmission[],
): (readonly [task: string, GatheredCandidate])[] {
  const numbers = (id: string): Float64Array | undefined => {
    const column = columnOf(rollouts, id);
    return column?.type === 'number' ? column.values : undefined;
  };
  const [entropy, passed, failed] = ['entropy', 'field.tests.passed', 'field.tests.failed'].map(numbers);
  const surprisal = meanSurprisal({ tokens });
  return found.flatMap((submission, r) => {
    const row = tokens.rollouts[r];
    if (submission === null || row === undefined) return [];
    const candidate: GatheredCandidate = {
      key: rollouts.keys[r] ?? '',
      name: row.id,
      file: opening.inputs[row.source]?.path ?? '',
      rollout: r,
      copies: [],
      length: submission.length,
      text: submission.text,
      outcome: outcomeOf(row.reward),
      passed: passed?.[r] ?? Number.NaN,
      failed: failed?.[r] ?? Number.NaN,
      logprob: -(surprisal[r] ?? Number.NaN),
      entropy: entropy?.[r] ?? Number.NaN,
    };
    return [[row.task, candidate] as const];
  });
}

/** rollout -> mean −log p of the tokens it sampled, as the log has it; NaN where it has none. O(tokens) */
function meanSurprisal({ tokens: { forest, rollouts } }: Pick<Dataset, 'tokens'>): Float64Array {
  const sum = new Float64Array(forest.length);
  const known = new Int32Array(forest.length);
  const { surprisal } = forest.channels;
  if (surprisal === null) return new Float64Array(rollouts.length).fill(Number.NaN);
  for (let n = 0; n < forest.length; n++)
    for (let i = forest.edgeStart[n] ?? 0; i < (forest.edgeStart[n + 1] ?? 0); i++) {
      const value = surprisal[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum[n] = (sum[n] ?? 0) + value;
      known[n] = (known[n] ?? 0) + 1;
    }
  return measureRollouts(forest, rollouts.length, { sum, known }).entropy;
}

/** Task of rollouts that an instance of a file is: by its key, or by what stands in that behind a benchmark's name; else the instance. */
function taskNames({ tokens }: Dataset): (instance: string) => string {
  const whole = new Set(tokens.tasks.map(({ key }) => key));
  const byEnd = new Map<string, string | null>();
  for (const key of whole) {
    const end = key.slice(key.lastIndexOf('/') + 1);
    byEnd.set(end, byEnd.has(end) ? null : key);
  }
  return (instance) => (whole.has(instance) ? instance : (byEnd.get(instance) ?? instance));
}
