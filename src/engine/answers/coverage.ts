/** What a session says of the tags of tasks (docs/axes.md). */
import type { Guesses } from '../../core/axes/guess.ts';
import type { AxisTags } from '../../core/axes/tags.ts';
import type { Unsearched } from './searching.ts';

export interface GuessedTask {
  /** In the table of tasks. */
  readonly row: number;
  readonly key: string;
  /** What tags are said of: the key as the log has it, without what groups it. */
  readonly subject: string;
  readonly label: string;
  readonly rollouts: number;
  readonly guess: Guesses;
  /** What the session was told of it. */
  readonly said: AxisTags;
}

export interface TaskGuesses {
  /** Task row -> its guess. */
  readonly tasks: readonly GuessedTask[];
  /** Rollouts that hold no messages, so that nothing speaks for a tag of theirs. */
  readonly wordless: number;
  readonly unread: Unsearched | null;
}

/** What a budget leaves of each task. */
export interface TaskLoss {
  /** Task row -> distinct tokens with loss. */
  readonly tokens: Float64Array<ArrayBuffer>;
  /** Task row -> its rollouts, without those that acts drop. */
  readonly rollouts: Float64Array<ArrayBuffer>;
}
