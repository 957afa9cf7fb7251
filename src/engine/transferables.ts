/** The buffers of a batch or answer, to be moved between threads instead of copied. */

/**
 * Distinct buffers of the typed arrays in `value` (or of itself, where it is one), in its lists and in the plain
 * objects below it; objects in lists are left out.
 */
export function buffersOf(value: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (item: unknown): void => {
    if (ArrayBuffer.isView(item) && item.buffer instanceof ArrayBuffer && item.byteLength === item.buffer.byteLength)
      buffers.add(item.buffer);
  };
  visit(value);
  const open: object[] = ArrayBuffer.isView(value) ? [] : [value];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const item of Object.values(at) as unknown[]) {
      visit(item);
      if (Array.isArray(item)) for (const inner of item) visit(inner);
      else if (typeof item === 'object' && item !== null && Object.getPrototypeOf(item) === Object.prototype) open.push(item);
    }
  }
  return [...buffers];
}

const marked = new WeakSet<object>();

/** Marks an answer that was made for whoever asked: another thread may take its buffers. Nothing changes on this one. */
export function moved<T extends object>(answer: T): T {
  marked.add(answer);
  return answer;
}

export function isMoved(answer: object): boolean {
  return marked.has(answer);
}
