/** Log and model put together, against the definition written out slowly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { nodeEntropy, tokenEntropies, tokensBySource } from '../../../../src/core/signal/entropy.ts';
import { ENTROPY_SOURCES } from '../../../../src/core/signal/entropy-source.ts';
import { nodeSignal } from '../../../../src/core/signal/node-signal.ts';
import { scoreNodes } from '../../../../src/core/signal/score.ts';
import { KAPPA, shrinkageOf } from '../../../../src/core/signal/shrinkage.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const nats = fc.oneof({ weight: 1, arbitrary: fc.constant(NaN) }, { weight: 3, arbitrary: fc.float({ min: 0, max: 8, noNaN: true }) });

/** A forest with log-probs, with or without logged entropies beside them, and a model's figures of some tokens. */
const drawn = fc
  .record({ batch: batches({ keys: 3 }), exact: fc.boolean(), model: fc.array(nats, { minLength: 8, maxLength: 8 }), silent: fc.nat(3) })
  .map(({ batch, exact, model, silent }) => {
    const builder = makeForestBuilder();
    builder.add(batch);
    const { forest: made } = freeze(builder);
    const { channels } = made;
    const forest: Forest = exact ? made : { ...made, channels: { ...channels, entropy: null, entropyLow: null, entropyHigh: null } };
    const column = Float32Array.from(forest.edgeTokens, (_, at) => model[at % 8]);
    // Some nodes are not scored at all.
    for (let n = silent; n < forest.length; n += 4) column.fill(NaN, forest.edgeStart[n], forest.edgeStart[n + 1]);
    return { forest, model: column };
  });

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const isKnown = (value: number): boolean => !Number.isNaN(value);
const tokensOf = (forest: Forest, n: number): number[] => {
  const [from, end] = [forest.edgeStart[n], forest.edgeStart[n + 1]];
  return Array.from({ length: end - from }, (_, i) => from + i);
};

function exactOf({ channels: { entropy, entropyLow, entropyHigh } }: Forest, at: number): number {
  if (entropy !== null && isKnown(entropy[at])) return entropy[at];
  return entropyLow === null || entropyHigh === null ? NaN : (entropyLow[at] + entropyHigh[at]) / 2;
}

function loggedOf(forest: Forest, at: number): number {
  const exact = exactOf(forest, at);
  return isKnown(exact) ? exact : (forest.channels.surprisal?.[at] ?? NaN);
}

/** The definition of ARCHITECTURE.md, token by token. */
function slowly(forest: Forest, model: Float32Array): { scale: number; values: number[]; sources: string[] } {
  const all = [...forest.edgeTokens.keys()].filter((at) => isKnown(model[at]) && isKnown(loggedOf(forest, at)));
  const byLog = all.reduce((sum, at) => sum + loggedOf(forest, at), 0);
  const byModel = all.reduce((sum, at) => sum + model[at], 0);
  const scale = byLog > 0 && byModel > 0 ? byLog / byModel : 1;
  const values: number[] = [];
  const sources: string[] = [];
  const put = (value: number, source: string): void => {
    values.push(value);
    sources.push(source);
  };
  for (let n = 0; n < forest.length; n++) {
    const logged = tokensOf(forest, n)
      .map((at) => loggedOf(forest, at))
      .filter(isKnown);
    for (const at of tokensOf(forest, n)) {
      const own = loggedOf(forest, at);
      if (isKnown(exactOf(forest, at))) put(own, 'exact');
      else if (!isKnown(own) && !isKnown(model[at])) put(NaN, 'none');
      else if (logged.length > 0 && isKnown(model[at])) {
        const byLogs = isKnown(own) ? own : mean(logged);
        put((logged.length * byLogs + KAPPA * scale * model[at]) / (logged.length + KAPPA), 'combined');
      } else if (isKnown(own)) put(own, 'surprisal');
      else put(scale * model[at], 'model');
    }
  }
  return { scale, values, sources };
}

