/** A train method is a file and a line: a toy one, put into the list, is in the help and in the panel, chooses and is written. */
import { expect, it, vi } from 'vitest';
import { PRUNE_HELP } from '../../src/cli/commands/prune.ts';
import { pruneRule } from '../../src/cli/rule-flags.ts';
import { DEFAULT_RULE, type PruneRule } from '../../src/core/model/rule.ts';
import type { TrainMethod } from '../../src/core/prune/train-method.ts';
import { RULE_FIELDS } from '../../src/core/rule/fields.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/core/prune/train-methods.ts', async (original) => {
  const { TRAIN_METHODS } = await original<typeof import('../../src/core/prune/train-methods.ts')>();
  const first: TrainMethod = {
    id: 'first',
    label: 'first tokens',
    help: 'Toy: the tokens at the beginning of the log.',
    tokens: { take: 'largest', worth: () => (at) => -at },
  };
  return { TRAIN_METHODS: [...TRAIN_METHODS, first] };
});

const RULE = { ...DEFAULT_RULE, trainProtect: {}, train: 'first' } as unknown as PruneRule;

it('is in the help of the CLI, taken as a flag, and a choice of the panel with its sentence', () => {
  expect(PRUNE_HELP).toMatch(/--train NAME .*\n.*first/);
  expect(pruneRule({ train: 'first' })).toMatchObject({ train: 'first' });
  expect(() => pruneRule({ train: 'firs' })).toThrow('first');
  const values: readonly { readonly id: string; readonly help: string }[] = RULE_FIELDS.train.values;
  expect(values.at(-1)).toMatchObject({ id: 'first', help: 'Toy: the tokens at the beginning of the log.' });
});

it('chooses tokens, which are written with their masks, and is named in the manifest', async () => {
  const record = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"one two three four five six seven"}]}\n';
  const { session } = await openSession([inputFile('a.jsonl', record)]);
  const { orderId } = session.order(RULE);
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 0.5 }, exportSpec('tokens'), sink, () => undefined);
  const [line] = linesOf(sink.files.get('tokens.jsonl')) as { loss_mask: number[] }[];
  const mask = line?.loss_mask.join('') ?? '';
  expect(mask).toMatch(/^0+1+0+$/);
  expect(JSON.parse(sink.files.get('manifest.json') ?? '')).toMatchObject({
    train: { method: 'first', tokens: mask.replaceAll('0', '').length },
  });
});
