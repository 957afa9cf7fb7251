/**
 * Signal and importance of every node as one dataflow graph of standard operators (ONNX names), for a device that
 * already holds a language model. Sums in float32, laid out so that neither cancellation nor depth costs accuracy.
 *
 * - Segment sums: tokens come in blocks of `BLOCK`, padded by zeros; blocks are summed, then added up per node.
 * - Long-term recursion by doubling [ours]: S_0(n) = g(n)·h(n) and S_{k+1}(n) = S_k(n) + Σ γ^(2^k) · S_k(m) over the
 *   nodes m that lie 2^k levels below n, so that after k rounds S holds 2^k levels and LTE(n) = S(n)/g(n). All terms
 *   have one sign, and the powers of γ are computed in float64 beforehand.
 * - Advantages: a mean over the trajectories that sampled n is a sum over what ends below it (`AdvantageEnds`), hence the
 *   same recursion without γ. Such sums cancel (a mean-centred group adds up to 0), so `splitExactly` cuts every advantage
 *   into parts whose sums float32 holds exactly, in any order; the sums of parts are put together with compensation.
 */

/** An operator with its attributes: whole numbers or words. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

export type GraphType = 'float32' | 'int32' | 'int64';

export interface GraphInput {
  readonly name: string;
  readonly type: GraphType;
  /** Numbers where fixed, names where free. */
  readonly dims: readonly (number | string)[];
}

export interface GraphConstant {
  readonly name: string;
  readonly type: GraphType;
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  readonly output: GraphInput;
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly GraphNode[];
}

/** Tokens of one block. */
export const BLOCK = 32;
/** Rows of the graph's output, each by node; `h` is q·h; `advantages`: trajectories that count at it and whose advantage is known. */
export const OUTPUT_ROWS = ['h', 'lte', 'reach', 'meanAdvantage', 'advantages', 'signal', 'importance'] as const;

export interface GraphShape {
  /** Rounds of doubling: 2^doublings must exceed the number of levels below any root. */
  readonly doublings: number;
  /** Parts of an advantage. */
  readonly parts: number;
  readonly aggregate: 'sum' | 'mean';
}

/**
 * Inputs, N nodes, B blocks, T ends of advantages: `values` [B, BLOCK] nats; `blockNode` [B]; `known` [N] tokens with a value
 * (for the mean); `count` [N] g; `counting` [N] trajectories that the advantage is a mean over: s, or g where nobody sampled;
 * `share` [N], reach ÷ g; `weight` [N] of the node's task; `above` [N] parent, of a root itself; `hasAbove` [N] 1 or 0; `self` [N]
 * 0, 1, …; `leaf` [1, T] node of an end; `parts` [parts + 1, T] signed advantages in parts, then the sign where known; `decay`
 * [doublings, parts + 2, 1] γ^(2^k), then ones; `rl` [1] 1 or 0.
 * Output: `scores` [7, N], rows as in OUTPUT_ROWS.
 */
