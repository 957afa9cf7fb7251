/** The order in which files and lines come decides nothing: the same nodes are kept and trained. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { STRATEGIES } from '../../../src/core/prune/strategies.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const logs = [
  // Every 6th episode of the sample, so that each of its tasks is there.
  readFileSync('public/samples/orchard.jsonl', 'utf8')
    .trimEnd()
    .split('\n')
    .filter((_, i) => i % 6 === 0),
  // No entropy, and every rollout worth the same: all is ties.
  Array.from({ length: 24 }, (_, i) => {
    const turn = (text: string) => [
      { role: 'assistant', content: `${text} ${i % 8}` },
      { role: 'user', content: 'Go on.' },
    ];
    const messages = [{ role: 'user', content: `Task ${i % 3}.` }, ...turn('First'), ...turn('Second'), ...turn('Third')];
    return JSON.stringify({ id: `rollout ${i}`, task: `${i % 3}`, reward: Number(i % 2 === 0), messages });
  }),
];

/** Tasks by key, each with its kept and trained prefixes of tokens. */
async function chosen(files: readonly (readonly string[])[], mode: 'sft' | 'rl') {
  const { session } = await openSession(files.map((lines, i) => inputFile(`${i}.jsonl`, `${lines.join('\n')}\n`)));
  const found: Record<string, unknown> = {};
  for (const { id: strategy } of STRATEGIES) {
    const { orderId } = session.order({ ...DEFAULT_RULE, strategy, mode });
    const sink = memorySink();
    await session.export(orderId, { cut: 0.4, train: 0.5 }, exportSpec('forest'), sink, () => undefined);
    const tasks = linesOf(sink.files.get('forest.jsonl')).map((line) => {
      const { task, parent, token_ids: runs, kept, trained } = line as Record<string, number[]> & { token_ids: number[][] };
      const nodes = parent.map((p, n) => [p, runs[n].join(' '), kept[n], trained[n]].join('|'));
      return [String(task), nodes.join('\n')] as const;
    });
    found[strategy] = Object.fromEntries(tasks.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
  return found;
}

it.each([0, 1])('keeps and trains the same nodes of log %i in every order', async (log) => {
  const lines = logs[log];
  for (const mode of ['sft', 'rl'] as const) {
    const expected = await chosen([lines], mode);
    const shuffled = fc.shuffledSubarray([...lines], { minLength: lines.length, maxLength: lines.length });
    await fc.assert(
      fc.asyncProperty(shuffled, fc.nat(lines.length), async (order, at) => {
        const files = [order.slice(0, at), order.slice(at)].filter(({ length }) => length > 0);
        expect(await chosen(files, mode)).toEqual(expected);
      }),
      { numRuns: 4 },
    );
  }
});
