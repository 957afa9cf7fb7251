/** What the importance graph gave, as the columns that the typed-array path gives; and how far the two are apart. */
import { OUTPUT_ROWS } from './importance-graph.ts';
import type { ComputedScores } from './score.ts';

/** @param scores [OUTPUT_ROWS, nodes]. Throws where the size is another. */
export function readOutput(scores: Float32Array, nodes: number): ComputedScores {
  if (scores.length !== OUTPUT_ROWS.length * nodes) throw new Error(`scores: expected ${OUTPUT_ROWS.length} × ${nodes} values, found ${scores.length}`);
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
/** Below this share of a column's largest value both ways hold nothing but rounding: a mean-centred group adds up to 0. */
const NOISE = 1e-9;

/** Largest |graph − typed| ÷ |typed| over a column; Infinity where one knows a value and the other does not. */
export function columnError(typed: Float64Array, graph: ArrayLike<number>): number {
  let most = 0;
  for (const value of typed) if (Math.abs(value) > most) most = Math.abs(value);
  const floor = NOISE * most;
  let error = 0;
  for (let n = 0; n < typed.length; n++) {
    if (Number.isNaN(typed[n]) !== Number.isNaN(graph[n])) return Infinity;
    const difference = Math.abs(typed[n] - graph[n]);
    if (difference > floor) error = Math.max(error, difference / Math.abs(typed[n]));
  }
  return error;
}

/** The worst of all columns. */
export function scoresError(typed: ComputedScores, graph: ComputedScores): number {
  const columns = ['lte', 'reach', 'meanAdvantage', 'signal', 'importance'] as const;
  return columns.reduce((worst, name) => Math.max(worst, columnError(typed[name], graph[name])), 0);
}
