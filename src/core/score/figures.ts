/**
 * Scores of queries from five numbers of each, which a graph makes beside its logits so that these stay inside
 * (`engine/score/figures-graph.ts`). With the target t left out, z the other logits and m their maximum:
 * z_t, m, s = Σ exp(z − m), w = Σ exp(z − m)·(z − m), u = Σ exp(2(z − m)). They are joined in float64, by the
 * formulas of `kernel.ts`.
 */
import type { QueryScores, SketchAsk } from './kernel.ts';

/** Numbers of one query. */
const FIGURES = 5;

/** What a graph made of one request's queries. */
export interface Figures {
  /** queries × `FIGURES` */
  readonly values: Float32Array;
  /** queries × vocabulary: exp(z − m), anything at the target; null where no sketch is wanted. Written to. */
  readonly masses: Float32Array | null;
}

/** NaN where a logit is NaN. Throws where there are too few numbers. */
export function scoresOf({ values, masses }: Figures, vocabulary: number, target: Int32Array, sketch: SketchAsk | null): QueryScores {
  const count = target.length;
  if (values.length < count * FIGURES) throw new Error(`expected ${FIGURES} numbers for each of ${count} tokens, found ${values.length}`);
  const entropy = new Float32Array(count);
  const logprob = new Float32Array(count);
  const gradient = new Float32Array(count);
  const dim = sketch?.sketcher.dim ?? 0;
  const counts = sketch && new Float32Array(count * dim);
  const one = new Float64Array(dim);
  for (let q = 0; q < count; q++) {
    const at = q * FIGURES;
    const [own, most, mass, weighted, squares] = [values[at], values[at + 1], values[at + 2], values[at + 3], values[at + 4]];
    const top = Math.max(own, most);
    const scale = Math.exp(most - top);
    const others = mass * scale;
    const mine = Math.exp(own - top);
    const sum = others + mine;
    const log = Math.log(sum);
    // A target of logit −∞ has probability 0 and adds nothing.
    const below = scale * (weighted + mass * (most - top)) + (mine === 0 ? 0 : mine * (own - top));
    entropy[q] = log - below / sum;
    logprob[q] = own - top - log;
    gradient[q] = (squares * scale * scale + others * others) / (sum * sum);
    if (masses === null || counts === null || sketch?.wanted[q] !== 1) continue;
    const row = masses.subarray(q * vocabulary, (q + 1) * vocabulary);
    row[target[q]] = -mass;
    sketch.sketcher.logits(row, mass + Math.exp(own - most), one);
    counts.set(one, q * dim);
  }
  return { entropy, logprob, gradient, counts };
}
