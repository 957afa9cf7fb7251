/** A log pruned in parts gives the files of the log opened at once, byte for byte: training sets and manifest. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Act } from '../../../../src/core/acts/act.ts';
import { DEFAULT_RULE, type Budget, type PruneRule } from '../../../../src/core/model/rule.ts';
import { PRESETS, presetRule } from '../../../../src/core/rule/presets.ts';
import { STRATEGIES } from '../../../../src/core/prune/strategies.ts';
import { TRAIN_METHODS } from '../../../../src/core/prune/train-methods.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import type { ExportSpec, RecordSettings } from '../../../../src/engine/answers/exporting.ts';
import { PROFILES } from '../../../../src/engine/export/profiles/index.ts';
import { makeLocalPool } from '../../../../src/engine/pool.ts';
import { StreamRefusal } from '../../../../src/engine/stream/refusal.ts';
import { streamLog } from '../../../../src/engine/stream/stream.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { makeSpill } from '../../../../src/platform/node/spill.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';

interface Log {
  readonly name: string;
  readonly text: string;
}

const ORCHARD = readFileSync('public/samples/orchard.jsonl', 'utf8').trimEnd().split('\n');

function withOtherIds(line: string): string {
  return line
    .replace(/"token_ids":\s*\[[^\]]*\]/g, (ids) => ids.replace(/\d+/g, (id) => String(Number(id) + 7)))
    .replaceAll('o200k_base', 'plus-seven');
}

/** Chats of tasks that lie across files, some without reward, some of no use, some with a call and its failed result. */
const chat = fc
  .record({
    task: fc.constantFrom('plums', 'apples', 'pears', 'Äpfel', 'a b'),
    answers: fc.array(fc.record({ text: fc.constantFrom('Yes.', 'No.', 'Soon, I think.'), weight: fc.constantFrom(0, 1, 1) }), {
      minLength: 1,
      maxLength: 4,
    }),
    reward: fc.constantFrom(0, 0.1, 0.3, 1, null),
    call: fc.boolean(),
    hasId: fc.boolean(),
    isPaused: fc.boolean(),
  })
  .map(({ task, answers, reward, call, hasId, isPaused }) => {
    const said = answers.flatMap(({ text, weight }, turn) => [
      { role: 'user', content: `${task} ${turn}?` },
      { role: 'assistant', content: text, weight },
    ]);
    const tool = { id: 'c1', type: 'function', function: { name: 'water', arguments: '{"bed":1}' } };
    const calls = [
      { role: 'assistant', content: '', tool_calls: [tool] },
      { role: 'tool', tool_call_id: 'c1', content: 'Error: no water', is_error: true },
      { role: 'assistant', content: 'Dry.' },
    ];
    const messages = call ? [...said, { role: 'user', content: 'Water it.' }, ...calls] : said;
    return JSON.stringify({
      ...(hasId ? { id: 'r' } : {}),
      ...(isPaused ? { status: 'aborted' } : {}),
      task_id: task,
      messages,
      ...(reward === null ? {} : { reward }),
    });
  });
const line = fc.oneof({ weight: 8, arbitrary: chat }, { weight: 1, arbitrary: fc.constantFrom('{"torn', '', '{"strange":1}') });
const chats = fc.array(fc.array(line, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 });
/** Some with ids of another vocabulary than the session's, which no file has beside its own. */
const policyLog = fc
  .record({ lines: fc.shuffledSubarray(ORCHARD, { minLength: 0, maxLength: 4 }), isForeign: fc.boolean() })
  .map(({ lines, isForeign }) => (isForeign ? lines.map(withOtherIds) : lines));

/** A rollout that paused and went on, told in another file of its folder. */
const PAUSED = [
  { name: 'b/steps/b.jsonl', status: 'completed', policy_version: 4, answers: ['Yes.', 'No.'] },
  { name: 'b/steps/z.jsonl', status: 'aborted', policy_version: 3, answers: ['Yes.'] },
].map(({ name, answers, ...fields }): Log => {
  const messages = answers.flatMap((content) => [
    { role: 'user', content: 'plums?' },
    { role: 'assistant', content },
  ]);
  return { name, text: `${JSON.stringify({ id: 'paused', task_id: 'plums', ...fields, messages })}\n` };
});

