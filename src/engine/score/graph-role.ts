/** What a graph can be asked for, by the names of its inputs and outputs. */
import { fieldsOf, textOf } from './protobuf.ts';

/** Both beginnings and what goes on, as branches that `use_cache_branch` chooses. */
export const BEST_ROLE = 3;
const [NONE, WHOLE_TEXTS, WITH_PAST] = [0, 1, 2];
const GRAPH = 7;
const INPUT = 11;
const OUTPUT = 12;

/** 3: merged; 2: takes keys and values; 1: takes whole texts; 0: gives no logits of tokens. Time: the number of nodes and weights. */
export function graphRole(onnx: Uint8Array): number {
  const inputs = new Set<string>();
  const outputs = new Set<string>();
  for (const graph of fieldsOf(onnx, { from: 0, to: onnx.length })) {
    if (graph.number !== GRAPH) continue;
    for (const field of fieldsOf(onnx, graph)) {
      const names = field.number === INPUT ? inputs : field.number === OUTPUT ? outputs : null;
      if (names) for (const part of fieldsOf(onnx, field)) if (part.number === 1) names.add(textOf(onnx, part));
    }
  }
  if (!inputs.has('input_ids') || !outputs.has('logits')) return NONE;
  if (inputs.has('use_cache_branch')) return BEST_ROLE;
  return [...inputs].some((name) => name.startsWith('past_key_values.')) ? WITH_PAST : WHOLE_TEXTS;
}
