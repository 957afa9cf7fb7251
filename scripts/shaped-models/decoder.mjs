/** The nodes of a decoder: embeddings, layers of attention and gated products, and logits. */
import { typeOf } from './onnx.mjs';

const CONTRIB = 'com.microsoft';
const BLOCK = 32;
const EPSILON = 1e-6;

/**
 * @param how shape, layout and weights
 * @param withPast whether keys and values of earlier tokens are read
 * @returns nodes and the names of their results
 */
export function decoder(graph, { shape, layout, weights }, withPast) {
  const { width, heads, kvHeads, headWidth, inner, vocabulary, layers, base, context } = shape;
  const { number, isPacked } = weights;
  const isGrouped = layout.operators === 'grouped';
  const nodes = [];
  const put = (op, inputs, { out = graph.name(op), ...attributes } = {}, domain = '') => {
    nodes.push({ op, inputs, outputs: Array.isArray(out) ? out : [out], attributes, domain });
    return Array.isArray(out) ? out[0] : out;
  };
  const list = (...values) => graph.given(values);
  const single = (value, type = number) => graph.given([value], type, []);
  const cast = (x, type) => put('Cast', [x], { to: typeOf(type) });
  const reshape = (x, ...dims) => put('Reshape', [x, list(...dims)]);
  const turned = (x, perm) => put('Transpose', [x], { perm });
  const ones = (name, size) => graph.random(name, number, [size], 1, false);
  const isInside = layout.turns === 'inside';

  function product(x, name, size, count, gain = 1, out = graph.name('MatMul')) {
    const scale = gain / (1.5 * Math.sqrt(size));
    if (!isPacked) return put('MatMul', [x, graph.random(`${name}.weight`, number, [size, count], scale)], { out });
    const blocks = Math.ceil(size / BLOCK);
    const data = graph.random(`${name}.packed`, 'bytes', [count, blocks, BLOCK / 2], 0);
    const scales = graph.random(`${name}.scales`, number, [count * blocks], scale / 4.6, false);
    return put('MatMulNBits', [x, data, scales], { out, K: size, N: count, bits: 4, block_size: BLOCK, accuracy_level: 4 }, CONTRIB);
  }
  const tableScale = 1.5 / Math.sqrt(width);
  const table = () => graph.random('embeddings', number, [vocabulary, width], tableScale);
  function embeddings() {
    if (!(isPacked && layout.table === 'blocks')) return put('Gather', [table(), 'input_ids']);
    const data = graph.random('embeddings.packed', 'bytes', [vocabulary, width / 2], 0);
    const scales = graph.random('embeddings.scales', number, [vocabulary, width / BLOCK], tableScale / 4.6, false);
    const attributes = { bits: 4, block_size: BLOCK, gather_axis: 0, quantize_axis: 1 };
    return put('GatherBlockQuantized', [data, 'input_ids', scales], attributes, CONTRIB);
  }
  /** Of the last dimension. */
  function norm(x, name, size) {
    if (isGrouped)
      return put('SimplifiedLayerNormalization', [x, ones(name, size)], { axis: -1, epsilon: { float: EPSILON }, stash_type: 1 });
    const wide = number === 'half' ? cast(x, 'float') : x;
    const squares = put('ReduceMean', [put('Pow', [wide, single(2, 'float')]), list(-1)], { keepdims: 1 });
    const root = put('Sqrt', [put('Add', [squares, single(EPSILON, 'float')])]);
    const even = put('Mul', [wide, put('Div', [single(1, 'float'), root])]);
    return put('Mul', [ones(name, size), number === 'half' ? cast(even, 'half') : even]);
  }
  const angles = Array.from({ length: headWidth / 2 }, (_, i) => base ** ((-2 * i) / headWidth));
  const length = (name, axis) => put('Gather', [put('Shape', [name]), single(axis, 'int64')]);
  const total = length('attention_mask', 1);
  const fresh = length('input_ids', 1);
  const before = put('Sub', [total, fresh]);

  function positions() {
    if (layout.turns === 'positions') return 'position_ids';
    const counted = put('Sub', [put('CumSum', ['attention_mask', single(1, 'int64')]), single(1, 'int64')]);
    const axis = list(0);
    return put('Slice', [counted, put('Unsqueeze', [before, axis]), put('Unsqueeze', [total, axis]), list(1)]);
  }

  /** Plain operators: what turns [rows, heads, tokens, width], and what the mask adds. */
  function plainParts() {
    const at = cast(put('Unsqueeze', [positions(), list(2)]), 'float');
    const turns = put('Mul', [at, graph.given(angles, 'float', [1, 1, headWidth / 2])]);
    const both = put('Concat', [turns, turns], { axis: -1 });
    const [cos, sin] = ['Cos', 'Sin'].map((op) => {
      const wide = put('Unsqueeze', [put(op, [both]), list(1)]);
      return number === 'half' ? cast(wide, 'half') : wide;
    });
    const turn = (x) => {
      const part = (from, to) => put('Slice', [x, list(from), list(to), list(3)]);
      const half = put('Concat', [put('Neg', [part(headWidth / 2, headWidth)]), part(0, headWidth / 2)], { axis: -1 });
      return put('Add', [put('Mul', [x, cos]), put('Mul', [half, sin])]);
    };
    const range = (from, to) => put('Range', [from, to, single(1, 'int64')]);
    const column = put('Unsqueeze', [range(before, total), list(1)]);
    const isAfter = put('Greater', [put('Unsqueeze', [range(single(0, 'int64'), total), list(0)]), column]);
    const isPadding = put('Not', [cast(put('Unsqueeze', ['attention_mask', list(1, 2)]), 'bool')]);
    const mask = put('Where', [put('Or', [isAfter, isPadding]), single(-60_000), single(0)]);
    return { turn, mask };
  }

  function plainAttention({ turn, mask }, query, key, value, layer) {
    const present = ['key', 'value'].map((part) => `${withPast.prefix}present.${layer}.${part}`);
    const joined = [turn(turned(key, [0, 2, 1, 3])), turned(value, [0, 2, 1, 3])].map((x, i) =>
      withPast.reads
        ? put('Concat', [`past_key_values.${layer}.${i === 0 ? 'key' : 'value'}`, x], { axis: 2, out: present[i] })
        : put('Identity', [x], { out: present[i] }),
    );
    const rows = put('Concat', [put('Shape', [query], { end: 1 }), list(kvHeads, heads / kvHeads, -1, headWidth)], { axis: 0 });
    const flat = put('Concat', [put('Shape', [query], { end: 1 }), list(heads, -1, headWidth)], { axis: 0 });
    const [keys, values] = joined.map((x) => {
      const dims = put('Concat', [list(1, 1, heads / kvHeads), list(1, 1)], { axis: 0 });
      return put('Reshape', [put('Reshape', [put('Expand', [put('Unsqueeze', [x, list(2)]), dims]), rows]), flat]);
    });
    const products = put('MatMul', [turn(turned(query, [0, 2, 1, 3])), turned(keys, [0, 1, 3, 2])]);
    const shares = put('Softmax', [put('Add', [put('Mul', [products, single(headWidth ** -0.5)]), mask])], { axis: -1 });
    return reshape(turned(put('MatMul', [shares, values]), [0, 2, 1, 3]), 0, 0, heads * headWidth);
  }

  /** ONNX Runtime's operators: the tables of turns, and what attention knows of lengths. */
  function groupedParts() {
    const tables = ['cos', 'sin'].map((name) => {
      const values = [];
      for (let at = 0; at < context; at++) for (const angle of angles) values.push(Math[name](at * angle));
      return graph.given(values, number, [context, headWidth / 2]);
    });
    const last = put('Sub', [put('ReduceSum', ['attention_mask', list(1)], { keepdims: 0 }), list(1)]);
    return { tables, lengths: [cast(last, 'int32'), cast(total, 'int32')] };
  }

  function groupedAttention({ tables, lengths }, query, key, value, layer) {
    const [q, k] = [
      [query, heads],
      [key, kvHeads],
    ].map(([x, count]) =>
      isInside ? x : put('RotaryEmbedding', [x, 'position_ids', ...tables], { num_heads: count, rotary_embedding_dim: 0 }, CONTRIB),
    );
    const past = ['key', 'value'].map((part) => `past_key_values.${layer}.${part}`);
    const out = [graph.name('read'), ...['key', 'value'].map((part) => `present.${layer}.${part}`)];
    const attributes = { num_heads: heads, kv_num_heads: kvHeads, do_rotary: isInside ? 1 : 0, scale: { float: headWidth ** -0.5 }, out };
    return put('GroupQueryAttention', [q, k, value, ...past, ...lengths, ...(isInside ? tables : [])], attributes, CONTRIB);
  }

  const parts = isGrouped ? groupedParts() : plainParts();
  let x = embeddings();
  let normed = norm(x, 'layers.0.input_norm', width);
  for (let layer = 0; layer < layers; layer++) {
    const name = `layers.${layer}`;
    const [query, key, value] = [
      ['query', heads],
      ['key', kvHeads],
      ['value', kvHeads],
    ].map(([part, count]) => {
      const made = product(normed, `${name}.${part}`, width, count * headWidth, 1.5);
      const moved = shape.hasBias ? put('Add', [made, graph.random(`${name}.${part}.bias`, number, [count * headWidth], 0.1)]) : made;
      if (isGrouped && !(shape.hasHeadNorms && part !== 'value')) return moved;
      const apart = reshape(moved, 0, 0, count, headWidth);
      const even = shape.hasHeadNorms && part !== 'value' ? norm(apart, `${name}.${part}_norm`, headWidth) : apart;
      return isGrouped ? reshape(even, 0, 0, count * headWidth) : even;
    });
    const read = (isGrouped ? groupedAttention : plainAttention)(parts, query, key, value, layer);
    const added = product(read, `${name}.output`, heads * headWidth, width);
    let between;
    if (isGrouped) [x, between] = skipNorm(x, added, `${name}.middle_norm`);
    else {
      x = put('Add', [x, added]);
      between = norm(x, `${name}.middle_norm`, width);
    }
    const gate = product(between, `${name}.gate`, width, inner);
    const gated = put('Mul', [put('Mul', [gate, put('Sigmoid', [gate])]), product(between, `${name}.up`, width, inner)]);
    const down = product(gated, `${name}.down`, inner, width);
    const next = layer + 1 === layers ? 'last_norm' : `layers.${layer + 1}.input_norm`;
    if (isGrouped) [x, normed] = skipNorm(x, down, next);
    else {
      x = put('Add', [x, down]);
      normed = norm(x, next, width);
    }
  }
  function skipNorm(base_, added, name) {
    const [out, sum] = [graph.name('norm'), graph.name('sum')];
    put(
      'SkipSimplifiedLayerNormalization',
      [base_, added, ones(name, width)],
      { out: [out, '', '', sum], epsilon: { float: EPSILON } },
      CONTRIB,
    );
    return [sum, out];
  }
  const logits = `${withPast.prefix}logits`;
  if (isPacked) product(normed, 'head', width, vocabulary, 2.25, logits);
  else put('MatMul', [normed, turned(table(), [1, 0])], { out: logits });
  return nodes;
}
