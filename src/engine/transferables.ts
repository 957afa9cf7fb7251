/** The buffers of a batch or answer, to be moved between threads instead of copied. */

/** Distinct buffers of the typed arrays directly in `value` and in its direct array members. */
export function buffersOf(value: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (item: unknown): void => {
    if (ArrayBuffer.isView(item) && item.buffer instanceof ArrayBuffer && item.byteLength === item.buffer.byteLength) buffers.add(item.buffer);
  };
  for (const item of Object.values(value)) {
    visit(item);
    if (Array.isArray(item)) for (const inner of item) visit(inner);
  }
  return [...buffers];
}
