/**
 * The gradient meter: how close what an export trains comes to what the full set trains, on sketches of node gradients.
 *
 * The full gradient is G = Σ w(n)·g(n), w(n) = coefficient × mean advantage (1 in SFT). A selection trains P = Σ p(n)·g(n).
 * Context never changes when a node is cut, so g(n) is the same in both. The meter says cos(P, G) and ‖P‖ ÷ ‖G‖.
 *
 * Where nodes were sampled, each with probability π, inner products of sums hold the diagonal too often: with all pairs of
 * different nodes at π² and each node with itself at π, Σp·Σw − (1 − π)·Σ p·w·‖g‖², over π², is unbiased (Horvitz and
 * Thompson 1952) [ours]. π cancels in both figures.
 */
import { halfTable } from '../../base/half.ts';
import type { SketchRows } from './store.ts';

/** Sketches of nodes, and what each weighs in the full set. */
export interface GradientField {
  readonly dim: number;
  readonly rows: SketchRows;
  /** row -> w(n), signed; 0 where unknown */
  readonly weight: Float64Array<ArrayBuffer>;
  readonly full: GradientSum;
  /** ‖G‖² × share², free of the diagonal. */
  readonly square: number;
}

/** A weighted sum of sketches under way. */
export interface GradientSum {
  readonly all: Float64Array<ArrayBuffer>;
  /** The same by groups of rows, for the interval; none where no row was left out. */
  readonly parts: readonly Float64Array<ArrayBuffer>[];
  /** Σ p·w·‖g‖² and Σ p²·‖g‖² over the rows that were added. */
  crossDiagonal: number;
  ownDiagonal: number;
}

export interface GradientFigure {
  /** −1..1; 0 where nothing is trained. */
  readonly cosine: number;
  /** ‖P‖ ÷ ‖G‖ */
  readonly norm: number;
  /** About 95 of 100 such intervals hold the cosine of the gradients that the sketches stand for. */
  readonly low: number;
  readonly high: number;
}

/** Groups of a jackknife, both of rows and of a sketch's numbers. */
const GROUPS = 16;

/** @param withParts where rows were sampled */
export function makeSum({ dim, rows }: Pick<GradientField, 'dim' | 'rows'>, withParts = true): GradientSum {
  const groups = withParts && rows.share < 1 ? GROUPS : 0;
  const parts = Array.from({ length: groups }, () => new Float64Array(dim));
  return { all: new Float64Array(dim), parts, crossDiagonal: 0, ownDiagonal: 0 };
}

/** @param weightOf node (or token), row -> w. O(rows · dim); null where no row has weight: there is nothing to compare with. */
export function gradientField(rows: SketchRows, dim: number, weightOf: (of: number, row: number) => number): GradientField | null {
  const weight = Float64Array.from(rows.of, (of, row) => weightOf(of, row) || 0);
  const full = makeSum({ dim, rows });
  const field = { dim, rows, weight, full, square: 0 };
  for (let row = 0; row < weight.length; row++) addRow(field, full, row, weight[row]);
  const square = dotOf(full.all, full.all) - (1 - rows.share) * full.ownDiagonal;
  return square > 0 ? { ...field, square } : null;
}

type Rows = Pick<GradientField, 'dim' | 'rows' | 'weight'>;

/** Adds p × the sketch of a row. */
export function addRow({ dim, rows, weight }: Rows, sum: GradientSum, row: number, p: number): void {
  if (p === 0) return;
  const factor = p * rows.scale[row];
  const from = row * dim;
  const { all, parts } = sum;
  const { values } = rows;
  const halves = halfTable();
  for (let k = 0; k < dim; k++) all[k] += factor * halves[values[from + k]];
  if (rows.share === 1) return;
  const square = squareOf({ dim, rows }, row);
  sum.crossDiagonal += p * weight[row] * square;
  sum.ownDiagonal += p * p * square;
  if (parts.length === 0) return;
  const part = parts[groupOf(row)];
  for (let k = 0; k < dim; k++) part[k] += factor * halves[values[from + k]];
}

/** Inner products of a sum under way: P·G and P·P. */
export interface SumDots {
  cross: number;
  own: number;
}

