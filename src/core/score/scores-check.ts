/** What the columns of a scores file can hold: a file with anything else is refused whole. */
import { MAX_SCORE_NATS, ROUNDING_NATS } from '../../base/bounds.ts';

/** Why a column is none, naming its first such token; null where all values can be. NaN is "not scored". */
export function whyNoColumn(columns: Readonly<Record<string, Float32Array>>): string | null {
  for (const [name, values] of Object.entries(columns)) {
    const at = values.findIndex((value) => value < -ROUNDING_NATS || value > MAX_SCORE_NATS);
    if (at >= 0)
      return `expected values from 0 to ${MAX_SCORE_NATS} in the column ${name} of the scores file, found ${values[at]} at token ${at}`;
  }
  return null;
}
