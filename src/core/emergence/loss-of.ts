/** How much of each node carries loss, as what is trained weighs it. */
import type { Forest } from '../model/forest.ts';
import type { TrainSet } from '../prune/train-method.ts';

/** node -> sum of the factors of its tokens: with 1/π where a token was drawn with probability π. O(tokens) where single tokens train. */
export function lossOf({ length, edgeStart }: Pick<Forest, 'length' | 'edgeStart'>, set: TrainSet): Float64Array {
  const loss = new Float64Array(length);
  let factors = new Float32Array(64);
  for (let n = 0; n < length; n++) {
    if (!set.byToken) {
      loss[n] = set.trainedOf(n);
      continue;
    }
    const tokens = edgeStart[n + 1] - edgeStart[n];
    if (factors.length < tokens) factors = new Float32Array(2 * tokens);
    factors.fill(0, 0, tokens);
    if (set.factorsOf(n, factors, 0) === 0) continue;
    for (let i = 0; i < tokens; i++) loss[n] += factors[i];
  }
  return loss;
}