const logs: fc.Arbitrary<Log[]> = fc
  .record({ files: chats, policyLog, paused: fc.constantFrom([], PAUSED) })
  .map(({ files, policyLog: lines, paused }) => [
    ...paused,
    ...files.map((own, i) => ({ name: `log-${i}.jsonl`, text: `${own.join('\n')}\n` })),
    ...(lines.length === 0 ? [] : [{ name: 'a/policy.jsonl', text: `${lines.join('\n')}\n` }]),
  ]);

/** All profiles that can be written in parts. */
const JSON_LINES = PROFILES.filter(({ kind, unit }) => kind === 'jsonl' && unit !== 'lines').map(({ id }) => id);

const presets = fc.constantFrom(...PRESETS).map((preset): { rule: PruneRule; budget: Budget } => ({
  rule: { ...presetRule(preset), scope: 'task' },
  budget: preset.budget,
}));
const any = fc
  .record({
    strategy: fc.constantFrom(...STRATEGIES.filter((strategy) => !('acrossTasks' in strategy)).map(({ id }) => id)),
    train: fc.constantFrom(...TRAIN_METHODS.map(({ id }) => id)),
    mode: fc.constantFrom('sft' as const, 'rl' as const),
    outcome: fc.constantFrom('all' as const, 'successes' as const),
    advantage: fc.constantFrom('grpo' as const, 'rloo' as const, 'tree-rl' as const, 'gigpo' as const, 'logged' as const),
    reachBy: fc.constantFrom('tokens' as const, 'actions' as const, 'policy' as const),
    weighBy: fc.constantFrom('task' as const, 'trajectory' as const),
    divisor: fc.constantFrom('trajectories' as const, 'rollouts' as const),
    aggregate: fc.constantFrom('sum' as const, 'mean' as const, 'top20' as const),
    signal: fc.constantFrom('entropy' as const, 'surprisal' as const, 'turns' as const, 'tokens' as const),
    protect: fc.constantFrom(DEFAULT_RULE.protect, {}, { memory: { level: 'pin' as const }, tool: { level: 'pin' as const } }),
    seed: fc.nat(5),
    unit: fc.constantFrom('distinct' as const, 'flat' as const),
  })
  .chain((settings) =>
    fc.record({ cut: fc.constantFrom(0.2, 0.45, 1), train: fc.constantFrom(0.3, 0.71, 1) }).map((budget) => ({
      rule: { ...DEFAULT_RULE, ...settings, scope: 'task' as const },
      budget,
    })),
  );
/** One budget for all tasks, by the strategies whose orders of parts can be merged. */
const shared = any
  .filter(({ rule }) => STRATEGIES.some((strategy) => strategy.id === rule.strategy && 'mergeable' in strategy))
  .map(({ rule, budget }) => ({
    rule: { ...rule, scope: 'global' as const },
    budget: rule.train === 'nodes' ? budget : { ...budget, train: 1 },
  }));
const recordChoices: fc.Arbitrary<Partial<RecordSettings>> = fc.record({
  validation: fc.constantFrom(0, 0.3),
  maxTokens: fc.constantFrom(0, 0, 25, 60),
  overLong: fc.constantFrom('drop' as const, 'cut' as const, 'windows' as const),
  eos: fc.constantFrom('on' as const, 'off' as const),
  compress: fc.constantFrom('none' as const, 'gzip' as const),
});
const specs: fc.Arbitrary<ExportSpec> = fc
  .record({ weights: fc.constantFrom('branch-mean' as const, 'kept-mean' as const, 'train-once' as const), maskErrors: fc.boolean() })
  .chain((changes) => recordChoices.map((records) => ({ ...exportSpec(...JSON_LINES), skipUnavailable: true, ...changes, records })));

async function atOnce(files: readonly Log[], rule: PruneRule, budget: Budget, spec: ExportSpec) {
  const { session } = await openSession(files.map(({ name, text }) => inputFile(name, text)));
  const sink = memorySink();
  const { orderId, acts } = await session.makeOrder(rule);
  await session.export(orderId, budget, spec, sink, () => undefined);
  return { files: sink.files, faults: acts.lines.flatMap(({ fault }, line) => (rule.acts[line]?.isOn ? (fault ?? []) : [])) };
}

