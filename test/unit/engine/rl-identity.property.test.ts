/** Weight × advantage over all records against flat training, token by token, on logs in which some rewards are unknown. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const rollout = fc.record({
  task: fc.constantFrom('pears', 'plums'),
  answers: fc.array(fc.record({ text: fc.constantFrom('Yes.', 'No.'), weight: fc.constantFrom(0, 1, 1, 1) }), {
    minLength: 1,
    maxLength: 3,
  }),
  reward: fc.constantFrom(0, 0.1, 0.3, 1, null),
});

interface FlatTask {
  readonly task: string;
  readonly parent: number[];
  readonly token_ids: number[][];
  readonly trajectories: { leaf: number; reward: number | null; sampled: number[] }[];
}

/** prefix of tokens, its task before it -> what flat training gives its last token: Σ of the advantage over those that sampled it, by K */
function flatSums({ task, parent, token_ids: runs, trajectories }: FlatTask): Map<string, number> {
  const known = trajectories.flatMap(({ reward }) => reward ?? []);
  const mean = known.reduce((sum, reward) => sum + reward, 0) / known.length;
  const sums = new Map<string, number>();
  for (const { leaf, reward, sampled } of trajectories) {
    const path: number[] = [];
    for (let n = leaf; n >= 0; n = parent[n]) path.unshift(n);
    const ids = path.flatMap((n) => runs[n]);
    for (let i = 0; i < sampled.length; i += 2) {
      for (let at = sampled[i]; at < sampled[i + 1]; at++) {
        const key = `${task} ${ids.slice(0, at + 1).join(' ')}`;
        sums.set(key, (sums.get(key) ?? 0) + (reward === null ? 0 : reward - mean) / trajectories.length);
      }
    }
  }
  return sums;
}

it('is the same for every token: a rollout of unknown reward trains nothing', async () => {
  let shared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(rollout, { minLength: 2, maxLength: 8 }), async (rollouts) => {
      const lines = rollouts.map(({ task, answers, reward }, at) => {
        const messages = answers.flatMap(({ text, weight }, turn) => [
          { role: 'user', content: `${task} ${turn}?` },
          { role: 'assistant', content: text, weight },
        ]);
        return JSON.stringify({ id: `r${at}`, task_id: task, messages, ...(reward === null ? {} : { reward }) });
      });
      const { session } = await openSession([inputFile('log.jsonl', `${lines.join('\n')}\n`)]);
      const rule: PruneRule = { ...DEFAULT_RULE, mode: 'rl', advantage: 'dr-grpo' };
      const sink = memorySink();
      const spec = exportSpec('tokens', 'forest');
      await session.export(session.order(rule).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
      const found = new Map<string, number>();
      const records = linesOf(sink.files.get('tokens.jsonl')) as {
        task: string;
        input_ids: number[];
        weight: number[];
        advantage?: number[];
      }[];
      for (const { task, input_ids: ids, weight, advantage } of records) {
        expect(advantage !== undefined).toBe(rollouts.some(({ reward }) => reward !== null));
        for (const [at, own] of weight.entries()) {
          if (own === 0) continue;
          const key = `${task} ${ids.slice(0, at + 1).join(' ')}`;
          found.set(key, (found.get(key) ?? 0) + own * (advantage?.[at] ?? 0));
        }
      }
      const flat = new Map(linesOf(sink.files.get('forest.jsonl')).flatMap((line) => [...flatSums(line as unknown as FlatTask)]));
      expect([...found.keys()].sort()).toEqual([...flat.keys()].sort());
      for (const [key, sum] of flat) {
        expect(Math.abs((found.get(key) ?? 0) - sum)).toBeLessThan(1e-9);
        shared++;
      }
    }),
    { numRuns: 60 },
  );
  expect(shared).toBeGreaterThan(500);
}, 60_000);
