/** A fixed text that every device scores the same way before a first real run: do they agree, and how fast is this one? */
import { SKETCH_DIM } from '../../core/gradient/sketch.ts';
import { makeHalving } from '../../core/score/halving.ts';
import type { LanguageModel } from '../../core/score/language-model.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';

const TEXT = `The agent read the file, ran the tests and found that two of them failed: one because of a missing import, one because a
tuple was compared with a list. def total(items): return sum(item.price * item.count for item in items)
{"name": "run_command", "arguments": {"command": "pytest -q tests/test_orders.py"}}`;
const TOKENS = 64;
/** Where the probe's second request continues the first one's cache. */
const CUT = 40;

export interface ProbeResult {
  /** probe token -> nats */
  readonly entropy: Float32Array;
  readonly surprisal: Float32Array;
  readonly tokens: number;
  /** Of the second, warmed-up pass. */
  readonly tokensPerSecond: number;
}

/** Largest difference in nats that two devices may show. */
export const AGREE_WITHIN = 1e-2;

export function probeTokens(tokenizer: Tokenizer, model: Pick<LanguageModel, 'vocabulary' | 'context'>): Int32Array {
  const ids = tokenizer.encode(TEXT);
  const length = Math.min(TOKENS, ids.length, model.context);
  return Int32Array.from({ length }, (_, i) => (ids[i] ?? 0) % model.vocabulary);
}

/** Runs the probe twice, in two requests that share a cache; the second pass is timed. `now` in seconds. */
export async function runProbe(model: LanguageModel, tokens: Int32Array, now: () => number): Promise<ProbeResult> {
  let result = await pass(model, tokens);
  const begun = now();
  result = await pass(model, tokens);
  const seconds = Math.max(1e-6, now() - begun);
  return { ...result, tokens: tokens.length, tokensPerSecond: tokens.length / seconds };
}

async function pass(model: LanguageModel, tokens: Int32Array): Promise<{ entropy: Float32Array; surprisal: Float32Array }> {
  const cut = Math.min(CUT, tokens.length - 1);
  const ask = (from: number, to: number): { tokens: Int32Array; queryAt: Int32Array; queryTarget: Int32Array } => {
    const asked = Math.min(to, tokens.length - 1);
    return {
      tokens: tokens.slice(from, to),
      queryAt: Int32Array.from({ length: asked - from }, (_, i) => i),
      queryTarget: tokens.slice(from + 1, asked + 1),
    };
  };
  // That also settles whether the hidden state fits the logits.
  const sketch = { dim: SKETCH_DIM, wanted: new Uint8Array(cut).fill(1) };
  const head = await model.forward({ past: null, pastLength: 0, rows: 1, width: cut, keep: true, ...ask(0, cut), sketch });
  const tail = await model.forward({
    past: head.cache,
    pastLength: cut,
    rows: 1,
    width: tokens.length - cut,
    keep: false,
    ...ask(cut, tokens.length),
  });
  if (head.cache !== null) model.drop(head.cache);
  return {
    entropy: Float32Array.from([...head.entropy, ...tail.entropy]),
    surprisal: Float32Array.from([...head.logprob, ...tail.logprob], (value) => -value),
  };
}

/** A device that takes longer for the probe is not asked for a whole request as well, seconds. */
export const PATIENCE = 3;
/** Code is optimised while it runs: whole requests are repeated for so long, seconds, and so often at most. */
const WARM_UP = { seconds: 1.5, passes: 8 };

/**
 * Tokens per second of a whole request of `width` tokens with every score asked for, which is what a run is made of: the fastest of
 * several, as only the first ones run code that is not optimised yet. The probe's own rate where the device is slow or that is higher.
 */
export async function measureRate(
  model: LanguageModel,
  probe: ProbeResult,
  tokens: Int32Array,
  width: number,
  now: () => number,
): Promise<number> {
  if (probe.tokens / probe.tokensPerSecond > PATIENCE) return probe.tokensPerSecond;
  const long = Int32Array.from({ length: Math.min(width, model.context) }, (_, i) => tokens[i % tokens.length] ?? 0);
  const queryAt = Int32Array.from(long, (_, i) => i);
  let rate = probe.tokensPerSecond;
  const forward = makeHalving(model);
  const until = now() + WARM_UP.seconds;
  for (let pass = 0; pass < WARM_UP.passes && (pass === 0 || now() < until); pass++) {
    const begun = now();
    await forward({ past: null, pastLength: 0, rows: 1, width: long.length, tokens: long, queryAt, queryTarget: long, keep: false });
    rate = Math.max(rate, long.length / Math.max(1e-6, now() - begun));
  }
  return rate;
}

/** Largest difference of two probes' entropies, nats; infinite where one has no number. */
export function probeDifference(a: ProbeResult, b: ProbeResult): number {
  let largest = a.entropy.length === b.entropy.length ? 0 : Infinity;
  a.entropy.forEach((value, i) => {
    const difference = Math.abs(value - (b.entropy[i] ?? Number.NaN));
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  });
  return largest;
}

/**
 * A sentence where the model finds ordinary text no likelier than chance, as with another model's tokenizer; else null.
 * Chance is log(vocabulary); a model that has learnt anything of its tokens stays well below it.
 */
export function chanceWarning(probe: ProbeResult, vocabulary: number): string | null {
  let sum = 0;
  for (const value of probe.surprisal) sum += value;
  const mean = sum / probe.surprisal.length;
  if (mean < Math.log(vocabulary) - 0.5) return null;
  return (
    `the model finds ordinary text no likelier than chance (${mean.toFixed(2)} nats per ` +
    `token, chance is ${Math.log(vocabulary).toFixed(2)}): its tokenizer may be another model's`
  );
}
