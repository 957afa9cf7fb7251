/** Prefix costs of a session: equal to what its files hold, token by token, and to the figures that other views show. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import type { ExportedFile, ExportSpec, RecordSettings, WeightConvention } from '../../../src/engine/answers/exporting.ts';
import type { RecordSetCost } from '../../../src/engine/answers/prefix-cost.ts';
import { setCost, taskCost } from '../../../src/engine/studies/prefix-cost/count-sets.ts';
import { logTrees } from '../../../src/engine/studies/prefix-cost/record-sets.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { slowCosts, type SlowCost, type TokensLine } from '../../helpers/prefixCost.ts';
import { treeFromText } from '../../helpers/treeFromText.ts';
import type { Way } from '../../../src/core/prefix/ways.ts';

const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
const SETTINGS = { context: 4096, kernel: 128 };

interface Asked {
  readonly weights?: WeightConvention;
  readonly rule?: Partial<PruneRule>;
  readonly cut?: number;
  readonly train?: number;
  readonly maskErrors?: boolean;
  readonly records?: Partial<RecordSettings>;
  readonly profiles?: ExportSpec['profiles'];
}

async function asked({ weights = 'branch-mean', rule = {}, cut = 1, train = 1, maskErrors = false, records = {}, profiles = [] }: Asked) {
  const spec: ExportSpec = { ...exportSpec(), weights, maskErrors, records, profiles: [{ profile: 'tokens' }, ...profiles] };
  const { orderId } = session.order({ ...DEFAULT_RULE, ...rule });
  const budget = { cut, train };
  const sink = memorySink();
  const files = await session.export(orderId, budget, spec, sink, () => undefined);
  const lines = linesOf(sink.files.get('tokens.jsonl')) as unknown as TokensLine[];
  return { orderId, budget, spec, files, sink, lines, cost: await session.prefixCost(orderId, budget, spec, SETTINGS) };
}

const shown = ({ totals }: RecordSetCost): Record<Way, SlowCost> => {
  const of = (way: Way): SlowCost => ({ tokens: totals[way].tokens, keys: totals[way].keys, backTokens: totals[way].backTokens });
  return { flat: of('flat'), grouper: of('grouper'), tree: of('tree') };
};

describe('the cost of an export', () => {
  it.each<[string, Asked]>([
    ['of everything', {}],
    ['at a cut, with half of the tokens trained', { cut: 0.3, train: 0.5 }],
    ['each token trained once', { cut: 0.5, weights: 'train-once' }],
    ['of rollouts kept whole', { cut: 0.5, weights: 'kept-mean' }],
    ['without failed turns', { maskErrors: true }],
    ['without turns that a rule finds', { maskErrors: true, records: { errorRules: 'all' } }],
    ['of single tokens', { train: 0.2, rule: { train: 'forking' } }],
    ['of windows', { records: { maxTokens: 300, overLong: 'windows' } }],
    ['of records that are cut', { records: { maxTokens: 300, overLong: 'cut' } }],
    ['of successes', { rule: { outcome: 'successes' } }],
  ])('is what its file of tokens comes to: %s', async (_, settings) => {
    const { lines, cost } = await asked(settings);
    expect(lines.length).toBeGreaterThan(10);
    expect(cost.sets.export.records).toBe(lines.length);
    expect(shown(cost.sets.export)).toEqual(slowCosts(lines));
    const long = lines.filter(({ input_ids: ids }) => ids.length > SETTINGS.context);
    expect(cost.sets.export.overContext.records).toBe(long.length);
  });

  it('counts task by task, and names what exceeds the context', async () => {
    const { lines, orderId, budget, spec } = await asked({});
    const { sets, taskKeys } = await session.prefixCost(orderId, budget, spec, { context: 300, kernel: 64 });
    const own = sets.export;
    const table = session.tasks();
    expect(taskKeys).toEqual(table.key);
    for (const [row, task] of own.task.entries()) {
      const ofTask = lines.filter((line) => line.task === table.key[task]);
      const slow = slowCosts(ofTask);
      for (const way of ['flat', 'grouper', 'tree'] as const) {
        expect(own.columns[way].tokens[row]).toBe(slow[way].tokens);
        expect(own.columns[way].keys[row]).toBe(slow[way].keys);
      }
      expect(own.taskRecords[row]).toBe(ofTask.length);
      expect(own.taskLongest[row]).toBe(Math.max(...ofTask.map(({ input_ids: ids }) => ids.length)));
    }
    const beyond = lines.map(({ input_ids: ids }) => ids.length - 300).filter((tokens) => tokens > 0);
    expect(beyond.length).toBeGreaterThan(0);
    expect(own.overContext).toEqual({ records: beyond.length, tokens: beyond.reduce((sum, tokens) => sum + tokens, 0) });
    expect(own.taskOverContext.reduce((sum, records) => sum + records, 0)).toBe(beyond.length);
    const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0);
    expect(sum(own.columns.tree.blockKeys)).toBe(own.totals.tree.blockKeys);
    expect(own.totals.tree.blockKeys).toBeGreaterThanOrEqual(own.totals.tree.keys);
  });

  it('has the prompts and completions of the file for PrefixGrouper', async () => {
    const { cost, sink } = await asked({ cut: 0.6, profiles: [{ profile: 'prefix-grouper' }] });
    const groups = linesOf(sink.files.get('prefix-grouper/train.jsonl')) as unknown as {
      prompt_ids: number[];
      completion_ids: number[][];
    }[];
    const tokens = groups.reduce((sum, group) => sum + group.prompt_ids.length + group.completion_ids.flat().length, 0);
    // That file leaves out what stands behind the last token that trains: of a record all but one token that no loss depends on.
    const { grouper, flat } = cost.sets.export.totals;
    const tails = flat.tokens - flat.backTokens - cost.sets.export.records;
    expect(tokens).toBe(grouper.tokens - tails);
  });
});

describe('the cost of the whole log', () => {
  it('is of as many tokens as the page counts, flat and distinct', async () => {
    const { orderId, budget, cost } = await asked({ cut: 0.4 });
    const keep = session.keep(orderId, budget);
    expect(cost.sets.log.totals.flat.tokens).toBe(keep.flat.before);
    expect(cost.sets.log.totals.tree.tokens).toBe(keep.distinct.before);
    // Nothing of it is pruned.
    const whole = await asked({});
    expect(cost.sets.log).toEqual(whole.cost.sets.log);
  });

  it('is the FLOPs that a budget counts, and what each token attends to itself', async () => {
    const model = { parameters: 1e9, layers: 10, width: 100 };
    const { orderId, totalCost } = session.order({ ...DEFAULT_RULE, unit: 'flops', model });
    const { sets } = await session.prefixCost(orderId, { cut: 1, train: 1 }, exportSpec(), SETTINGS);
    const { tokens, keys } = sets.log.totals.tree;
    expect(2e9 * tokens + 4000 * (keys - tokens)).toBe(totalCost);
  });

  it('leaves out what acts drop', async () => {
    const rule: PruneRule = { ...DEFAULT_RULE, acts: [{ verb: 'drop', where: 'reward<0.5', isOn: true }] };
    await session.prepareActs(rule, () => undefined);
    const { orderId } = session.order(rule);
    const keep = session.keep(orderId, { cut: 1, train: 1 });
    const { sets } = await session.prefixCost(orderId, { cut: 1, train: 1 }, exportSpec(), SETTINGS);
    expect(sets.log.totals.flat.tokens).toBe(keep.flat.before);
    expect(keep.flat.before).toBeLessThan((await asked({})).cost.sets.log.totals.flat.tokens);
  });

  it('is of every trajectory to its end, task by task, with loss on what it sampled', () => {
    const word = fc.constantFrom('A', 'B', 'c', 'd');
    const task = fc.array(fc.array(word, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 3 }), (tasks) => {
        const text = tasks.map((rows, t) => [`-- t${t}`, ...rows.map((row) => row.join(' '))].join('\n')).join('\n');
        const trees = [...logTrees(treeFromText(text).forest)];
        expect(trees.map(({ task: row }) => row)).toEqual([...tasks.keys()]);
        for (const [t, rows] of tasks.entries()) {
          const lines = rows.map((row) => ({
            task: '',
            input_ids: row.map((w) => w.charCodeAt(0)),
            weight: row.map((w) => (w < 'a' ? 1 : 0)),
          }));
          const tree = trees[t]?.tree;
          expect(tree && shown(setCost([taskCost({ task: t, tree }, SETTINGS)]))).toEqual(slowCosts(lines));
        }
      }),
    );
  });
});

describe('a packing', () => {
  it('of trees has the rows of the profile `tree`', async () => {
    const option = (across: boolean): ExportSpec['profiles'][number] => ({
      profile: 'tree',
      options: { tokens: 2048, multiple: 1, across },
    });
    for (const across of [false, true]) {
      const { orderId, budget, spec, files } = await asked({ cut: 0.7, profiles: [option(across)] });
      const { packing, records } = files.find(({ name }) => name.startsWith('tree')) as ExportedFile;
      const answer = await session.prefixPacking(orderId, budget, spec, 'export', { room: 2048, across });
      expect(answer.tooLong).toEqual({ records: 0, tokens: 0 });
      expect(packing).toMatchObject({
        flat: answer.flatTokens,
        tree: answer.treeTokens,
        packed: answer.tree.tokens,
        por: answer.por,
        err: answer.tree.err,
      });
      expect(answer.tree.blocks).toBe(records);
      expect(answer.flat).toMatchObject({ tokens: answer.flatTokens, err: 0, fewest: Math.ceil(answer.flatTokens / 2048) });
      expect(answer.flat.padding).toBe(answer.flat.blocks * 2048 - answer.flatTokens);
    }
  });

  it('names the task of every run, and counts what fits in no block', async () => {
    const { orderId, budget, spec, lines } = await asked({});
    const answer = await session.prefixPacking(orderId, budget, spec, 'export', { room: 400, across: true });
    const long = lines.filter(({ input_ids: ids }) => ids.length > 400);
    expect(answer.tooLong).toEqual({ records: long.length, tokens: long.reduce((sum, { input_ids: ids }) => sum + ids.length, 0) });
    expect(long.length).toBeGreaterThan(0);
    const tasks = session.tasks();
    for (const { runTask, runTokens } of [answer.flat]) {
      const byTask = new Map<number, number>();
      for (const [run, task] of runTask.entries()) byTask.set(task, (byTask.get(task) ?? 0) + (runTokens[run] ?? 0));
      for (const [task, tokens] of byTask) {
        const own = lines.filter((line) => line.task === tasks.key[task] && line.input_ids.length <= 400);
        expect(tokens).toBe(own.reduce((sum, { input_ids: ids }) => sum + ids.length, 0));
      }
    }
  });
});

it('refuses settings that are none, and ends when it is told to', async () => {
  const { orderId, budget, spec } = await asked({});
  await expect(session.prefixCost(orderId, budget, spec, { context: 0, kernel: 128 })).rejects.toThrow('context: expected a whole number');
  await expect(session.prefixPacking(orderId, budget, spec, 'log', { room: 1.5, across: true })).rejects.toThrow('room: expected');
  const cost = session.prefixCost(orderId, budget, spec, { context: 17, kernel: 8 });
  session.stopStudy('prefix-cost');
  await expect(cost).rejects.toMatchObject({ name: 'AbortError' });
  const packing = session.prefixPacking(orderId, budget, spec, 'log', { room: 1024, across: true });
  session.stopStudy('prefix-packing');
  await expect(packing).rejects.toMatchObject({ name: 'AbortError' });
  expect((await session.prefixCost(orderId, budget, spec, { context: 17, kernel: 8 })).sets.log.records).toBeGreaterThan(0);
});

it('counts the whole log anew where settings are others, and once where only the budget is', async () => {
  const { orderId, spec } = await asked({});
  const of = (cut: number, kernel: number) => session.prefixCost(orderId, { cut, train: 1 }, spec, { context: 100, kernel });
  const [first, cut, kernel] = [await of(1, 64), await of(0.3, 64), await of(0.3, 32)];
  expect(cut.sets.log).toBe(first.sets.log);
  expect(kernel.sets.log.totals.tree.blockKeys).toBeLessThan(first.sets.log.totals.tree.blockKeys);
  expect(cut.sets.export).not.toEqual(first.sets.export);
});
