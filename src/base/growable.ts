/** Typed arrays that grow at the end: the columns of tables whose length is not known yet. */

export type Column =
  Int32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** `data` holds `length` values and spare room after them; `data` is replaced when it grows, so never keep it. */
export interface Growable<A extends Column> {
  data: A;
  length: number;
}

/** An empty column with room for `capacity` values. */
export function makeGrowable<A extends Column>(type: new (length: number) => A, capacity = 16): Growable<A> {
  return { data: new type(capacity), length: 0 };
}

/** Columns double up to this many values, then grow by half: fewer copies while small, less spare room when large. */
const DOUBLE_UP_TO = 1 << 22;

/** `data` if it has room for `length` values, else a larger copy whose new part holds `fill`. */
export function grown<A extends Column>(data: A, length: number, fill?: number): A;
export function grown(data: Column, length: number, fill = 0): Column {
  if (length <= data.length) return data;
  const spare = data.length < DOUBLE_UP_TO ? data.length : data.length >> 1;
  const larger = sameType(data, Math.max(length, data.length + spare + 16));
  larger.set(data);
  if (fill !== 0) larger.fill(fill, data.length);
  return larger;
}

function sameType(data: Column, length: number): Column {
  if (data instanceof Int32Array) return new Int32Array(length);
  if (data instanceof Uint16Array) return new Uint16Array(length);
  if (data instanceof Uint8Array) return new Uint8Array(length);
  return data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

/** Appends one value; returns its index. */
export function push<A extends Column>(column: Growable<A>, value: number): number {
  const at = column.length;
  if (at === column.data.length) column.data = grown(column.data, at + 1);
  column.data[at] = value;
  column.length = at + 1;
  return at;
}

/** Appends `source[from .. to)`; returns the index of its first value. */
export function pushRun<A extends Column>(
  column: Growable<A>,
  source: { subarray(from: number, to: number): ArrayLike<number> },
  from: number,
  to: number,
): number {
  const at = column.length;
  const length = at + to - from;
  column.data = grown(column.data, length);
  column.data.set(source.subarray(from, to), at);
  column.length = length;
  return at;
}

/** The values alone, as a copy without spare room. */
export function trimmed<A extends Column>(column: Growable<A>): A;
export function trimmed(column: Growable<Column>): Column {
  return column.data.slice(0, column.length);
}