async function inParts(files: readonly Log[], rule: PruneRule, budget: Budget, spec: ExportSpec, shardBytes: number, prunes = true) {
  const log = await streamLog(
    files.map(({ name, text }) => inputFile(name, text)),
    DEFAULT_OPEN_SETTINGS,
    { pool: makeLocalPool(openHandle), unpack, makeSpill },
    shardBytes,
    new AbortController().signal,
    () => undefined,
  );
  const sink = memorySink();
  if (prunes && log.shards > 0) await log.prune(rule, budget, spec, sink, () => undefined);
  return { files: sink.files, shards: log.shards, suited: log.suited, merged: log.merged };
}

it('gives the same bytes in any number of shards', async () => {
  let most = 0;
  let partsOfRollouts = 0;
  await fc.assert(
    fc.asyncProperty(
      logs,
      fc.oneof(presets, any, shared, shared),
      specs,
      fc.constantFrom(1, 900, 40_000, 1e9),
      async (files, { rule, budget }, spec, shardBytes) => {
        const { files: parts, shards, merged } = await inParts(files, rule, budget, spec, shardBytes);
        most = Math.max(most, shards);
        partsOfRollouts += merged;
        if (shards === 0) return;
        const { files: whole } = await atOnce(files, rule, budget, spec);
        expect([...parts.keys()].sort()).toEqual([...whole.keys()].sort());
        for (const [name, text] of whole) expect(parts.get(name)).toBe(text);
      },
    ),
    { numRuns: Number(process.env['STREAM_RUNS'] ?? 50) },
  );
  expect(most).toBeGreaterThan(4);
  expect(partsOfRollouts).toBeGreaterThan(0);
}, 3_600_000);

const KEY = '0123456789abcdef';
const act: fc.Arbitrary<Act> = fc
  .record({
    verb: fc.constantFrom('drop' as const, 'drop' as const, 'untrained' as const, 'pin' as const, 'favour' as const, 'keep' as const),
    where: fc.constantFrom(
      'failed',
      'reward<0.5',
      'task:plums',
      '"soon"',
      '/N[o]/ turns>1',
      'tool:water',
      'error or turns<2',
      'rewrd:1',
      '-solved',
    ),
    isOn: fc.constantFrom(true, true, true, false),
  })
  .map(({ verb, where, isOn }): Act => ({ verb, where, ...(verb === 'favour' ? { times: 3 } : {}), isOn }));
const stacks: fc.Arbitrary<readonly Act[]> = fc
  .record({ own: fc.array(act, { minLength: 1, maxLength: 3 }), best: fc.option(fc.integer({ min: 1, max: 2 })), hasKeys: fc.boolean() })
  .map(({ own, best, hasKeys }) => [
    ...own,
    ...(hasKeys
      ? [
          { verb: 'drop' as const, nodes: [KEY], isOn: true },
          { verb: 'untrained' as const, rollouts: [KEY], isOn: true },
        ]
      : []),
    ...(best === null ? [] : [{ verb: 'best' as const, count: best, isOn: true }]),
  ]);

it('lets acts decide in parts as in the whole log, and refuses there what is no filter for it', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      logs,
      fc.oneof(any, shared),
      specs,
      stacks,
      fc.constantFrom(1, 900, 1e9),
      async (files, { rule, budget }, drawn, acts, bytes) => {
        // Acts are the same to all profiles.
        const spec = { ...drawn, profiles: [{ profile: 'tokens' }, { profile: 'messages' }, { profile: 'forest' }] };
        const acted: PruneRule = { ...rule, acts, hand: [{ key: KEY, protection: { level: 'pin' } }] };
        const whole = await atOnce(files, acted, budget, spec);
        try {
          const parts = await inParts(files, acted, budget, spec, bytes);
          if (parts.shards === 0) return;
          seen++;
          for (const [name, text] of whole.files) expect(parts.files.get(name)).toBe(text);
        } catch (error) {
          if (!(error instanceof StreamRefusal)) throw error;
          expect(whole.faults.some((fault) => error.message.endsWith(fault))).toBe(true);
        }
      },
    ),
    { numRuns: Number(process.env['STREAM_RUNS'] ?? 12) },
  );
  expect(seen).toBeGreaterThan(0);
}, 3_600_000);

