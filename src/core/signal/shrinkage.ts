/**
 * What log and model say of one node, put together [ours]. Of a node with n tokens that the log says something of, their mean s, each
 * token that the model has scored is worth (n·own + κ·b·model) / (n + κ): own what the log says of it, else s; b the scale that fits
 * the model to the log. Over a node that is scored whole this is (n·s + κ·b·m) / (n + κ) in the mean, so that the model counts like κ
 * tokens of the log. ARCHITECTURE.md has what was measured.
 */
import type { Forest } from '../model/forest.ts';
import { loggedSourceOf, loggedValue, mayBeLogged, UNKNOWN } from './entropy-source.ts';

/** Tokens of a log that the model counts like. [ours] Of 4 to 64, what kept most on real logs whose log-probs were hidden in part. */
export const KAPPA = 16;

export interface Shrinkage {
  /** b: what the model's entropies are multiplied by. 1 where no token has both. */
  readonly scale: number;
  /** node -> tokens of which the log says something, and their mean; NaN where there is none */
  readonly tokens: Int32Array<ArrayBuffer>;
  readonly logged: Float64Array<ArrayBuffer>;
}

/**
 * Null where there is no model, or the log says nothing. b is the sum of what the log says over that of the model's entropies, of the
 * tokens with both. Acts and budgets do not change it. O(tokens).
 */
export function shrinkageOf({ length, edgeStart, channels }: Forest, model: Float32Array | null): Shrinkage | null {
  if (model === null || !mayBeLogged(channels)) return null;
  const tokens = new Int32Array(length);
  const logged = new Float64Array(length).fill(Number.NaN);
  let byLog = 0;
  let byModel = 0;
  for (let n = 0; n < length; n++) {
    let sum = 0;
    for (let i = edgeStart[n]; i < edgeStart[n + 1]; i++) {
      const source = loggedSourceOf(channels, i);
      if (source === UNKNOWN) continue;
      const value = loggedValue(channels, source, i);
      tokens[n]++;
      sum += value;
      if (Number.isNaN(model[i])) continue;
      byLog += value;
      byModel += model[i];
    }
    if (tokens[n] > 0) logged[n] = sum / tokens[n];
  }
  // Log-probs that are all 0 are placeholders or greedy: they say nothing of the model's scale.
  return { scale: byLog > 0 && byModel > 0 ? byLog / byModel : 1, tokens, logged };
}

/** A scored token of a node that the log says something of. @param logged NaN: not of this token */
export function shrunkValue({ scale, tokens, logged: means }: Shrinkage, node: number, logged: number, model: number): number {
  const share = tokens[node] / (tokens[node] + KAPPA);
  return share * (Number.isNaN(logged) ? means[node] : logged) + (1 - share) * scale * model;
}
