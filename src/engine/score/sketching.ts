/** Sketches of the gradients of a request's queries, from count sketches of its logits and the last hidden state. */
import { makeSketcher, type Sketcher } from '../../core/gradient/sketch.ts';
import { packSketch, type PackedSketches, type SketchSource } from '../../core/gradient/store.ts';
import type { SketchAsk } from '../../core/score/kernel.ts';
import type { ForwardRequest } from '../../core/score/language-model.ts';
import type { HiddenState } from './hidden-state.ts';

interface Sketching {
  readonly source: SketchSource;
  /** The output that holds the hidden state; null: sketches are of the logits alone. */
  readonly state: string | null;
  ask(sketch: NonNullable<ForwardRequest['sketch']>): SketchAsk;
  /** @param counts queries × dim. @param states [rows, width, hidden width] of the request */
  sketches(request: ForwardRequest, ask: SketchAsk, counts: Float32Array | null, states: Float32Array | null): PackedSketches;
}

export function makeSketching(vocabulary: number, hidden: HiddenState): Sketching {
  let state = hidden.name;
  let why = hidden.name === null ? hidden.why : null;
  let made: Sketcher | null = null;
  const of = (dim: number): Sketcher => (made?.dim === dim ? made : (made = makeSketcher(vocabulary, dim)));
  return {
    get source() {
      return { of: state === null ? 'logits' : 'last layer', why } as const;
    },
    get state() {
      return state;
    },
    ask: ({ dim, wanted }) => ({ sketcher: of(dim), wanted }),
    sketches({ rows, width, queryAt }, { sketcher, wanted }, counts, states) {
      const { dim } = sketcher;
      const asked = Array.from(queryAt.keys()).filter((q) => wanted[q] === 1);
      const packed = { scale: new Float32Array(asked.length), values: new Uint16Array(asked.length * dim) };
      const stateWidth = states === null ? 0 : states.length / (rows * width);
      if (states !== null && !(Number.isInteger(stateWidth) && stateWidth > 0)) {
        [state, why] = [null, `the hidden state has ${states.length} numbers for ${rows * width} tokens`];
      }
      const one = new Float64Array(dim);
      const sketch = new Float64Array(dim);
      asked.forEach((q, row) => {
        one.set(counts?.subarray(q * dim, (q + 1) * dim) ?? []);
        if (states !== null && state !== null) sketcher.outer(one, states, (queryAt[q] ?? 0) * stateWidth, stateWidth, sketch);
        packed.scale[row] = packSketch(state === null ? one : sketch, packed.values, row);
      });
      return packed;
    },
  };
}
