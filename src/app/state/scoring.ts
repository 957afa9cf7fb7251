/** What the person chose about scoring: which model, on which device, which tokens, and whether it may start by itself. */
import { create } from 'zustand';
import type { ScoreScope } from '../../core/score/wanted.ts';
import type { ModelChoice } from '../../engine/score/model-choice.ts';
import { keepStored, readStored } from './stored.ts';

export const EXECUTORS = ['auto', 'webgpu', 'wasm'] as const;
export type ExecutorChoice = (typeof EXECUTORS)[number];
export const LENDS = ['alike', 'any', 'none'] as const;
export type LendChoice = (typeof LENDS)[number];

export interface ScoringChoices {
  readonly model: ModelChoice;
  readonly executor: ExecutorChoice;
  /** Which of several weight files; null: the first choice. */
  readonly dtype: string | null;
  readonly scope: ScoreScope;
  /** Sketches of gradients too: what the gradient meter needs, of tokens whose entropy is known as well. */
  readonly sketch: boolean;
  /** A log without entropy is scored unasked where the estimate is short enough. Remembered in this browser. */
  readonly startsByItself: boolean;
  /** Beside which devices idle parse workers help; remembered in this browser. */
  readonly lend: LendChoice;
  /** A scores file that waits until a log is open. */
  readonly waitingScores: Blob | null;
  readonly set: (change: Partial<Omit<ScoringChoices, 'set'>>) => void;
}

const AUTO_KEY = 'espalier-score-by-itself';
const EXECUTOR_KEY = 'espalier-executor';
const LEND_KEY = 'espalier-lend-threads';

export const useScoringChoices = create<ScoringChoices>()((set) => ({
  model: { kind: 'bundled' },
  executor: EXECUTORS.find((executor) => executor === readStored(EXECUTOR_KEY)) ?? 'auto',
  dtype: null,
  scope: 'missing',
  sketch: true,
  startsByItself: readStored(AUTO_KEY) !== 'no',
  lend: LENDS.find((lend) => lend === readStored(LEND_KEY)) ?? 'alike',
  waitingScores: null,
  set(change) {
    if (change.startsByItself !== undefined) keepStored(AUTO_KEY, change.startsByItself ? null : 'no');
    if (change.executor !== undefined) keepStored(EXECUTOR_KEY, change.executor === 'auto' ? null : change.executor);
    if (change.lend !== undefined) keepStored(LEND_KEY, change.lend === 'alike' ? null : change.lend);
    set(change);
  },
}));