/** `addRow` that keeps the inner products up to date in the same pass. */
export function addTracked(field: GradientField, sum: GradientSum, row: number, p: number, dots: SumDots): void {
  if (p === 0) return;
  const { dim, rows, full } = field;
  const factor = p * rows.scale[row];
  const from = row * dim;
  const { all, parts } = sum;
  const part = parts.length === 0 ? null : parts[groupOf(row)];
  const { values } = rows;
  const halves = halfTable();
  const whole = full.all;
  let cross = 0;
  let mixed = 0;
  let square = 0;
  for (let k = 0; k < dim; k++) {
    const moved = factor * halves[values[from + k]];
    const before = all[k];
    cross += moved * whole[k];
    mixed += moved * before;
    square += moved * moved;
    all[k] = before + moved;
    if (part !== null) part[k] += moved;
  }
  dots.cross += cross;
  dots.own += 2 * mixed + square;
  if (rows.share === 1) return;
  sum.crossDiagonal += (square / p) * field.weight[row];
  sum.ownDiagonal += square;
}

/** ‖g‖² of a row. */
export function squareOf({ dim, rows }: Pick<Rows, 'dim' | 'rows'>, row: number): number {
  const { values } = rows;
  const halves = halfTable();
  let square = 0;
  for (let k = row * dim; k < (row + 1) * dim; k++) square += halves[values[k]] ** 2;
  return square * rows.scale[row] ** 2;
}

/** Neighbours in the tree fall into different groups. */
function groupOf(row: number): number {
  return Math.imul(row, 0x9e3779b1) >>> 28;
}

export function dotOf(a: Float64Array, b: Float64Array, from = 0, to = a.length): number {
  let dot = 0;
  for (let k = from; k < to; k++) dot += a[k] * b[k];
  return dot;
}

/** Cosine and norm ratio of a sum from its inner products. */
export function figureOf(cross: number, own: number, square: number): { readonly cosine: number; readonly norm: number } {
  if (!(own > 0)) return { cosine: 0, norm: 0 };
  return { cosine: Math.max(-1, Math.min(1, cross / Math.sqrt(own * square))), norm: Math.sqrt(own / square) };
}

/** Of one sum, with its interval. O(groups · dim). */
export function measure(field: GradientField, sum: GradientSum): GradientFigure {
  const left = 1 - field.rows.share;
  const cross = dotOf(sum.all, field.full.all) - left * sum.crossDiagonal;
  const own = dotOf(sum.all, sum.all) - left * sum.ownDiagonal;
  const { cosine, norm } = figureOf(cross, own, field.square);
  const spread = norm === 0 ? 0 : 1.96 * Math.sqrt(sketchVariance(field, sum) + sampleVariance(field, sum));
  return { cosine, norm, low: Math.max(-1, cosine - spread), high: Math.min(1, cosine + spread) };
}

/** What the hashing of a sketch leaves open: a jackknife over blocks of its numbers, which are exchangeable [ours]. */
function sketchVariance({ dim, full, square }: GradientField, { all }: GradientSum): number {
  const block = dim / GROUPS;
  if (block < 1) return 0;
  const cross = dotOf(all, full.all);
  const own = dotOf(all, all);
  return jackknife((b) => {
    const from = b * block;
    const to = from + block;
    const lessSquare = square - dotOf(full.all, full.all, from, to);
    return figureOf(cross - dotOf(all, full.all, from, to), own - dotOf(all, all, from, to), Math.max(lessSquare, Number.MIN_VALUE)).cosine;
  });
}

/** What sampling nodes leaves open: a jackknife over groups of rows. Diagonals are taken out in proportion. */
function sampleVariance({ rows, full }: GradientField, sum: GradientSum): number {
  if (sum.parts.length === 0) return 0;
  const rest = (GROUPS - 1) / GROUPS;
  const left = 1 - rows.share * rest;
  return jackknife((b) => {
    const own = sum.all.map((value, k) => value - sum.parts[b][k]);
    const all = full.all.map((value, k) => value - full.parts[b][k]);
    const square = dotOf(all, all) - left * rest * full.ownDiagonal;
    return figureOf(dotOf(own, all) - left * rest * sum.crossDiagonal, dotOf(own, own) - left * rest * sum.ownDiagonal, square).cosine;
  });
}

function jackknife(without: (group: number) => number): number {
  const values = Array.from({ length: GROUPS }, (_, b) => without(b));
  const mean = values.reduce((sum, value) => sum + value, 0) / GROUPS;
  return ((GROUPS - 1) / GROUPS) * values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
