/** What a forest export was pruned with. */
import type { Budget, PruneRule } from '../core/model/rule.ts';
import type { ModelSource } from '../core/score/model-source.ts';
import type { ScoreWindows } from '../core/score/score-windows.ts';
import type { Protection } from '../core/model/protection.ts';

/** A node by its row in the forest that was exported, over all of its lines. */
export interface NumberedProtection {
  readonly node: number;
  readonly protection: Protection;
}

/** What a forest export was pruned with, and whose token ids it holds. */
export interface Restored {
  readonly rule: PruneRule;
  /** Of an older export: `numbered-hand.ts` turns them into keys once the forest is there. */
  readonly numberedHand: readonly NumberedProtection[];
  readonly budget: Budget;
  readonly tokenizer: string;
  /** The language model that filled in entropy, else null. */
  readonly modelSource: ModelSource | null;
  /** SHA-256 of that model and of its tokenizer, where the line says. */
  readonly modelHashes: { readonly model: string; readonly tokenizer: string } | null;
  readonly modelWindows: ScoreWindows | null;
}
