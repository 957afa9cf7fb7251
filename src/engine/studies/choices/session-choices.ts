/** The verbs of a session about candidates that are chosen: what a judge is asked about them, and files of the chosen ones. */
import type { CandidateKey, ScoreList } from '../../../core/candidates/candidate.ts';
import { highestOf, lowestOf, type Rankable } from '../../../core/candidates/choose.ts';
import { predictionsText, type Prediction } from '../../../core/candidates/predictions.ts';
import { NONE } from '../../../core/model/kinds.ts';
import type { NumberColumn } from '../../../core/rollouts/columns.ts';
import { ungrouped } from '../../../core/rollouts/regard.ts';
import type { CandidatesAnswer, CandidatesQuestion, CandidateTask } from '../../answers/candidates.ts';
import type { ChoiceFile, ChoicesAnswer, PredictionsWanted } from '../../answers/choices.ts';
import type { JudgedCandidate } from '../../answers/judging.ts';
import { makeTally } from '../../export/tally.ts';
import { saidOn } from '../../rollouts/said-on.ts';
import { asked, submissions } from '../../surveys/submissions.ts';
import { gatherCandidates } from '../candidates/gather.ts';
import { LONGEST_PATCH } from '../candidates/gathered.ts';
import type { AnswerCandidates } from '../candidates/session-candidates.ts';
import type { StudyContext } from '../study-context.ts';
import { columnRanking, rankingColumns } from './logged-scores.ts';
import { writePairs } from './pairs.ts';

export interface SessionChoices {
  /** Columns of rollouts that can rank their candidates: scores that the log has, of judges, reward models or whatever else. */
  scoreColumns(): readonly Pick<NumberColumn, 'id' | 'label' | 'help'>[];
  /** @param name `column:ID`, or `column:-ID` where the smallest is best; null: no column that can rank has this id */
  columnScores(name: string): ScoreList | null;
  /**
   * Candidates whose text is known and not empty, each with what its task asked, as a judge is told. Filtered ones are left out where
   * the question filters.
   */
  judgedCandidates(question: CandidatesQuestion): Promise<readonly JudgedCandidate[]>;
  /**
   * The candidate that a ranking puts first in each task, as a file; the same bytes for the same log and scores.
   *
   * @param ranking an id of `CandidatesAnswer.rankings`; throws where there is none
   */
  chooseCandidates(question: CandidatesQuestion, ranking: string, file: ChoiceFile): Promise<ChoicesAnswer>;
}

/** Characters of what was asked that are read; what is sent may be shorter. */
const LONGEST_ASKED = 1 << 20;
const STUDY = 'choices';

export function makeSessionChoices(
  { dataset, surveys, rollouts, begin, exporting }: StudyContext,
  candidates: AnswerCandidates,
): SessionChoices {
  /** Of all candidates, read once. */
  const textsOf = async (signal: AbortSignal): Promise<(key: CandidateKey) => string | null> => {
    const found = await surveys.ask(submissions, { longest: LONGEST_PATCH }, signal);
    const { tasks } = await gatherCandidates(found.dataset, rollouts.rollouts(), found);
    const texts = new Map(tasks.flatMap((task) => task.candidates.map(({ key, text }) => [key, text] as const)));
    return (key) => texts.get(key) ?? null;
  };
  /** task, by its key -> what its first rollout that says anything was asked */
  const askedOf = async (signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    const { of } = await surveys.ask(asked, { longest: LONGEST_ASKED }, signal);
    const said = new Map<string, string>();
    for (const [r, { task }] of dataset().tokens.rollouts.entries()) {
      const text = of[r] ?? '';
      if (text !== '' && !said.has(task)) said.set(task, text);
    }
    return said;
  };
  return {
    scoreColumns: () => rankingColumns(rollouts.rollouts()).map(({ id, label, help }) => ({ id, label, help })),
    columnScores: (name) => columnRanking(rollouts.rollouts(), name),
    async judgedCandidates(question) {
      const signal = begin(STUDY);
      const { tasks } = await candidates(question, signal);
      const [textOf, said] = [await textsOf(signal), await askedOf(signal)];
      return tasks.flatMap(({ row, task, candidates: own }) =>
        own.flatMap(({ key, name, isFiltered }): JudgedCandidate[] => {
          const patch = question.filter && isFiltered ? null : textOf(key);
          if (patch === null || patch === '') return [];
          return [{ key, name: `${task}: ${name}`, task: said.get(dataset().tokens.tasks[row]?.key ?? task) ?? null, patch }];
        }),
      );
    },
    async chooseCandidates(question, ranking, file) {
      const signal = begin(STUDY);
      const answer = await candidates(question, signal);
      const at = answer.rankings.findIndex(({ id }) => id === ranking);
      if (at < 0) throw new Error(`expected a ranking of ${answer.rankings.map(({ id }) => id).join(', ')}, found ${ranking}`);
      if (file.kind === 'pairs')
        return pairsOf(answer, at, question.filter, (scores) => writePairs(dataset(), scores, exporting(), signal));
      const textOf = await textsOf(signal);
      const { group } = saidOn(dataset());
      return predictionsOf(answer, at, question.filter, file, { textOf, instanceOf: (task) => instanceOf(ungrouped(task, group)) });
    },
  };
}