it('names in the manifest the files beside the log that give rewards, over all parts', async () => {
  const said = (task: string): string =>
    JSON.stringify({
      task_id: task,
      messages: [
        { role: 'user', content: `${task}?` },
        { role: 'assistant', content: 'Yes.' },
      ],
    });
  const files = [
    { name: 'run/log.jsonl', text: ['plums', 'pears', 'plums', 'apples', 'quinces'].map((task) => `${said(task)}\n`).join('') },
    { name: 'run/m.run.json', text: JSON.stringify({ total_instances: 3, resolved_ids: ['plums'], unresolved_ids: ['pears'] }) },
    { name: 'run/reward.txt', text: '0.5\n' },
  ];
  const rule: PruneRule = { ...DEFAULT_RULE, scope: 'task' };
  const parts = await inParts(files, rule, { cut: 1, train: 1 }, exportSpec('messages'), 1);
  const whole = await atOnce(files, rule, { cut: 1, train: 1 }, exportSpec('messages'));
  expect(parts.shards).toBeGreaterThan(2);
  for (const [name, text] of whole.files) expect(parts.files.get(name)).toBe(text);
  expect(JSON.parse(String(parts.files.get('manifest.json')))).toMatchObject({
    rewards_from: [
      { file: 'run/m.run.json', rollouts: 3 },
      { file: 'run/reward.txt', rollouts: 2 },
    ],
  });
  const without = await inParts(files.slice(0, 1), rule, { cut: 1, train: 1 }, exportSpec('messages'), 1);
  expect(JSON.parse(String(without.files.get('manifest.json')))).toMatchObject({ rewards_from: [] });
});

it('finds the preset that the whole log calls for', async () => {
  await fc.assert(
    fc.asyncProperty(logs, async (files) => {
      const { suited, shards } = await inParts(files, DEFAULT_RULE, { cut: 1, train: 1 }, exportSpec(), 900, false);
      const { facts } = await openSession(files.map(({ name, text }) => inputFile(name, text)));
      if (shards > 0) expect(suited).toEqual(facts.suited);
    }),
    { numRuns: 5 },
  );
});

it('refuses what one task cannot tell without the others', async () => {
  const files = [{ name: 'a.jsonl', text: ORCHARD.slice(0, 2).join('\n') }];
  const spec = exportSpec();
  const budget = { cut: 0.3, train: 1 };
  await expect(inParts(files, { ...DEFAULT_RULE, strategy: 'hes' }, budget, spec, 1)).rejects.toThrow(StreamRefusal);
  const half = { ...budget, train: 0.5 };
  await expect(inParts(files, { ...DEFAULT_RULE, train: 'top' }, half, spec, 1)).rejects.toThrow('single tokens of all tasks');
  await expect(inParts(files, { ...DEFAULT_RULE, scope: 'task', strategy: 'random' }, budget, spec, 1)).rejects.toThrow(
    'shuffles all tasks',
  );
  for (const records of [{ dedup: true }, { balance: 'task' as const }, { shuffle: true }])
    await expect(inParts(files, { ...DEFAULT_RULE, scope: 'task' }, budget, { ...spec, records }, 1)).rejects.toThrow(
      'records of all tasks',
    );
  const asked = (where: string): PruneRule => ({ ...DEFAULT_RULE, acts: [{ verb: 'drop', where, isOn: true }] });
  await expect(inParts(files, asked('rewrd:1'), budget, spec, 1)).rejects.toThrow(
    '--drop rewrd:1: there is no column rewrd; near it: reward',
  );
  await expect(inParts(files, asked('kept<1'), budget, spec, 1)).rejects.toThrow('--drop kept<1: kept follows from the cut');
  const across = { ...spec, profiles: [{ profile: 'tree', options: { across: true } }] };
  await expect(inParts(files, { ...DEFAULT_RULE, scope: 'task' }, budget, across, 1)).rejects.toThrow('tasks are put together');
  const lines = exportSpec('as-read');
  await expect(inParts(files, { ...DEFAULT_RULE, scope: 'task' }, budget, lines, 1)).rejects.toThrow('in the order of the log');
});
