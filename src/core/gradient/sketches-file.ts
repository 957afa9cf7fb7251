/** Sketches as a part of a file: what its header says of them, and their rows as bytes. */
import type { RunRows, RunSketches } from './runs.ts';
import type { SketchRows, SketchSource } from './store.ts';

interface RowsHeader {
  readonly rows: number;
  readonly share: number;
}

export interface SketchesHeader extends SketchSource {
  readonly dim: number;
  readonly tokens: RowsHeader;
  readonly runs: RowsHeader;
}

export function sketchesHeader({ dim, of, why, tokens, runs }: RunSketches): SketchesHeader {
  const rows = ({ of: items, share }: SketchRows): RowsHeader => ({ rows: items.length, share });
  return { dim, of, why, tokens: rows(tokens), runs: rows(runs) };
}

/** Bytes of a row: what it is of, its scale, its numbers; of a run also its end. */
const tokenBytes = (dim: number): number => 8 + 2 * dim;
const runBytes = (dim: number): number => 12 + 2 * dim;

export function sketchesBytes({ dim, tokens, runs }: SketchesHeader): number {
  return tokens.rows * tokenBytes(dim) + runs.rows * runBytes(dim);
}

/**
 * Tokens, then runs, all little-endian. Of each: `rows` int32 (the token, or the first of the run, ascending), of runs
 * `rows` int32 (the token behind its last), `rows` float32 (scale), and rows × dim binary16.
 */
export function writeSketches({ dim, tokens, runs }: RunSketches, view: DataView, start: number): void {
  writeRows(tokens, [tokens.of], view, start);
  writeRows(runs, [runs.of, runs.end], view, start + tokens.of.length * tokenBytes(dim));
}

function writeRows({ scale, values }: SketchRows, columns: readonly Int32Array[], view: DataView, start: number): void {
  let at = start;
  for (const column of columns) for (let row = 0; row < column.length; row++, at += 4) view.setInt32(at, column[row], true);
  for (let row = 0; row < scale.length; row++, at += 4) view.setFloat32(at, scale[row], true);
  for (let i = 0; i < values.length; i++, at += 2) view.setUint16(at, values[i], true);
}

/** @param start of `sketchesBytes` bytes */
export function readSketches({ dim, of, why, tokens, runs }: SketchesHeader, view: DataView, start: number): RunSketches {
  const column = ({ rows }: RowsHeader, at: number): Int32Array<ArrayBuffer> =>
    Int32Array.from({ length: rows }, (_, row) => view.getInt32(at + 4 * row, true));
  const numbers = ({ rows, share }: RowsHeader, at: number): Omit<SketchRows, 'of'> => {
    const scale = new Float32Array(rows);
    const values = new Uint16Array(rows * dim);
    for (let row = 0; row < rows; row++) scale[row] = view.getFloat32(at + 4 * row, true);
    for (let i = 0; i < values.length; i++) values[i] = view.getUint16(at + 4 * rows + 2 * i, true);
    return { scale, values, share };
  };
  const from = start + tokens.rows * tokenBytes(dim);
  const runRows: RunRows = { of: column(runs, from), end: column(runs, from + 4 * runs.rows), ...numbers(runs, from + 8 * runs.rows) };
  return { dim, of, why, tokens: { of: column(tokens, start), ...numbers(tokens, start + 4 * tokens.rows) }, runs: runRows };
}

/** Why sketches are none of a forest with `length` tokens; null where they can be. */
export function sketchesFault({ tokens, runs }: RunSketches, length: number): string | null {
  const ascends = (of: Int32Array): boolean => of.every((at, row) => at >= 0 && at < length && (row === 0 || at > of[row - 1]));
  const isOver = runs.of.every((at, row) => runs.end[row] > at && runs.end[row] <= length && (runs.of[row + 1] ?? length) >= runs.end[row]);
  if (!ascends(tokens.of) || !ascends(runs.of) || !isOver) return `expected sketches of ${length} tokens, one behind the other`;
  const isFinite = ({ scale, values }: SketchRows): boolean =>
    scale.every((value) => Number.isFinite(value)) && values.every((half) => (half & 0x7c00) !== 0x7c00);
  return isFinite(tokens) && isFinite(runs) ? null : 'expected finite numbers in the sketches of the scores file';
}

/** Largest dimension that is read. */
const MAX_DIM = 1 << 16;

/** null is the header of no sketches. */
export function isSketchesHeader(value: unknown): value is SketchesHeader | null {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const [dim, of, why] = ['dim', 'of', 'why'].map((name) => fields.get(name));
  return (
    typeof dim === 'number' &&
    Number.isInteger(Math.log2(dim)) &&
    dim >= 2 &&
    dim <= MAX_DIM &&
    (of === 'last layer' || of === 'logits') &&
    (why === null || typeof why === 'string') &&
    isRowsHeader(fields.get('tokens')) &&
    isRowsHeader(fields.get('runs'))
  );
}

function isRowsHeader(value: unknown): value is RowsHeader {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const [rows, share] = ['rows', 'share'].map((name) => fields.get(name));
  return typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0 && typeof share === 'number' && share > 0 && share <= 1;
}
