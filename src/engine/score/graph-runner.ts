/** The port through which the engine runs a graph of its own on the device that holds the language model. */
import type { GraphColumns } from '../../core/signal/importance-inputs.ts';

/** Inputs that change together. They stay on the device under their name until columns with another key come. */
export interface GraphGroup {
  readonly name: string;
  readonly key: string;
  /** null: as sent before with this key. */
  readonly columns: GraphColumns | null;
}

export interface GraphJob {
  /** Of the graph: equal keys, equal files. */
  readonly key: string;
  readonly onnx: Uint8Array<ArrayBuffer>;
  readonly output: string;
  readonly groups: readonly GraphGroup[];
  /** Nobody asked for it: a software adapter refuses. */
  readonly unasked: boolean;
}

export interface GraphRunner {
  /** For example `webgpu (nvidia ada)`. */
  readonly label: string;
  /** The output's values. Rejects with a sentence where the device cannot: too large a column, a lost device. */
  run(job: GraphJob): Promise<Float32Array<ArrayBuffer>>;
  release(): Promise<void>;
}

export type GraphReply =
  | { readonly ok: true; readonly values: Float32Array<ArrayBuffer>; readonly device: string }
  | { readonly ok: false; readonly reason: string };
