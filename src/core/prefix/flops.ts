/** FLOPs and memory of what is computed, from the shape of a model. An estimate from a formula: counts are exact, products are floats. */
import type { ModelShape } from '../rule/shape-field.ts';
import type { WayCounts } from './ways.ts';

/** `width`: of the attention, query heads × head dimension. `keyWidth`: key heads × head dimension. */
export interface TrainedModel extends ModelShape {
  readonly keyWidth: number;
}

export interface WayFlops {
  readonly forward: number;
  /** Twice the forward: of inputs and of weights. */
  readonly backward: number;
  /** The forward once more, where activations are not kept; else 0. */
  readonly recompute: number;
  readonly total: number;
  /** Of the total, what tokens cost that no loss depends on: all but their forward. */
  readonly skippable: number;
}

/** 2 · parameters for each token, and 4 · layers · width for each key that one attends to (a product by q, and one by the values). */
export function forwardFlops(tokens: number, keys: number, { parameters, layers, width }: ModelShape): number {
  return 2 * parameters * tokens + 4 * layers * width * keys;
}

export function wayFlops({ tokens, keys, backTokens, backKeys }: WayCounts, model: ModelShape, recomputes: boolean): WayFlops {
  const forward = forwardFlops(tokens, keys, model);
  const needed = forwardFlops(backTokens, backKeys, model);
  const again = recomputes ? 3 : 2;
  return {
    forward,
    backward: 2 * forward,
    recompute: recomputes ? forward : 0,
    total: (1 + again) * forward,
    skippable: again * (forward - needed),
  };
}

/** Bytes of the keys and values of so many tokens, in 16-bit numbers, of all layers. */
export function keyValueBytes(tokens: number, { layers, keyWidth }: TrainedModel): number {
  return 2 * 2 * layers * keyWidth * tokens;
}
