/** The verbs of a session about candidates of tasks. */
import { diffWords } from '../../../core/align/word-diff.ts';
import type { CandidateKey } from '../../../core/candidates/candidate.ts';
import type {
  CandidateCounts,
  CandidateDifference,
  CandidatesAnswer,
  CandidatesQuestion,
  CandidateTask,
} from '../../answers/candidates.ts';
import type { RolloutsAnswer } from '../../answers/rollouts.ts';
import { makePause } from '../../pause.ts';
import { submissions } from '../../surveys/submissions.ts';
import type { SurveyProgress } from '../../surveys/session-surveys.ts';
import type { StudyContext } from '../study-context.ts';
import { compareTask, pathsOf, type ComparedTask } from './compare.ts';
import { gatherCandidates } from './gather.ts';
import { LONGEST_PATCH, type Gathered } from './gathered.ts';
import { NO_GRAMMARS, type Grammars } from './grammars.ts';
import { loadGrammars } from './load-grammars.ts';
import { rankCandidates, type Ranked } from './rank.ts';

export interface SessionCandidates {
  /** Rejects with AbortError once `stopStudy('candidates')` is asked, or another question is. */
  candidates(question: CandidatesQuestion, onProgress?: (progress: SurveyProgress) => void): Promise<CandidatesAnswer>;
  /** A candidate's patch as it stands; null: no file or log that is open has its text. */
  candidateText(key: CandidateKey): Promise<string | null>;
  /** What differs in the patches of two candidates, by words; null where one has no text. */
  candidateDifference(left: CandidateKey, right: CandidateKey): Promise<CandidateDifference | null>;
}

const STUDY = 'candidates';
/** Between two breaths, in which cancelling is heard. */
const STEP_MS = 30;

interface Compared {
  /** What was known of the rollouts: another where the log, or what a model scored, is another. */
  readonly of: RolloutsAnswer;
  readonly syntax: boolean;
  readonly tasks: readonly ComparedTask[];
  readonly left: Pick<CandidateCounts, 'without' | 'named'>;
  readonly faults: readonly string[];
}

/** Candidates as they are answered, for whoever has a signal of their own: what is asked so ends no question of the page. */
export type AnswerCandidates = (
  question: CandidatesQuestion,
  signal: AbortSignal,
  onProgress?: (progress: SurveyProgress) => void,
) => Promise<CandidatesAnswer>;

export function makeSessionCandidates({ surveys, rollouts, begin }: StudyContext): {
  readonly verbs: SessionCandidates;
  readonly answer: AnswerCandidates;
} {
  let held: Compared | null = null;
  const gather = async (signal: AbortSignal, onProgress?: (progress: SurveyProgress) => void): Promise<Gathered> => {
    const found = await surveys.ask(submissions, { longest: LONGEST_PATCH }, signal, onProgress);
    return gatherCandidates(found.dataset, rollouts.rollouts(), found);
  };
  const compare = async (syntax: boolean, signal: AbortSignal, onProgress?: (progress: SurveyProgress) => void): Promise<Compared> => {
    const of = rollouts.rollouts();
    if (held?.of === of && held.syntax === syntax) return held;
    const gathered = await gather(signal, onProgress);
    const { grammars, fault } = await grammarsFor(gathered, syntax);
    const tasks: ComparedTask[] = [];
    let last = performance.now();
    for (const task of gathered.tasks) {
      tasks.push(compareTask(task, grammars));
      if (performance.now() - last < STEP_MS) continue;
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      signal.throwIfAborted();
      last = performance.now();
    }
    const damaged = tasks.reduce((sum, task) => sum + task.damaged, 0);
    const faults = [...gathered.faults, ...fault, ...(damaged === 0 ? [] : [damagedWords(damaged)])];
    held = { of, syntax, tasks, left: { without: gathered.without, named: gathered.named }, faults };
    return held;
  };
  const textOf = async (key: CandidateKey, signal: AbortSignal): Promise<string | null> => {
    const { tasks } = await gather(signal);
    for (const { candidates } of tasks) for (const candidate of candidates) if (candidate.key === key) return candidate.text;
    return null;
  };
  const answer: AnswerCandidates = async ({ syntax, filter, scores }, signal, onProgress) => {
    const { tasks, left, faults } = await compare(syntax, signal, onProgress);
    return answerOf(tasks, await rankCandidates(tasks, filter, scores, makePause(signal)), left, faults);
  };
  const verbs: SessionCandidates = {
    candidates: (question, onProgress) => answer(question, begin(STUDY), onProgress),
    candidateText: (key) => textOf(key, begin(`${STUDY}:text`)),
    async candidateDifference(left, right) {
      const signal = begin(`${STUDY}:difference`);
      const [a, b] = [await textOf(left, signal), await textOf(right, signal)];
      return a === null || b === null ? null : diffWords(a, b);
    },
  };
  return { verbs, answer };
}

