/** How the numbers of a column are spread, over bins whose edges are short decimals, so that a filter can name them. */

export interface Histogram {
  /** bin -> where it begins, and where the last ends: bins + 1; the last bin holds what equals its end too */
  readonly edges: Float64Array;
  /** bin -> rollouts in it, and those of them that match */
  readonly all: Int32Array;
  readonly matching: Int32Array;
  /** Rollouts whose value is unknown. */
  readonly unknown: number;
  readonly least: number;
  readonly most: number;
}

/** Bins at most. */
const BINS = 20;
const STEPS = [1, 2, 5, 10];

/** The bins of a column, whatever a filter takes of it. */
export interface Bins extends Omit<Histogram, 'matching'> {
  /** row -> its bin, or `UNKNOWN` */
  readonly bin: Uint8Array;
}

const UNKNOWN = 255;

/** Null where no finite value is known. O(rows), with a division for each. */
export function binsOf(values: Float64Array): Bins | null {
  let least = Infinity;
  let most = -Infinity;
  let areWhole = true;
  for (let r = 0; r < values.length; r++) {
    const value = values[r];
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
    if (areWhole && !Number.isInteger(value)) areWhole = false;
  }
  if (least > most) return null;
  const edges = edgesOf(least, most, areWhole);
  const bins = edges.length - 1;
  const all = new Int32Array(bins);
  const bin = new Uint8Array(values.length).fill(UNKNOWN);
  const width = edges[bins] / bins - edges[0] / bins;
  const scale = width > 0 ? 1 / width : 0;
  let unknown = 0;
  for (let r = 0; r < values.length; r++) {
    const value = values[r];
    if (!Number.isFinite(value)) {
      unknown++;
      continue;
    }
    let own = Math.max(0, Math.min(bins - 1, Math.floor(value * scale - edges[0] * scale) || 0));
    // Rounding may be off by one.
    while (own > 0 && value < edges[own]) own--;
    while (own < bins - 1 && value >= edges[own + 1]) own++;
    bin[r] = own;
    all[own]++;
  }
  return { edges, bin, all, unknown, least: least + 0, most: most + 0 };
}

/** The same with what a filter takes. O(rows), a count for each. @param isMatching row -> 1; null: all match */
export function matchingIn({ bin, ...bins }: Bins, isMatching: Uint8Array | null): Histogram {
  if (isMatching === null) return { ...bins, matching: bins.all };
  // One more, for what is unknown: so no row needs a question.
  const counts = new Int32Array(UNKNOWN + 1);
  for (let r = 0; r < bin.length; r++) counts[bin[r]] += isMatching[r];
  return { ...bins, matching: counts.slice(0, bins.all.length) };
}

/** Multiples of 1, 2 or 5 times a power of ten, around all values. */
function edgesOf(least: number, most: number, areWhole: boolean): Float64Array {
  // Halves first: the range of doubles is no double.
  const rough = most / BINS - least / BINS;
  const power = rough > 0 ? Math.floor(Math.log10(rough)) : Math.floor(Math.log10(Math.max(Math.abs(most), 1))) - 1;
  let exponent = areWhole ? Math.max(0, power) : power;
  let factor = STEPS.find((each) => each * 10 ** exponent >= rough) ?? 10;
  if (factor === 10) {
    exponent++;
    factor = 1;
  }
  const step = factor * 10 ** exponent;
  // A negative number too small to be divided has 0 as its quotient.
  const first = Math.floor(least / step) - (least < 0 && least / step === 0 ? 1 : 0);
  const last = Math.max(first + 1, Math.floor(most / step) + 1);
  // Written as decimals and read again, each edge is the double that a filter reads.
  return Float64Array.from({ length: last - first + 1 }, (_, i) => Number(`${(first + i) * factor}e${exponent}`));
}
