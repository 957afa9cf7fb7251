/** Candidates of tasks, what is equal among them, and what choosing one by a ranking would solve. */
import type { TextDiff } from '../../core/align/word-diff.ts';
import type { CandidateKey, CandidateNumbers, ScoreList } from '../../core/candidates/candidate.ts';

export interface CandidatesQuestion {
  /** Compare trees of syntax where there is a grammar; otherwise texts without white space and comments. */
  readonly syntax: boolean;
  /** Leave out, task by task, what passes fewer tests than the best of the task does. */
  readonly filter: boolean;
  /** Rankings besides those that need no list. */
  readonly scores: readonly ScoreList[];
}

export const DEFAULT_CANDIDATES: CandidatesQuestion = { syntax: true, filter: false, scores: [] };

export interface CandidateAnswer extends CandidateNumbers {
  readonly key: CandidateKey;
  /** A rollout's id; of a file what tells its candidates apart: a model, a number. */
  readonly name: string;
  /** Path of the input, or of the file beside logs, that holds its patch. */
  readonly file: string;
  /** Row of the rollout, NONE: it is of a file alone. */
  readonly rollout: number;
  /** Files beside logs that hold the same patch of the same run: they are no candidates of their own. */
  readonly copies: readonly string[];
  /** UTF-16 units of the patch; 0: it is empty. */
  readonly length: number;
  /** Row of its task's `groups`, NONE: its text is not known. */
  readonly group: number;
  /** ranking, as in `CandidatesAnswer.rankings` -> its score, the larger the better; NaN unknown */
  readonly scores: Float64Array<ArrayBuffer>;
  /** The filter leaves it out. */
  readonly isFiltered: boolean;
}

/** Candidates that are equal but for white space, comments and the like. */
export interface CandidateGroup {
  /** Rows of the task's candidates. */
  readonly members: readonly number[];
  /** Candidates that are not byte for byte the first. */
  readonly variants: number;
  /** How its files were compared; absent: they were not, because it changes nothing. */
  readonly compared: readonly ComparedFile[];
}

/** How one file of a patch was compared. */
export interface ComparedFile {
  readonly path: string;
  /** Language whose grammar read it; null: by its text. */
  readonly grammar: string | null;
  /** Why by its text, where a grammar was to be used. */
  readonly why: string | null;
}

export interface CandidateTask {
  /** As rollouts or files name it. */
  readonly task: string;
  readonly label: string;
  /** Row of `TaskTable`, NONE: no rollout is of it. */
  readonly row: number;
  /** Rollouts first, in the order of the log; then those of files, by path and place. */
  readonly candidates: readonly CandidateAnswer[];
  /** Largest first, then by the first member. */
  readonly groups: readonly CandidateGroup[];
}

/** A curve over n = 1, 2, …: of n candidates drawn without replacement, how often is the chosen one right. */
export interface ChoiceCurve {
  /** n − 1 -> mean over the tasks that have n candidates of known outcome; NaN: none has */
  readonly mean: Float64Array<ArrayBuffer>;
  /** 95 % interval; NaN where there is none */
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
  /** n − 1 -> tasks */
  readonly tasks: Int32Array<ArrayBuffer>;
}

export interface RankingAnswer {
  readonly id: string;
  readonly label: string;
  readonly source: string;
  /** Candidates and tasks with a score. */
  readonly candidates: number;
  readonly tasks: number;
  readonly curve: ChoiceCurve;
  /** task, as in `CandidatesAnswer.tasks` -> chance that the first of all its candidates is right, ties drawn; NaN unknown */
  readonly chosen: Float64Array<ArrayBuffer>;
}

export interface CandidatesAnswer {
  /** By name. */
  readonly tasks: readonly CandidateTask[];
  /** Built-in ones for which something is known, then those of the question. */
  readonly rankings: readonly RankingAnswer[];
  /** pass@k, which is also the best of n by one who knows the outcomes. */
  readonly pass: ChoiceCurve;
  /** task -> share of its candidates of known outcome that are resolved; NaN: of none it is known */
  readonly resolved: Float64Array<ArrayBuffer>;
  readonly counts: CandidateCounts;
  /** What could not be read, or had more than can be compared: sentences. */
  readonly faults: readonly string[];
}

export interface CandidateCounts {
  readonly candidates: number;
  readonly groups: number;
  readonly resolved: number;
  readonly failed: number;
  readonly unknown: number;
  /** Left out of the figures by the filter. */
  readonly filtered: number;
  /** Rollouts without a patch in their log; they are no candidates. */
  readonly without: number;
  /** Answers that files only name, such as those that solved a task: no candidates either, because nothing tells of how many. */
  readonly named: number;
  /** Tasks of which no candidate has a known outcome, and of which some have none: rows. */
  readonly unknownTasks: readonly number[];
  readonly partlyKnown: readonly number[];
  /** Files of patches by how they were compared. */
  readonly bySyntax: number;
  readonly byText: number;
}

export type CandidateDifference = TextDiff;
