/** A forest of the tiny model's ids, and scoring it: shared by the tests in Node and in the browser. */
import type { Forest } from '../../src/core/model/forest.ts';
import type { LanguageModel } from '../../src/core/score/language-model.ts';
import { planScores, type ScoreLimits, type ScorePlan } from '../../src/core/score/plan.ts';
import { runScores, type ScoreOutcome } from '../../src/core/score/run.ts';
import { wantedTokens } from '../../src/core/score/wanted.ts';
import { treeFromText } from './treeFromText.ts';

export const TINY_LIMITS: ScoreLimits = { context: 20, overlap: 6, chunk: 16, batch: 4, cacheTokens: 4000, start: 0 };

/** Branches that share prompts, some side by side, some beyond one window of `TINY_LIMITS`. */
export function tinyForest(): Forest {
  const { forest } = treeFromText(`
    a b c d e F G H I J k l m N O P Q n o p R S T U V W X Y Z
    a b c d e F G H I J k l m N O P Q n o p R S A B
    a b c d e F G H I J k l x Y Z
    a b c d e F G R S
    a b c d e T U V W a b C D E
    -- other
    q r S T
  `);
  return { ...forest, edgeTokens: forest.edgeTokens.map((token) => token % 293) };
}

export interface TinyScores {
  readonly plan: ScorePlan;
  readonly outcome: ScoreOutcome;
  readonly entropy: Float32Array;
  readonly surprisal: Float32Array;
}

/** @param onStep called after every request with the number of scores so far */
export async function scoreForest(
  forest: Forest,
  limits: ScoreLimits,
  models: readonly (() => Promise<LanguageModel>)[],
  onStep: (scored: number) => void = () => undefined,
): Promise<TinyScores> {
  const plan = planScores(forest, wantedTokens(forest, 'sampled'), limits);
  const entropy = new Float32Array(forest.edgeTokens.length).fill(Number.NaN);
  const surprisal = entropy.slice();
  let scored = 0;
  const outcome = await runScores(plan, forest.edgeTokens, {
    models,
    now: () => performance.now() / 1000,
    control: { ready: () => Promise.resolve(), cancelled: false },
    onProgress: () => onStep(scored),
    onFacts: (facts) =>
      facts.at.forEach((at, i) => {
        entropy[at] = facts.entropy[i];
        surprisal[at] = facts.surprisal[i];
        scored++;
      }),
  });
  return { plan, outcome, entropy, surprisal };
}

/** Largest difference in nats; infinite where one knows a figure and the other does not. */
export function largestDifference(a: ArrayLike<number | null>, b: ArrayLike<number | null>): number {
  let largest = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    if (Number.isNaN(x) && Number.isNaN(y)) continue;
    largest = Number.isNaN(x - y) ? Infinity : Math.max(largest, Math.abs(x - y));
  }
  return largest;
}