describe('log and model together', () => {
  it('give each token what the definition gives, and say where it is from', () => {
    fc.assert(
      fc.property(drawn, ({ forest, model }) => {
        const expected = slowly(forest, model);
        const { valueOf, sourceOf, shrinkage } = tokenEntropies(forest, model);
        expect(shrinkage?.scale ?? 1).toBeCloseTo(expected.scale, 9);
        for (let n = 0; n < forest.length; n++) {
          for (const at of tokensOf(forest, n)) {
            const source = ENTROPY_SOURCES[sourceOf(at, n)];
            expect(source === 'logged' || source === 'top-k' ? 'exact' : source).toBe(expected.sources[at]);
            if (isKnown(expected.values[at])) expect(valueOf(at, n)).toBeCloseTo(expected.values[at], 9);
            else expect(valueOf(at, n)).toBeNaN();
          }
        }
      }),
    );
  });

  it('make a node that is scored whole worth (n·s + κ·b·m) ÷ (n + κ) per token, in its sum, its bounds, its signal and its counts', () => {
    let met = 0;
    fc.assert(
      fc.property(drawn, ({ forest, model }) => {
        const entropy = nodeEntropy(forest, 'sum', model);
        const scale = shrinkageOf(forest, model)?.scale ?? 1;
        const source = { forest, model: { entropy: model, surprisal: model }, imported: null };
        const signal = nodeSignal(source, 'entropy', entropy);
        const anew = nodeSignal(source, 'entropy');
        const scores = scoreNodes(forest, DEFAULT_RULE, { model: source.model });
        const counts = ENTROPY_SOURCES.map(() => 0);
        for (let n = 0; n < forest.length; n++) {
          if (forest.sampledCount[n] === 0) continue;
          const tokens = tokensOf(forest, n);
          for (const at of tokens) counts[entropy.by.sourceOf(at, n)]++;
          expect(scores.entropy.sum[n]).toBe(entropy.sum[n]);
          if (signal.used.id === 'entropy') {
            expect(anew.sum[n]).toBe(signal.sum[n]);
            const filled = tokens.reduce((sum, at) => sum + signal.valueOf(at, n), 0);
            expect(filled).toBeCloseTo(signal.sum[n], 6);
          }
          const logged = tokens.map((at) => loggedOf(forest, at)).filter(isKnown);
          const scored = tokens.map((at) => model[at]).filter(isKnown);
          if (tokens.some((at) => isKnown(exactOf(forest, at))) || logged.length === 0 || scored.length < tokens.length) continue;
          met++;
          expect(ENTROPY_SOURCES[entropy.source[n]]).toBe('combined');
          const expected = (logged.length * mean(logged) + KAPPA * scale * mean(scored)) / (logged.length + KAPPA);
          expect(entropy.sum[n] / entropy.known[n]).toBeCloseTo(expected, 6);
          expect([entropy.low[n], entropy.high[n]]).toEqual([entropy.sum[n], entropy.sum[n]]);
        }
        expect([...tokensBySource(forest, entropy.by)]).toEqual(counts);
      }),
    );
    expect(met).toBeGreaterThan(50);
  });

  it('leave what is logged as an entropy alone, and a log that no model has scored', () => {
    fc.assert(
      fc.property(drawn, ({ forest, model }) => {
        const [alone, both] = [tokenEntropies(forest, null), tokenEntropies(forest, model)];
        for (let n = 0; n < forest.length; n++) {
          for (const at of tokensOf(forest, n)) {
            expect(alone.valueOf(at, n)).toEqual(loggedOf(forest, at));
            if (isKnown(exactOf(forest, at))) expect(both.valueOf(at, n)).toEqual(exactOf(forest, at));
          }
        }
      }),
    );
  });
});

it('fits no scale to log-probs that are all 0, which would make nothing of the model', () => {
  const { forest } = treeFromText('A?0 B?0 | C');
  const { shrinkage, valueOf } = tokenEntropies(forest, Float32Array.of(2, 2, 3));
  expect(shrinkage?.scale).toBe(1);
  expect(valueOf(2, 1)).toBe(3);
});

it('gives a node that only the model knows the scale of those that both know', () => {
  const { forest } = treeFromText('A?1 B?1 | C');
  const { shrinkage, valueOf } = tokenEntropies(forest, Float32Array.of(4, 4, 2));
  expect(shrinkage?.scale).toBe(0.25);
  expect(valueOf(2, 1)).toBe(0.5);
  expect(valueOf(0, 0)).toBe(1);
});
