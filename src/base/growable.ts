/** Typed arrays that grow at the end: the columns of tables whose length is not known yet. */

export type Column = Int32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** `data` holds `length` values and spare room after them; `data` is replaced when it grows, so never keep it. */
export interface Growable<A extends Column> {
  data: A;
  length: number;
}

/** An empty column with room for `capacity` values. */
export function makeGrowable<A extends Column>(type: new (length: number) => A, capacity = 16): Growable<A> {
  return { data: new type(capacity), length: 0 };
}

/** A copy of `data` with room for at least `length` values, half as much again as before; the rest holds `fill`. */
export function grown<A extends Column>(data: A, length: number, fill = 0): A {
  if (length <= data.length) return data;
  const type = data.constructor as new (length: number) => A;
  const larger = new type(Math.max(length, data.length + (data.length >> 1) + 16));
  larger.set(data);
  if (fill !== 0) larger.fill(fill, data.length);
  return larger;
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
export function pushRun<A extends Column>(column: Growable<A>, source: A, from: number, to: number): number {
  const at = column.length;
  const length = at + to - from;
  column.data = grown(column.data, length);
  column.data.set(source.subarray(from, to), at);
  column.length = length;
  return at;
}

/** The values alone, as a copy without spare room. */
export function trimmed<A extends Column>(column: Growable<A>): A {
  return column.data.slice(0, column.length) as A;
}
