/** Token-level training on the bundled sample: sizes, effective weights, and the same choice for every order of files. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { TRAIN_METHODS } from '../../../src/core/prune/train-methods.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const SAMPLE = readFileSync('public/samples/orchard.jsonl', 'utf8');
const RULE: PruneRule = { ...DEFAULT_RULE, trainProtect: {}, train: 'unbiased' };
const SEEDS = 50;

it('draws within 1 % of what is asked for, whatever the seed', async () => {
  const { session } = await openSession([inputFile('orchard.jsonl', SAMPLE)]);
  for (let seed = 0; seed < SEEDS; seed++) {
    const { orderId } = session.order({ ...RULE, seed });
    for (const [budget, within] of [
      [{ cut: 1, train: 0.2 }, 0.01],
      [{ cut: 1, train: 0.5 }, 0.01],
      [{ cut: 0.3, train: 0.2 }, 0.03],
    ] as const) {
      const { training, trainDraw } = session.keep(orderId, budget);
      expect(Math.abs(training.after - trainDraw.expected)).toBeLessThan(within * trainDraw.expected);
    }
  }
});

it('chooses the same tokens in whatever order files and lines come', async () => {
  const lines = SAMPLE.trimEnd().split('\n');
  const half = Math.floor(lines.length / 2);
  const text = (part: readonly string[]): string => `${part.join('\n')}\n`;
  const one = await openSession([inputFile('a.jsonl', text(lines.slice(0, half))), inputFile('b.jsonl', text(lines.slice(half)))]);
  const other = await openSession([
    inputFile('b.jsonl', text(lines.slice(half).toReversed())),
    inputFile('a.jsonl', text(lines.slice(0, half).toReversed())),
  ]);
  for (const { id } of TRAIN_METHODS) {
    const figures = [one, other].map(({ session }) => {
      const { orderId } = session.order({ ...RULE, train: id, seed: 3 });
      const { training, trainDraw } = session.keep(orderId, { cut: 0.6, train: 0.2 });
      return { training, trainDraw };
    });
    expect(figures[0]).toEqual(figures[1]);
  }
});