/** Scores of a task's candidates, row by row; NaN of those that the filter leaves out. */
function rankables({ candidates }: CandidateTask, ranking: number, filters: boolean): Rankable[] {
  return candidates.map(({ key, scores, isFiltered }) => ({
    key,
    score: filters && isFiltered ? Number.NaN : (scores[ranking] ?? Number.NaN),
  }));
}

function predictionsOf(
  { tasks }: CandidatesAnswer,
  ranking: number,
  filters: boolean,
  { format, model }: PredictionsWanted,
  { textOf, instanceOf }: { readonly textOf: (key: CandidateKey) => string | null; readonly instanceOf: (task: string) => string },
): ChoicesAnswer {
  const rows = new Map<string, Prediction>();
  const left = makeTally();
  let tied = 0;
  for (const task of tasks) {
    const chosen = highestOf(rankables(task, ranking, filters));
    const candidate = task.candidates[chosen?.row ?? -1];
    if (chosen === null || candidate === undefined) {
      left.add('tasks without a score of this ranking');
      continue;
    }
    const patch = candidate.length === 0 ? '' : textOf(candidate.key);
    if (patch === null) {
      left.add('tasks whose chosen patch is not known, or too long');
      continue;
    }
    const instance = instanceOf(task.task);
    // Harnesses take one answer to an instance: of others with its name, as of groups of one task, none is written.
    if (rows.has(instance)) {
      left.add('tasks of an instance that a task before them has, too: not written');
      continue;
    }
    if (patch === '') left.add('chosen patches that are empty, written all the same');
    if (chosen.ties > 0) tied++;
    rows.set(instance, { instance_id: instance, model_name_or_path: model, model_patch: patch });
  }
  return {
    text: predictionsText([...rows.values()], format),
    rows: rows.size,
    tasks: tasks.length,
    written: rows.size,
    tied,
    notes: left.shortfalls(),
  };
}

/** Keys of tasks whose ids mean something within one benchmark have its name in front. */
function instanceOf(task: string): string {
  return task.slice(task.lastIndexOf('/') + 1);
}

async function pairsOf(
  { tasks }: CandidatesAnswer,
  ranking: number,
  filters: boolean,
  write: (scores: ReadonlyMap<number, number>) => ReturnType<typeof writePairs>,
): Promise<ChoicesAnswer> {
  const scores = new Map<number, number>();
  const left = makeTally();
  let [tied, paired] = [0, 0];
  for (const task of tasks) {
    // Of files alone there is nothing that was said.
    const own = rankables(task, ranking, filters).map((each, row) => ({ ...each, rollout: task.candidates[row]?.rollout ?? NONE }));
    const known = own.filter(({ rollout, score }) => rollout !== NONE && !Number.isNaN(score));
    const [best, worst] = [highestOf(known), lowestOf(known)];
    const [chosen, rejected] = [known[best?.row ?? -1], known[worst?.row ?? -1]];
    if (known.length < 2 || !chosen || !rejected) left.add('tasks with fewer than two scored candidates of rollouts');
    else if (chosen.score === rejected.score) left.add('tasks whose candidates all have the same score');
    else {
      if ((best?.ties ?? 0) > 0 || (worst?.ties ?? 0) > 0) tied++;
      paired++;
      scores.set(chosen.rollout, chosen.score).set(rejected.rollout, rejected.score);
    }
  }
  const { notes, ...written } = await write(scores);
  left.add('tasks of which no pair came: the two part at no answer, or have no prompt', paired - written.written);
  return { ...written, tasks: tasks.length, tied, notes: [...left.shortfalls(), ...notes] };
}
