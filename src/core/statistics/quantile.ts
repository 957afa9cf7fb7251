/** Quantiles of known values. */

/** Ascending, without what is unknown (NaN). */
export function ascending(values: Float64Array): Float64Array<ArrayBuffer> {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

/** @param sorted ascending. @param share 0..1. Linear between neighbours (type 7 of Hyndman and Fan 1996); NaN of none. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const least = sorted[low];
  const rest = place - low;
  return rest === 0 ? least : least + (sorted[low + 1] - least) * rest;
}
