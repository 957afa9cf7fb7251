/** The types of shapes.mjs. */
export interface Shape {
  readonly vocabulary: number;
  readonly layers: number;
  readonly context: number;
}
export type LayoutName =
  'community' | 'community-grouped' | 'optimum' | 'optimum-counted' | 'optimum-without-past' | 'optimum-merged' | 'genai';
export type WeightsName = 'fp32' | 'fp16' | 'q4' | 'q4f16';
export type ShapeName = 'Qwen2.5-0.5B' | 'Qwen3-0.6B' | 'Llama-3.2-1B' | 'SmolLM2-135M' | 'SmolLM2-360M';
export const SHAPES: Readonly<Record<ShapeName, Shape>>;
export function tinyShape(shape: Shape, vocabulary: number): Shape;
export const LAYOUTS: Readonly<Record<LayoutName, object>>;
export const WEIGHTS: Readonly<Record<WeightsName, object>>;
