/** The largest of a stream of values: one pass, and room for no more than are wanted. */

export interface Largest {
  /** How many are held; at most the length of `items`. */
  size: number;
  /** A binary heap whose first entry is the one that would leave next. */
  readonly items: Float64Array;
  readonly values: Float64Array;
  /** Of two items of one value, whether the first comes first. */
  readonly isBefore: (a: number, b: number) => boolean;
}

/** @param isBefore decides between items of one value; by default the smaller number comes first */
export function makeLargest(capacity: number, isBefore: (a: number, b: number) => boolean = (a, b) => a < b): Largest {
  return { size: 0, items: new Float64Array(capacity), values: new Float64Array(capacity), isBefore };
}

/** Takes `item` in where it is among the largest so far, in O(log capacity). A value that is NaN is none. */
export function offer(largest: Largest, item: number, value: number): void {
  if (Number.isNaN(value)) return;
  const { items, values } = largest;
  if (largest.size < items.length) {
    let at = largest.size++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isAhead(largest, values[up], items[up], value, item)) break;
      items[at] = items[up];
      values[at] = values[up];
      at = up;
    }
    items[at] = item;
    values[at] = value;
  } else if (items.length > 0 && isAhead(largest, value, item, values[0], items[0])) sink(largest, item, value);
}

/** Puts an item in place of the first, and down to where it belongs. */
function sink(largest: Largest, item: number, value: number): void {
  const { items, values, size } = largest;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    if (down >= size) break;
    if (down + 1 < size && isAhead(largest, values[down], items[down], values[down + 1], items[down + 1])) down++;
    if (!isAhead(largest, value, item, values[down], items[down])) break;
    items[at] = items[down];
    values[at] = values[down];
    at = down;
  }
  items[at] = item;
  values[at] = value;
}

function isAhead({ isBefore }: Largest, value: number, item: number, otherValue: number, other: number): boolean {
  return value > otherValue || (value === otherValue && isBefore(item, other));
}

/** What is held, the largest first. */
export function largestFirst({ size, items, values, isBefore }: Largest): { readonly item: number; readonly value: number }[] {
  return Array.from({ length: size }, (_, at) => ({ item: items[at], value: values[at] })).sort(
    (a, b) => b.value - a.value || (isBefore(a.item, b.item) ? -1 : 1),
  );
}
