/** How well a model's figures agree with the log's where both exist: correlations over all tokens, points for a scatter. */
import type { Forest } from '../model/forest.ts';

export interface Agreement {
  /** `entropy`: logged entropy; `surprisal`: logged surprisal, where the log has no entropy. */
  readonly of: 'entropy' | 'surprisal';
  /** Tokens with both. */
  readonly tokens: number;
  /** NaN with fewer than two tokens or no variation. */
  readonly spearman: number;
  readonly pearson: number;
  readonly meanLogged: number;
  readonly meanModel: number;
  /** At most `MAX_POINTS` of the pairs, evenly spread over the forest; nats. */
  readonly logged: Float32Array<ArrayBuffer>;
  readonly model: Float32Array<ArrayBuffer>;
}

const MAX_POINTS = 2000;

/** @param model entropy and surprisal by the model, parallel to edgeTokens. null where no token has both. */
export function agreementOf(forest: Forest, model: { readonly entropy: Float32Array; readonly surprisal: Float32Array }): Agreement | null {
  const { entropy, surprisal } = forest.channels;
  const byEntropy = entropy === null ? null : compare('entropy', entropy, model.entropy);
  if (byEntropy !== null) return byEntropy;
  return surprisal === null ? null : compare('surprisal', surprisal, model.surprisal);
}

function compare(of: Agreement['of'], logged: Float32Array, model: Float32Array): Agreement | null {
  let tokens = 0;
  for (let i = 0; i < logged.length; i++) if (!Number.isNaN(logged[i]) && !Number.isNaN(model[i])) tokens++;
  if (tokens === 0) return null;
  const x = new Float64Array(tokens);
  const y = new Float64Array(tokens);
  for (let i = 0, at = 0; i < logged.length; i++) {
    if (Number.isNaN(logged[i]) || Number.isNaN(model[i])) continue;
    x[at] = logged[i];
    y[at++] = model[i];
  }
  const points = Math.min(MAX_POINTS, tokens);
  const pick = (values: Float64Array): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: points }, (_, k) => values[Math.floor((k * tokens) / points)]);
  return {
    of,
    tokens,
    pearson: pearson(x, y),
    spearman: pearson(ranks(x), ranks(y)),
    meanLogged: mean(x),
    meanModel: mean(y),
    logged: pick(x),
    model: pick(y),
  };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Correlation of two equally long columns; NaN where one does not vary. */
export function pearson(x: Float64Array, y: Float64Array): number {
  const mx = mean(x);
  const my = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}

/** Rank of each value, equal values sharing the mean of theirs. */
export function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const rank = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) rank[order[k]] = (from + to - 1) / 2;
    from = to;
  }
  return rank;
}
