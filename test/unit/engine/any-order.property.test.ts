/** What is exported does not depend on the order of files or of lines: only places of lines differ. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { STRATEGIES } from '../../../src/core/prune/strategies.ts';
import { TRAIN_METHODS } from '../../../src/core/prune/train-methods.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

/** Logs of several tasks, with equal rollouts, equal ids in two files, and answers that only some of them sampled. */
const word = fc.constantFrom('Yes.', 'No.', 'Soon.');
const rollout = fc.record({
  task: fc.constantFrom('pears', 'apples', 'plums'),
  answers: fc.array(fc.record({ text: word, weight: fc.constantFrom(0, 1, 1) }), { minLength: 1, maxLength: 3 }),
  reward: fc.constantFrom(0, 0.1, 0.3, 1, null),
});
const logs = fc.array(fc.array(rollout, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }).chain((files) => {
  const written = files.map((rollouts, file) => ({
    name: `log-${file}.jsonl`,
    lines: rollouts.map(({ task, answers, reward }, at) => {
      const messages = answers.flatMap(({ text, weight }, turn) => [
        { role: 'user', content: `${task} ${turn}?` },
        { role: 'assistant', content: text, weight },
      ]);
      // Two files have rollouts of one id; some have no reward.
      return JSON.stringify({ id: `r${at}`, task_id: task, messages, ...(reward === null ? {} : { reward }) });
    }),
  }));
  return fc.record({
    first: fc.constant(written),
    moved: fc
      .tuple(
        fc.shuffledSubarray(written, { minLength: written.length }),
        fc.tuple(...written.map(({ lines }) => fc.shuffledSubarray(lines, { minLength: lines.length }))),
      )
      .map(([order, shuffled]) => order.map(({ name }) => ({ name, lines: shuffled[written.findIndex((file) => file.name === name)] }))),
  });
});

const rules: fc.Arbitrary<PruneRule> = fc
  .record({
    strategy: fc.constantFrom(...STRATEGIES.map(({ id }) => id)),
    train: fc.constantFrom(...TRAIN_METHODS.map(({ id }) => id)),
    mode: fc.constantFrom('sft' as const, 'rl' as const),
    advantage: fc.constantFrom('grpo' as const, 'rloo' as const),
    reachBy: fc.constantFrom('tokens' as const, 'actions' as const),
    divisor: fc.constantFrom('trajectories' as const, 'rollouts' as const),
  })
  .map((settings) => ({ ...DEFAULT_RULE, ...settings }));

async function written(files: readonly { readonly name: string; readonly lines: readonly string[] }[], rule: PruneRule, cut: number) {
  const { session } = await openSession(files.map(({ name, lines }) => inputFile(name, `${lines.join('\n')}\n`)));
  const sink = memorySink();
  await session.export(session.order(rule).orderId, { cut, train: 0.8 }, exportSpec(), sink, () => undefined);
  // All but where a rollout came from, and the checksums of lines that say so.
  return ['messages.jsonl', 'tokens.jsonl', 'forest.jsonl'].map((name) =>
    (sink.files.get(name) ?? '').replace(/"line":\d+/g, '"line":0').replace(/,"sha256":"\w+"/g, ''),
  );
}

it('gives the same bytes for every order of files and lines', async () => {
  await fc.assert(
    fc.asyncProperty(logs, rules, fc.constantFrom(0.4, 0.7, 1), async ({ first, moved }, rule, cut) => {
      expect(await written(moved, rule, cut)).toEqual(await written(first, rule, cut));
    }),
    { numRuns: 60 },
  );
});

it('gives the same bytes for the sample, whatever the order of its lines', async () => {
  const lines = readFileSync('public/samples/orchard.jsonl', 'utf8').trimEnd().split('\n');
  const [a, b] = [lines.slice(0, 60), lines.slice(60)];
  const rule: PruneRule = { ...DEFAULT_RULE, mode: 'rl' };
  const first = await written(
    [
      { name: 'a', lines: a },
      { name: 'b', lines: b },
    ],
    rule,
    0.4,
  );
  const then = await written(
    [
      { name: 'b', lines: b.toReversed() },
      { name: 'a', lines: a.toReversed() },
    ],
    rule,
    0.4,
  );
  for (const [index, text] of then.entries()) expect(text === first[index]).toBe(true);
});
