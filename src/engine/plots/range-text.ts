/** A bin of whole numbers in words: `3`, `5–9`. */

/** @param at edges; bin i = [at[i], at[i + 1]) */
export function rangeText(at: Float64Array, i: number): string {
  const low = at[i] ?? 0;
  const high = (at[i + 1] ?? low + 1) - 1;
  return low === high ? numberText(low) : `${numberText(low)}–${numberText(high)}`;
}

function numberText(value: number): string {
  return value.toLocaleString('en');
}
