/** What tokenising a rollout depends on, and what every way of tokenising shares. */
import type { Kind } from '../model/kinds.ts';
import type { Part, RolloutEvent } from '../model/rollout.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { MemoryRule } from './memory-rules.ts';
import type { ChatTemplate } from './template.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Everything tokenising depends on; one per parse worker. */
export interface Tokenisation {
  readonly tokenizer: Tokenizer;
  /** `tokenizer.encode` behind a cache of texts. */
  readonly encode: (text: string) => ArrayLike<number>;
  readonly template: ChatTemplate | null;
  readonly isMemory: MemoryRule;
  /** Blocks that long segments are cut into, tokens; null = off. */
  readonly maxNodeTokens: number | null;
  readonly counts: TokeniseCounts;
  /** Runs of the rollout at hand whose ids were read: those that hold its text, and those that do not. */
  readonly tried: { found: number; missed: number };
}

/**
 * How the trajectories came about; summed over workers for the token source shown.
 * - `loggedTokens`, `textTokens`: tokens of trajectories taken from logged ids, and made from text
 * - `verifiedRuns`, `unverifiedRuns`: logged runs whose decoded text did, or did not, contain the text the log gives
 * - `unplacedLogprobs`: events whose logged token texts could not be placed in their message
 * - `images`: images in the messages of trajectories, of which tokens know only placeholders
 * - `truncatedTurns`: sampled turns that the log cuts off
 * - `impossibleNumbers`: log-probs, entropies, rewards and the like that nothing real can be; they count as unknown
 * - `templateFailures`: branches the model's chat template refused; they were tokenised with the plain template
 * - `hiddenCalls`: calls that the model's chat template leaves out: no token is of them
 */
export const TOKENISE_COUNTS = [
  'loggedTokens',
  'textTokens',
  'verifiedRuns',
  'unverifiedRuns',
  'unplacedLogprobs',
  'templateFailures',
  'hiddenCalls',
  'images',
  'truncatedTurns',
  'impossibleNumbers',
] as const;
export type TokeniseCounts = Record<(typeof TOKENISE_COUNTS)[number], number>;

export function makeTokeniseCounts(): TokeniseCounts {
  return {
    loggedTokens: 0,
    textTokens: 0,
    verifiedRuns: 0,
    unverifiedRuns: 0,
    unplacedLogprobs: 0,
    templateFailures: 0,
    hiddenCalls: 0,
    images: 0,
    truncatedTurns: 0,
    impossibleNumbers: 0,
  };
}

/** A part's kind once the memory rules are applied. */
export function kindOf(part: Part, isMemory: MemoryRule): Kind {
  return part.kind === 'call' && part.tool !== undefined && isMemory(part.tool) ? 'memory' : part.kind;
}

/** Whether an event is a call's answer: nothing of it stands without the rest, and no path ends between the two. */
export function isAnswer(event: RolloutEvent): boolean {
  return event.parts.some((part) => part.kind === 'result');
}

/** Adds tokens to the segment just begun, beginning a further block every `maxNodeTokens`. `atomic`: no path ends between them. */
export function writeBlocks(writer: BatchWriter, ids: ArrayLike<number>, atomic: boolean, maxNodeTokens: number | null): void {
  if (maxNodeTokens === null || ids.length <= maxNodeTokens) {
    writer.addTokens(ids, 0, ids.length);
    return;
  }
  for (let from = 0; from < ids.length; from += maxNodeTokens) {
    if (from > 0) writer.nextBlock(atomic);
    writer.addTokens(ids, from, Math.min(from + maxNodeTokens, ids.length));
  }
}
