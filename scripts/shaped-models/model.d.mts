/** The types of model.mjs. */
import type { LayoutName, Shape, WeightsName } from './shapes.mjs';

export interface ShapedFile {
  readonly path: string;
  readonly pieces: () => Iterable<Uint8Array<ArrayBuffer>>;
}
export function shapedModel(how: {
  readonly name: string;
  readonly shape: Shape;
  readonly layoutName: LayoutName;
  readonly weightsName: WeightsName;
  readonly shardBytes: number;
}): ShapedFile[];