export function importanceGraph({ doublings, parts, aggregate }: GraphShape): Graph {
  const nodes: GraphNode[] = [];
  const constants: GraphConstant[] = [];
  let made = 0;
  const emit = (op: string, inputs: readonly string[], attributes: GraphNode['attributes'] = {}, output = `t${++made}`): string => {
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };
  const constant = (name: string, type: GraphType, dims: readonly number[], values: readonly number[]): string => {
    if (!constants.some((known) => known.name === name)) constants.push({ name, type, dims, values });
    return name;
  };
  const columns = parts + 2;
  const axis = (at: number): string => constant(`axis${at}`, 'int64', [1], [at]);
  const zero = constant('zero', 'float32', [1], [0]);
  const one = constant('one', 'float32', [1], [1]);
  /** Row `at` of a matrix, as a vector. */
  const row = (matrix: string, at: number): string => emit('Gather', [matrix, constant(`row${at}`, 'int32', [], [at])], { axis: 0 });
  const scatterAdd = (onto: string, index: string, values: string, along: number): string =>
    emit('ScatterElements', [onto, index, values], { axis: along, reduction: 'add' });

  // Segment sums.
  const blocks = emit('ReduceSum', ['values', axis(1)], { keepdims: 0 });
  const sums = scatterAdd(emit('Mul', ['count', zero]), 'blockNode', blocks, 0);
  const h = aggregate === 'sum' ? sums : emit('Div', [sums, emit('Max', ['known', one])]);

  // [parts + 1, N]: what ends at a node itself.
  const wide = emit('Unsqueeze', ['count', axis(0)]);
  const nowhere = emit('Mul', [wide, constant('zeros', 'float32', [columns - 1, 1], new Array<number>(columns - 1).fill(0))]);
  const ends = emit('Add', ['leaf', constant('sameRow', 'int32', [columns - 1, 1], new Array<number>(columns - 1).fill(0))]);
  const ending = scatterAdd(nowhere, ends, 'parts', 1);

  // Doubling over all columns at once.
  let sum = emit('Concat', [emit('Unsqueeze', [emit('Mul', ['count', h]), axis(0)]), ending], { axis: 0 });
  let target = 'above';
  let alive = 'hasAbove';
  const everyRow = constant('everyRow', 'int32', [columns, 1], new Array<number>(columns).fill(0));
  for (let k = 0; k < doublings; k++) {
    const gone = emit('Mul', [emit('Mul', [sum, alive]), row('decay', k)]);
    sum = scatterAdd(sum, emit('Add', [emit('Unsqueeze', [target, axis(0)]), everyRow]), gone, 1);
    if (k + 1 === doublings) break;
    const stillAlive = emit('Mul', [alive, emit('Gather', [alive, target], { axis: 0 })]);
    // Nodes that have run out of ancestors point at themselves, so that no single node is written to by all of them.
    target = emit('Where', [emit('Greater', [stillAlive, zero]), emit('Gather', [target, target], { axis: 0 }), 'self']);
    alive = stillAlive;
  }

  const lte = emit('Div', [row(sum, 0), 'count']);
  // Compensated: what rounding takes from the running sum is summed by itself (Knuth's two-sum).
  let total = row(sum, 1);
  let lost: string | null = null;
  for (let part = 2; part <= parts; part++) {
    const next = row(sum, part);
    const together = emit('Add', [total, next]);
    const added = emit('Sub', [together, total]);
    const error = emit('Add', [emit('Sub', [total, emit('Sub', [together, added])]), emit('Sub', [next, added])]);
    lost = lost === null ? error : emit('Add', [lost, error]);
    total = together;
  }
  const advantage = lost === null ? total : emit('Add', [total, lost]);
  const known = row(sum, parts + 1);
  // Those whose advantage is unknown count 0.
  const mean = emit('Div', [advantage, 'counting']);
  const reach = emit('Mul', ['count', 'share']);
  // rl·|A| + (1 − rl)
  const factor = emit('Add', [emit('Mul', [emit('Abs', [mean]), 'rl']), emit('Sub', [one, 'rl'])]);
  const weight = emit('Mul', [emit('Mul', ['weight', reach]), factor]);
  const signal = emit('Mul', [weight, emit('Max', [h, zero])]);
  const importance = emit('Mul', [weight, lte]);
  const rows = [h, lte, reach, mean, known, signal, importance].map((values) => emit('Unsqueeze', [values, axis(0)]));
  emit('Concat', rows, { axis: 0 }, 'scores');

  const float = (name: string, ...dims: (number | string)[]): GraphInput => ({ name, type: 'float32', dims });
  const int = (name: string, ...dims: (number | string)[]): GraphInput => ({ name, type: 'int32', dims });
  return {
    name: 'espalier node importance',
    inputs: [
      float('values', 'blocks', BLOCK),
      int('blockNode', 'blocks'),
      ...(aggregate === 'mean' ? [float('known', 'nodes')] : []),
      float('count', 'nodes'),
      float('counting', 'nodes'),
      float('share', 'nodes'),
      float('weight', 'nodes'),
      int('above', 'nodes'),
      float('hasAbove', 'nodes'),
      int('self', 'nodes'),
      int('leaf', 1, 'trajectories'),
      float('parts', columns - 1, 'trajectories'),
      float('decay', doublings, columns, 1),
      float('rl', 1),
    ],
    output: float('scores', OUTPUT_ROWS.length, 'nodes'),
    constants,
    nodes,
  };
}
