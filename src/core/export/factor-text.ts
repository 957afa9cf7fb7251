/** Entries of a list by token where single tokens were chosen, as bytes. */
import { writeRepeated, type ByteWriter } from './byte-writer.ts';

/**
 * For each of tokens [from, to) what its factor reads as, a comma behind each; runs of equal factors are spelled once.
 * @param factors edge token -> factor; null: 1 for each. @param textOf ASCII
 */
export function writeFactors(
  out: ByteWriter,
  factors: Float32Array | null,
  from: number,
  to: number,
  textOf: (factor: number) => string,
): void {
  for (let at = from; at < to;) {
    const end = factors === null ? to : runEnd(factors, at, to);
    writeRepeated(out, `${textOf(factors === null ? 1 : factors[at])},`, end - at);
    at = end;
  }
}

function runEnd(factors: Float32Array, from: number, to: number): number {
  let end = from + 1;
  while (end < to && factors[end] === factors[from]) end++;
  return end;
}
