/** Whether a model's scores depend on what they must not: how a text is cut into requests, what is beside it, what comes after it. */
import type { ForwardReply, LanguageModel } from '../../core/score/language-model.ts';

/** Nats: half-precision kernels round differently for other shapes; a wrong mask or position is far beyond. */
const WITHIN = 0.05;
const TOKENS = 24;

/** One sentence for each dependence. Three or four requests of a few tokens. */
export async function selfDoubts(model: LanguageModel, probe: Int32Array): Promise<string[]> {
  const tokens = probe.subarray(0, TOKENS);
  const width = tokens.length;
  const half = width >> 1;
  if (half === 0) return [];
  const ask = (rows: readonly Int32Array[], from: number, past: ForwardReply['cache'], keep: boolean): Promise<ForwardReply> => {
    const [length, row] = [rows[0]?.length ?? 0, rows.length - 1];
    const queryAt = Int32Array.from({ length }, (_, i) => row * length + i);
    const queryTarget = Int32Array.from({ length }, (_, i) => tokens[(from + i + 1) % width] ?? 0);
    const all = Int32Array.from({ length: rows.length * length }, (_, i) => rows[Math.floor(i / length)]?.[i % length] ?? 0);
    return model.forward({ past, pastLength: from, rows: rows.length, width: length, tokens: all, queryAt, queryTarget, keep });
  };
  const other = tokens.toReversed();
  const whole = await ask([tokens], 0, null, false);
  const doubts: string[] = [];
  const compare = (reply: ForwardReply, from: number, count: number, what: string): void => {
    let most = 0;
    for (let i = 0; i < count; i++) {
      for (const column of ['entropy', 'logprob'] as const) {
        const difference = Math.abs((reply[column][i] ?? Number.NaN) - (whole[column][from + i] ?? Number.NaN));
        most = Number.isNaN(difference) ? Infinity : Math.max(most, difference);
      }
    }
    if (most > WITHIN) doubts.push(`scores depend on ${what}: by up to ${most.toPrecision(2)} nats on the probe`);
  };
  const changed = Int32Array.from(tokens, (id, i) => (i < half ? id : (other[i] ?? 0)));
  compare(await ask([changed], 0, null, false), 0, half, 'what comes after a token');
  const head = await ask([tokens.subarray(0, half)], 0, null, true);
  compare(await ask([tokens.subarray(half)], half, head.cache, false), half, width - half, 'how a text is cut into requests');
  if (head.cache !== null) model.drop(head.cache);
  if (model.maxRows > 1) compare(await ask([other, tokens], 0, null, false), 0, width, 'the texts beside a text');
  return doubts;
}
