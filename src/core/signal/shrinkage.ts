/**
 * What log and model say of one node, put together [ours]. A node's mean is (n·s + κ·b·m) / (n + κ): s the mean over its n tokens that
 * the log says something of, m the mean of the model's entropies there, b the scale that fits the model to the log. So a model counts
 * like κ tokens of the log. ARCHITECTURE.md has what was measured.
 */
import type { Forest } from '../model/forest.ts';
import { loggedSourceOf, loggedValue, mayBeLogged, UNKNOWN } from './entropy-source.ts';

/** Tokens of a log that the model counts like. [ours] Of 4 to 64, what kept most on real logs whose log-probs were hidden in part. */
export const KAPPA = 16;

export interface Shrinkage {
  /** b: what the model's entropies are multiplied by. 1 where no node has both. */
  readonly scale: number;
  /** node -> tokens of which the log says something, and their mean; NaN where there is none */
  readonly tokens: Int32Array<ArrayBuffer>;
  readonly logged: Float64Array<ArrayBuffer>;
  /** node -> mean entropy by the model over the tokens that it scored, before it is scaled; NaN where there is none */
  readonly model: Float64Array<ArrayBuffer>;
}

/**
 * Null where there is no model, or the log says nothing. b is Σ t·s / Σ t·m over the nodes with both, t being a node's tokens: their
 * level by the log over that by the model. Acts and budgets do not change it. O(tokens).
 */
export function shrinkageOf({ length, edgeStart, channels }: Forest, model: Float32Array | null): Shrinkage | null {
  if (model === null || !mayBeLogged(channels)) return null;
  const tokens = new Int32Array(length);
  const logged = new Float64Array(length).fill(Number.NaN);
  const modelled = new Float64Array(length).fill(Number.NaN);
  let byLog = 0;
  let byModel = 0;
  for (let n = 0; n < length; n++) {
    let loggedSum = 0;
    let modelSum = 0;
    let scored = 0;
    for (let i = edgeStart[n]; i < edgeStart[n + 1]; i++) {
      if (!Number.isNaN(model[i])) {
        scored++;
        modelSum += model[i];
      }
      const source = loggedSourceOf(channels, i);
      if (source === UNKNOWN) continue;
      tokens[n]++;
      loggedSum += loggedValue(channels, source, i);
    }
    if (tokens[n] > 0) logged[n] = loggedSum / tokens[n];
    if (scored > 0) modelled[n] = modelSum / scored;
    if (tokens[n] === 0 || scored === 0) continue;
    const run = edgeStart[n + 1] - edgeStart[n];
    byLog += run * logged[n];
    byModel += run * modelled[n];
  }
  // Log-probs that are all 0 are placeholders or greedy: they say nothing of the model's scale.
  return { scale: byLog > 0 && byModel > 0 ? byLog / byModel : 1, tokens, logged, model: modelled };
}

/** Log and model both say something of the node. */
export function isShrunk({ tokens, model }: Shrinkage, node: number): boolean {
  return tokens[node] > 0 && !Number.isNaN(model[node]);
}

/**
 * A token's part of a shrunk node's mean: what is not known of it by log or model is the node's mean by that.
 * @param logged, model NaN: not known
 */
export function shrunkValue(shrinkage: Shrinkage, node: number, logged: number, model: number): number {
  const share = shrinkage.tokens[node] / (shrinkage.tokens[node] + KAPPA);
  const byLog = Number.isNaN(logged) ? shrinkage.logged[node] : logged;
  const byModel = Number.isNaN(model) ? shrinkage.model[node] : model;
  return share * byLog + (1 - share) * shrinkage.scale * byModel;
}
