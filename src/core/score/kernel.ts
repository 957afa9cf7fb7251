/**
 * Entropy, log-probability and gradient norm from logits, in float64; `gpu-kernel.ts` has the same for a GPU.
 *
 * With m = max z, s = Σ exp(z − m), w = Σ exp(z − m)·(z − m), u = Σ exp(2(z − m)):  H = log s − w/s,
 * log p(t) = z_t − m − log s,  ‖p − 1_t‖² = 1 − 2p(t) + u/s². The last is summed as (1 − p(t))² + Σ_{v≠t} p(v)², which
 * keeps its digits where p(t) nears 1; the collision Σp² is what it is plus 2p(t) − 1.
 */
import type { Sketcher } from '../gradient/sketch.ts';

export interface RowScore {
  /** nats */
  entropy: number;
  /** nats */
  logprob: number;
  /** ‖p − 1_t‖², in [0, 2]: the squared gradient of the token's loss by the logits */
  gradient: number;
}

/** Scores of many queries. */
export interface QueryScores {
  /** query -> nats */
  readonly entropy: Float32Array<ArrayBuffer>;
  /** query -> nats, ≤ 0 */
  readonly logprob: Float32Array<ArrayBuffer>;
  /** query -> ‖p − 1_t‖² */
  readonly gradient: Float32Array<ArrayBuffer>;
  /** queries × dim: count sketches of p − 1_t (`gradient/sketch.ts`), where asked for */
  readonly counts: Float32Array<ArrayBuffer> | null;
}

/** Which queries of a request are sketched. */
export interface SketchAsk {
  readonly sketcher: Sketcher;
  /** query -> 1 where its sketch is wanted */
  readonly wanted: Uint8Array;
}

export const NO_SCORES: QueryScores = {
  entropy: new Float32Array(0),
  logprob: new Float32Array(0),
  gradient: new Float32Array(0),
  counts: null,
};

/** exp(z − m) of the row that was read last; of the target minus the sum of all others. */
let masses = new Float32Array(0);
/** Their sum, with the target's own. */
let total = 0;

/** Scores of logits[from .. from + vocabulary) and of the token `target`. NaN where a logit is NaN. */
export function scoreRow(logits: ArrayLike<number>, from: number, vocabulary: number, target: number, out: RowScore): RowScore {
  if (masses.length !== vocabulary) masses = new Float32Array(vocabulary);
  let most = -Infinity;
  for (let i = from; i < from + vocabulary; i++) if (logits[i] > most) most = logits[i];
  let sum = 0;
  let weighted = 0;
  let squares = 0;
  for (let i = 0; i < vocabulary; i++) {
    const below = logits[from + i] - most;
    // A masked-out logit of −∞ has probability 0 and adds nothing.
    if (below === -Infinity) {
      masses[i] = 0;
      continue;
    }
    const mass = Math.exp(below);
    masses[i] = mass;
    sum += mass;
    weighted += mass * below;
    if (i !== target) squares += mass * mass;
  }
  const log = Math.log(sum);
  const own = Math.exp(logits[from + target] - most);
  const others = sum - own;
  out.entropy = log - weighted / sum;
  out.logprob = logits[from + target] - most - log;
  out.gradient = (squares + others * others) / (sum * sum);
  masses[target] = -others;
  total = sum;
  return out;
}

/** Queries of one logits block [rows, vocabulary]. */
export function scoreRows(
  logits: ArrayLike<number>,
  vocabulary: number,
  rows: ArrayLike<number>,
  targets: ArrayLike<number>,
  sketch: SketchAsk | null = null,
): QueryScores {
  const entropy = new Float32Array(rows.length);
  const logprob = new Float32Array(rows.length);
  const gradient = new Float32Array(rows.length);
  const dim = sketch?.sketcher.dim ?? 0;
  const counts = sketch && new Float32Array(rows.length * dim);
  const one = new Float64Array(dim);
  const score: RowScore = { entropy: 0, logprob: 0, gradient: 0 };
  for (let q = 0; q < rows.length; q++) {
    scoreRow(logits, rows[q] * vocabulary, vocabulary, targets[q], score);
    entropy[q] = score.entropy;
    logprob[q] = score.logprob;
    gradient[q] = score.gradient;
    if (counts === null || sketch?.wanted[q] !== 1) continue;
    sketch.sketcher.logits(masses, total, one);
    counts.set(one, q * dim);
  }
  return { entropy, logprob, gradient, counts };
}
