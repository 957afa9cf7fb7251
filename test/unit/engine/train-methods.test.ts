/** Token-level training on the bundled sample: sizes, effective weights, and the same choice for every order of files. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hash128 } from '../../../src/base/hash.ts';
import { DEFAULT_RULE, type Budget, type PruneRule } from '../../../src/core/model/rule.ts';
import { TRAIN_METHODS } from '../../../src/core/prune/train-methods.ts';
import type { Session } from '../../../src/engine/session.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

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

interface TokenLine {
  readonly input_ids: readonly number[];
  readonly loss_mask: readonly number[];
  readonly weight: readonly number[];
  readonly task: string;
}

/** prefix of token ids -> sum of its last token's weights over all records, where any is above 0 */
function weightSums(lines: readonly TokenLine[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { input_ids, loss_mask, weight, task } of lines) {
    let prefix = hash128(task);
    for (const [i, id] of input_ids.entries()) {
      prefix = hash128(`${prefix}${id}`);
      expect(loss_mask[i]).toBe(weight[i] > 0 ? 1 : 0);
      if (weight[i] > 0) sums.set(prefix, (sums.get(prefix) ?? 0) + weight[i]);
    }
  }
  return sums;
}

async function exported(session: Session, rule: PruneRule, budget: Budget): Promise<Map<string, string>> {
  const sink = memorySink();
  await session.export(session.order(rule).orderId, budget, exportSpec(), sink, () => undefined);
  return sink.files;
}

it('writes what is chosen: token by token, the mean for each message, and how in the manifest', async () => {
  const lines = SAMPLE.trimEnd().split('\n').slice(0, 12);
  const { session } = await openSession([inputFile('orchard.jsonl', `${lines.join('\n')}\n`)]);
  const budget = { cut: 0.7, train: 0.25 };
  const all = await exported(session, { ...RULE, train: 'nodes' }, { ...budget, train: 1 });
  const coefficients = weightSums(linesOf(all.get('tokens.jsonl')) as unknown as TokenLine[]);
  for (const train of ['top', 'forking', 'random', 'unbiased'] as const) {
    const files = await exported(session, { ...RULE, train, seed: 4 }, budget);
    const sums = weightSums(linesOf(files.get('tokens.jsonl')) as unknown as TokenLine[]);
    const manifest = JSON.parse(files.get('manifest.json') ?? '') as {
      train: Record<string, unknown>;
      totals: { training_tokens: { after: number } };
    };
    expect(manifest.train).toMatchObject({ method: train, seed: 4, tokens: sums.size });
    expect('floor' in manifest.train).toBe(train === 'unbiased');
    expect(manifest.totals.training_tokens.after).toBe(sums.size);
    expect(manifest.train['effective_tokens']).toBeLessThanOrEqual(sums.size * (1 + 1e-9));
    const factors = [...sums].map(([prefix, sum]) => sum / (coefficients.get(prefix) ?? NaN));
    if (train === 'unbiased') expect(factors.every((factor) => factor > 1 - 1e-6)).toBe(true);
    else expect(factors.every((factor) => Math.abs(factor - 1) < 1e-9)).toBe(true);
    // Messages have the same weights in sum, and say that single tokens are not in them.
    const messages = linesOf(files.get('messages.jsonl')) as unknown as { messages: { train: boolean; weight: number }[] }[];
    expect(messages.flatMap(({ messages: each }) => each).every((message) => message.train === message.weight > 0)).toBe(true);
    const previews = await session.previewExport(session.order({ ...RULE, train, seed: 4 }).orderId, budget, exportSpec('messages'));
    expect(previews[0]?.warnings.join()).toContain('tokens.jsonl');
    // The forest opens again with the same choice.
    const again = await openSession([inputFile('forest.jsonl', files.get('forest.jsonl') ?? '')]);
    const { restored } = again.facts;
    const rewritten = await exported(again.session, restored?.rule ?? DEFAULT_RULE, restored?.budget ?? budget);
    const factorsOf = (text: string | undefined): unknown => linesOf(text).map((line) => [line['task'], line['factors']]);
    expect(factorsOf(rewritten.get('forest.jsonl'))).toEqual(factorsOf(files.get('forest.jsonl')));
    expect(JSON.stringify(factorsOf(files.get('forest.jsonl'))).match(/[1-9]/g)?.length).toBeGreaterThan(10);
  }
});

it('gives each message the mean weight of its tokens, so that sums stay', async () => {
  const message = (role: string, content: string) => ({ role, content });
  const record = {
    messages: [
      message('user', 'Which bed comes first?'),
      message('assistant', 'The one by the wall, because it is the driest of them all.'),
      message('user', 'And then?'),
      message('assistant', 'The two beds with the roses, and after that the herbs.'),
    ],
  };
  const { session } = await openSession([inputFile('a.jsonl', `${JSON.stringify(record)}\n`)]);
  const rule: PruneRule = { ...RULE, signal: 'tokens', seed: 2 };
  const tokensAt = async (train: number): Promise<TokenLine> => {
    const files = await exported(session, rule, { cut: 1, train });
    return (linesOf(files.get('tokens.jsonl')) as unknown as TokenLine[])[0]!;
  };
  const full = await tokensAt(1);
  const part = await tokensAt(0.5);
  const files = await exported(session, rule, { cut: 1, train: 0.5 });
  const [{ messages }] = linesOf(files.get('messages.jsonl')) as unknown as [{ messages: { role: string; weight: number }[] }];
  const answers = messages.filter(({ role }) => role === 'assistant');
  // The sampled tokens of an answer are a run of the full mask.
  const runs = [...full.loss_mask.join('').matchAll(/1+/g)].map(({ index, 0: run }) => [index, index + run.length] as const);
  expect(runs).toHaveLength(answers.length);
  for (const [i, [from, to]] of runs.entries()) {
    const sum = part.weight.slice(from, to).reduce((all, weight) => all + weight, 0);
    expect(sum).toBeGreaterThan(0);
    expect((answers[i]?.weight ?? 0) * (to - from)).toBeCloseTo(sum, 9);
  }
});
