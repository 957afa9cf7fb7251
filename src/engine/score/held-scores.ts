/** Columns that a run begins or goes on in, and what they are in a scores file and out of one. */
import { fitSketches, toRuns } from '../../core/gradient/runs.ts';
import { devicesText, readDevices } from '../../core/score/model-source.ts';
import { leastWindows, windowsOf, type ScoreWindows } from '../../core/score/score-windows.ts';
import type { Scores } from '../../core/score/scores-file.ts';
import type { ScoreLimits } from '../../core/score/plan.ts';
import type { Dataset } from '../dataset.ts';
import type { Held } from './model-columns.ts';
import type { ModelFacts } from './scorer.ts';

/**
 * Columns for a model and a forest.
 * @param found those of this model so far: what an order has seen must not change, so a run goes on in copies
 */
export function beginHeld(dataset: Dataset, by: ModelFacts, limits: ScoreLimits, found: Held | null): Held {
  const windows = windowsOf(limits);
  if (found !== null) return { ...found, ...copied(found), windows: windowsWith(found, windows) };
  const none = (): Float32Array<ArrayBuffer> => new Float32Array(dataset.tokens.forest.edgeTokens.length).fill(NaN);
  return {
    dataset,
    entropy: none(),
    surprisal: none(),
    gradient: none(),
    source: by.source,
    computedBy: [],
    by: { model: by.hash, tokenizer: by.tokenizerHash },
    scored: 0,
    windows,
    sketches: null,
  };
}

function copied({ entropy, surprisal, gradient }: Held): Pick<Held, 'entropy' | 'surprisal' | 'gradient'> {
  return { entropy: entropy.slice(), surprisal: surprisal.slice(), gradient: gradient.slice() };
}

function windowsWith({ scored, windows }: Held, run: ScoreWindows): ScoreWindows | null {
  return scored === 0 ? run : leastWindows(windows, run);
}

/** As a file has them. @param tokens hash of the dataset's tokens */
export function scoresOf(found: Held, tokens: string): Scores {
  const { dataset, entropy, surprisal, gradient, sketches, windows } = found;
  const header = {
    model: found.by.model,
    tokenizer: found.by.tokenizer,
    name: found.source.name,
    dtype: found.source.dtype ?? '',
    executor: devicesText(found.source.devices),
    tokens,
    length: entropy.length,
    scored: found.scored,
    windows,
  };
  return { header, entropy, surprisal, gradient, sketches: sketches && toRuns(sketches, dataset.tokens.forest.edgeStart) };
}

/** Out of a file that fits the dataset. */
export function heldFrom(dataset: Dataset, { header, entropy, surprisal, gradient, sketches }: Scores): Held {
  const devices = readDevices(header.executor);
  return {
    dataset,
    entropy,
    surprisal,
    gradient,
    source: { name: header.name, dtype: header.dtype, devices },
    computedBy: devices,
    by: { model: header.model, tokenizer: header.tokenizer },
    scored: header.scored,
    windows: header.windows,
    sketches: sketches && fitSketches(sketches, dataset.tokens.forest),
  };
}
