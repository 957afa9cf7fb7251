/**
 * The judge that a person entered, and what it said. All of it in memory only, the key above all: nothing here is stored, put into the
 * address, a session or a report.
 */
import { create } from 'zustand';
import { DEFAULT_PROMPT } from '../../core/judge/prompt.ts';
import type { ScoreList } from '../../core/candidates/candidate.ts';
import type { JudgeAnswer, JudgeProgress } from '../../engine/answers/judging.ts';
import { DEFAULT_JUDGE } from '../../engine/judge/judge.ts';

export interface JudgeChoices {
  readonly address: string;
  readonly model: string;
  readonly key: string;
  readonly samples: number;
  readonly atOnce: number;
  /** Null: the address's own. */
  readonly temperature: number | null;
  readonly prompt: string;
}

export interface Judged {
  readonly model: string;
  readonly host: string;
  readonly answer: JudgeAnswer;
  readonly list: ScoreList;
}

interface Judging extends JudgeChoices {
  /** Origins that a person has allowed since the page was opened: whoever allowed an encrypted address allowed no plain one. */
  readonly allowed: readonly string[];
  /** What is about to be sent to an origin that is not allowed yet. */
  readonly offered: { readonly host: string; readonly candidates: number; readonly characters: number } | null;
  /** Null: nothing is under way. `total` 0: texts are being read. */
  readonly progress: JudgeProgress | null;
  readonly problem: string | null;
  readonly judged: Judged | null;
  readonly set: (change: Partial<Omit<Judging, 'set'>>) => void;
}

export const useJudging = create<Judging>()((set) => ({
  address: '',
  model: '',
  key: '',
  samples: DEFAULT_JUDGE.samples,
  atOnce: DEFAULT_JUDGE.atOnce,
  temperature: null,
  prompt: DEFAULT_PROMPT,
  allowed: [],
  offered: null,
  progress: null,
  problem: null,
  judged: null,
  set,
}));