/** Where grammars cannot be loaded, texts are compared, and it is said. */
async function grammarsFor(
  { tasks }: Gathered,
  syntax: boolean,
): Promise<{ readonly grammars: Grammars; readonly fault: readonly string[] }> {
  if (!syntax) return { grammars: NO_GRAMMARS, fault: [] };
  try {
    return { grammars: await loadGrammars(new Set(tasks.flatMap(pathsOf))), fault: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { grammars: NO_GRAMMARS, fault: [`grammars could not be loaded, so all is compared by text: ${why}`] };
  }
}

function damagedWords(count: number): string {
  const patches = count === 1 ? '1 patch has' : `${count} patches have`;
  return `${patches} lines that fit nowhere, or hunks with other counts than their headers say: what can be read is compared`;
}

function answerOf(tasks: readonly ComparedTask[], ranked: Ranked, left: Compared['left'], faults: readonly string[]): CandidatesAnswer {
  const answered = tasks.map(({ task, label, row, candidates, groups, variants, compared }, t): CandidateTask => ({
    task,
    label,
    row,
    candidates: candidates.map((candidate, c) => ({
      ...candidate,
      group: groups.of[c] ?? -1,
      scores: ranked.scores[t]?.[c] ?? new Float64Array(0),
      isFiltered: ranked.isFiltered[t]?.[c] === true,
    })),
    groups: groups.members.map((members, g) => ({ members, variants: variants[g] ?? 0, compared: compared[g] ?? [] })),
  }));
  const { rankings, pass, resolved } = ranked;
  return { tasks: answered, rankings, pass, resolved, counts: countsOf(answered, left), faults };
}

function countsOf(tasks: readonly CandidateTask[], left: Compared['left']): CandidateCounts {
  const all = tasks.flatMap(({ candidates }) => candidates);
  const having = (outcome: string): number => all.filter((candidate) => candidate.outcome === outcome).length;
  const compared = tasks.flatMap(({ groups }) => groups.flatMap((group) => group.compared));
  const unknownIn = tasks.map(({ candidates }) => candidates.filter(({ outcome }) => outcome === 'unknown').length);
  const rows = (holds: (unknown: number, of: number) => boolean): number[] =>
    tasks.flatMap(({ candidates }, t) => (holds(unknownIn[t] ?? 0, candidates.length) ? [t] : []));
  return {
    candidates: all.length,
    groups: tasks.reduce((sum, { groups }) => sum + groups.length, 0),
    resolved: having('resolved'),
    failed: having('failed'),
    unknown: having('unknown'),
    filtered: all.filter(({ isFiltered }) => isFiltered).length,
    ...left,
    unknownTasks: rows((unknown, of) => unknown === of),
    partlyKnown: rows((unknown, of) => unknown > 0 && unknown < of),
    bySyntax: compared.filter(({ grammar }) => grammar !== null).length,
    byText: compared.filter(({ grammar }) => grammar === null).length,
  };
}
