/** What the importance graph gave, as the columns that the typed-array path gives; and how far the two are apart. */
import { OUTPUT_ROWS } from './importance-graph.ts';
import type { ComputedScores } from './score.ts';

/** @param scores [OUTPUT_ROWS, nodes]. Throws where the size is another. */
export function readOutput(scores: Float32Array, nodes: number): ComputedScores {
  if (scores.length !== OUTPUT_ROWS.length * nodes)
    throw new Error(`scores: expected ${OUTPUT_ROWS.length} × ${nodes} values, found ${scores.length}`);
  const row = (name: (typeof OUTPUT_ROWS)[number]): Float64Array<ArrayBuffer> => {
    const r = OUTPUT_ROWS.indexOf(name);
    return Float64Array.from(scores.subarray(r * nodes, (r + 1) * nodes));
  };
  const known = row('advantages');
  const meanAdvantage = row('meanAdvantage').map((value, n) => (known[n] === 0 ? Number.NaN : value));
  return { lte: row('lte'), reach: row('reach'), meanAdvantage, signal: row('signal'), importance: row('importance') };
}

/** The two ways must agree within this, relative. */
export const AGREE_RELATIVE = 1e-5;
/** Below this share of what was summed both ways hold nothing but rounding: a mean-centred group adds up to 0. */
const NOISE = 1e-9;
/** What is smaller than this is 0 in float32 sums: `splitExactly` takes advantages for 0, and devices round subnormals to it. */
const LEAST = 2 ** -60;

/**
 * Largest |graph − typed| ÷ |typed| over a column; Infinity where one knows a value and the other does not.
 * @param scale size of what the column's values are made of, before anything cancels
 */
export function columnError(typed: Float64Array, graph: ArrayLike<number>, scale = largest(typed)): number {
  const floor = Math.max(LEAST, NOISE * scale);
  let error = 0;
  for (let n = 0; n < typed.length; n++) {
    if (Number.isNaN(typed[n]) !== Number.isNaN(graph[n])) return Infinity;
    const difference = Math.abs(typed[n] - graph[n]);
    if (difference > floor) error = Math.max(error, difference / Math.abs(typed[n]));
  }
  return error;
}

/** column -> its scale. @param advantage trajectory -> advantage; null where it is not in signal and importance */
export function columnScales(
  { lte, reach }: Pick<ComputedScores, 'lte' | 'reach'>,
  taskWeight: Float64Array,
  advantage: Float64Array | null,
): Readonly<Record<keyof ComputedScores, number>> {
  const weighed = largest(lte) * largest(reach) * largest(taskWeight) * (advantage === null ? 1 : largest(advantage));
  return {
    lte: largest(lte),
    reach: largest(reach),
    meanAdvantage: advantage === null ? 1 : largest(advantage),
    signal: weighed,
    importance: weighed,
  };
}

/** The worst of all columns. */
export function scoresError(
  typed: ComputedScores,
  graph: ComputedScores,
  taskWeight: Float64Array,
  advantage: Float64Array | null,
): number {
  const scales = columnScales(typed, taskWeight, advantage);
  const columns = ['lte', 'reach', 'meanAdvantage', 'signal', 'importance'] as const;
  return columns.reduce((worst, name) => Math.max(worst, columnError(typed[name], graph[name], scales[name])), 0);
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}
