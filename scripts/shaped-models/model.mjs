/** A folder of model files with random weights, of a given shape, layout and number type. */
import { decoder } from './decoder.mjs';
import { makeGraph } from './onnx.mjs';
import { LAYOUTS, WEIGHTS } from './shapes.mjs';

/**
 * The files of a model but for its tokenizer, each as pieces of bytes that are made when they are asked for.
 *
 * @param name for its config
 * @param shape of SHAPES, or `tinyShape` of one
 * @param layoutName of LAYOUTS
 * @param weightsName of WEIGHTS
 * @param shardBytes most bytes of one data file; 0: all weights within the graph
 * @returns {{ path: string, pieces: () => Iterable<Uint8Array> }[]}
 */
export function shapedModel({ name, shape, layoutName, weightsName, shardBytes }) {
  const [layout, weights] = [LAYOUTS[layoutName], WEIGHTS[weightsName]];
  const { kvHeads, headWidth, vocabulary, layers } = shape;
  const isGenai = layoutName === 'genai';
  const stem = layout.past === 'merged' ? 'decoder_model_merged' : 'model';
  const file = `${stem}${isGenai ? '' : weights.suffix}.onnx`;
  const shards = Array.from({ length: shardBytes === 0 ? 0 : 16 }, (_, i) => `${file}${layout.data}${i === 0 ? '' : `_${i}`}`);
  const graph = makeGraph(shards, shardBytes);
  const past = (word, tokens) =>
    Array.from({ length: layers }, (_, layer) => ['key', 'value'].map((part) => `${word}.${layer}.${part}`))
      .flat()
      .map((each) => ({ name: each, type: weights.number, dims: ['batch_size', kvHeads, tokens, headWidth] }));
  const whole = (input, tokens) => ({ name: input, type: 'int64', dims: ['batch_size', tokens] });
  const logits = { name: 'logits', type: weights.number, dims: ['batch_size', 'sequence_length', vocabulary] };
  const inputs = [
    whole('input_ids', 'sequence_length'),
    whole('attention_mask', 'total_sequence_length'),
    ...(layout.turns === 'positions' ? [whole('position_ids', 'sequence_length')] : []),
    ...(layout.past === 'without' ? [] : past('past_key_values', 'past_sequence_length')),
    ...(layout.past === 'merged' ? [{ name: 'use_cache_branch', type: 'bool', dims: [1] }] : []),
  ];
  const outputs = [logits, ...(layout.past === 'without' ? [] : past('present', 'total_sequence_length'))];
  const how = { shape, layout, weights };
  const { graph: bytes, data } = graph.finish({ name, nodes: nodesOf(graph, how, outputs), inputs, outputs });
  return [
    { path: isGenai ? 'genai_config.json' : 'config.json', pieces: () => [json(isGenai ? genaiConfig(shape, file) : config(name, shape))] },
    { path: `${layout.folder}${file}`, pieces: () => [bytes] },
    ...data.map(({ file: path, pieces }) => ({ path: `${layout.folder}${path}`, pieces })),
  ];
}

function nodesOf(graph, how, outputs) {
  if (how.layout.past !== 'merged') return decoder(graph, how, { reads: how.layout.past === 'with', prefix: '' });
  const branch = (prefix, reads) => ({
    nodes: decoder(graph, how, { reads, prefix }),
    outputs: outputs.map((output) => ({ ...output, name: `${prefix}${output.name}` })),
  });
  const attributes = { then_branch: branch('then/', true), else_branch: branch('else/', false) };
  return [{ op: 'If', inputs: ['use_cache_branch'], outputs: outputs.map(({ name }) => name), attributes }];
}

const json = (value) => new TextEncoder().encode(JSON.stringify(value, null, 2));

function config(name, { vocabulary, width, layers, heads, kvHeads, headWidth, inner, context, base, start }) {
  return {
    model_type: name,
    vocab_size: vocabulary,
    hidden_size: width,
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headWidth,
    max_position_embeddings: context,
    rope_theta: base,
    ...(start === null ? {} : { bos_token_id: start }),
  };
}

function genaiConfig({ vocabulary, width, layers, heads, kvHeads, headWidth, context, start }, filename) {
  const decoderConfig = {
    filename,
    head_size: headWidth,
    hidden_size: width,
    num_attention_heads: heads,
    num_hidden_layers: layers,
    num_key_value_heads: kvHeads,
  };
  return {
    model: { vocab_size: vocabulary, context_length: context, ...(start === null ? {} : { bos_token_id: start }), decoder: decoderConfig },
  };
}
