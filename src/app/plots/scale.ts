/** Linear scales and round ticks. */

export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** @param wanted about how many ticks. Ticks are multiples of 1, 2 or 5 times a power of ten inside the domain. */
export function linearScale(low: number, high: number, from: number, to: number, wanted: number): Scale {
  const span = high > low ? high - low : 1;
  return { place: (value) => from + ((to - from) * (value - low)) / span, ticks: ticksOf(low, low + span, wanted) };
}

function ticksOf(low: number, high: number, wanted: number): readonly number[] {
  const least = (high - low) / Math.max(1, wanted);
  const exponent = Math.floor(Math.log10(least));
  if (!Number.isFinite(exponent)) return [];
  const factor = [1, 2, 5, 10].find((factor) => factor * 10 ** exponent >= least * (1 - 1e-9)) ?? 10;
  const ticks: number[] = [];
  // Counted in steps, so that each is the double nearest to its decimal.
  const tickAt = (i: number): number => (exponent < 0 ? (i * factor) / 10 ** -exponent : i * factor * 10 ** exponent);
  for (let i = Math.ceil(low / tickAt(1) - 1e-9); tickAt(i) <= high * (1 + 1e-12) && ticks.length < 50; i++) ticks.push(tickAt(i) + 0);
  return ticks;
}
