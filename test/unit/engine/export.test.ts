import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE, type Budget, type PruneRule } from '../../../src/core/model/rule.ts';
import type { TaskTable } from '../../../src/engine/answers/dataset.ts';
import type { ExportSpec } from '../../../src/engine/answers/exporting.ts';
import type { Session } from '../../../src/engine/session.ts';
import { tokenText } from '../../../src/engine/words/sources.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const sample = readFileSync('public/samples/orchard.jsonl');
const BUDGET: Budget = { cut: 0.4, train: 0.8 };

async function exported(
  session: Session,
  budget = BUDGET,
  spec: Partial<ExportSpec> = {},
  rule: PruneRule = DEFAULT_RULE,
): Promise<Map<string, string>> {
  const { orderId } = session.order(rule);
  const sink = memorySink();
  await session.export(orderId, budget, { ...exportSpec(), ...spec }, sink, () => undefined);
  return sink.files;
}

interface TokenLine {
  input_ids: number[];
  loss_mask: number[];
  position_ids: number[];
  weight: number[];
  advantage?: number[];
  logprob?: number[];
  task: string;
  rollout: string;
}
interface ForestLine {
  task: string;
  parent: number[];
  token_ids: number[][];
  reach_count: number[];
  kept: number[];
  trained: number[];
  sampled_count: number[];
  trajectories: { leaf: number; rollout: string }[];
}
interface Message {
  role: string;
  content: string;
  tool_calls?: { id: string }[];
  tool_call_id?: string;
  train: boolean;
  weight: number;
}

describe('an export of the sample', () => {
  let session: Session;
  let files: Map<string, string>;
  let tokens: TokenLine[];
  let forest: ForestLine[];
  beforeAll(async () => {
    ({ session } = await openSession([inputFile('orchard.jsonl', sample)]));
    files = await exported(session);
    tokens = linesOf(files.get('tokens.jsonl')) as unknown as TokenLine[];
    forest = linesOf(files.get('forest.jsonl')) as unknown as ForestLine[];
  });

  it('gives the same bytes for the same inputs and settings', async () => {
    const again = await openSession([inputFile('orchard.jsonl', sample)]);
    expect(await exported(again.session)).toEqual(files);
  });
  it('names the hash of every input and output in the manifest', () => {
    const manifest = JSON.parse(files.get('manifest.json') ?? '') as {
      inputs: { sha256: string }[];
      outputs: { name: string; sha256: string; bytes: number }[];
    };
    const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
    expect(manifest.inputs[0]?.sha256).toBe(hash(sample));
    expect(manifest.outputs.map((output) => output.name)).toEqual(['messages.jsonl', 'tokens.jsonl', 'forest.jsonl']);
    for (const output of manifest.outputs)
      expect(output).toMatchObject({ sha256: hash(files.get(output.name) ?? ''), bytes: Buffer.byteLength(files.get(output.name) ?? '') });
  });
  it('writes per-token arrays of one length', () => {
    expect(tokens.length).toBeGreaterThan(8);
    expect(tokens.map(({ logprob }) => logprob === undefined)).not.toContain(true);
    for (const line of tokens) {
      for (const column of [line.loss_mask, line.position_ids, line.weight, line.advantage, line.logprob])
        if (column) expect(column.length).toBe(line.input_ids.length);
      expect(line.loss_mask).toEqual(line.weight.map((weight) => (weight > 0 ? 1 : 0)));
    }
  });
  it('holds the whole tree: reach times tokens adds up to the flat tokens', () => {
    const flat = forest.reduce(
      (sum, line) => sum + line.token_ids.reduce((inner, ids, n) => inner + ids.length * (line.reach_count[n] ?? 0), 0),
      0,
    );
    expect(flat).toBe(session.facts().tokens.flat);
  });
  it('weighs every trained token g/K in sum over the records that show it (branch-mean)', () => {
    expect(sumOfWeights(tokens)).toBeCloseTo(
      wanted(forest, (line, n) => ((line.token_ids[n]?.length ?? 0) * (line.reach_count[n] ?? 0)) / line.trajectories.length),
      6,
    );
  });
  it('trains every trained token exactly once (train-once)', async () => {
    const once = linesOf(
      (await exported(session, BUDGET, { weights: 'train-once', profiles: exportSpec('tokens').profiles })).get('tokens.jsonl'),
    ) as unknown as TokenLine[];
    expect(sumOfWeights(once)).toBe(wanted(forest, (line, n) => line.token_ids[n]?.length ?? 0));
  });
  it('writes messages without orphans: each result follows its call, and each call with a logged result has it', () => {
    let results = 0;
    for (const line of linesOf(files.get('messages.jsonl')) as unknown as { messages: Message[]; complete: boolean }[]) {
      const open = new Set<string>();
      expect(line.messages.at(-1)?.train).toBe(true);
      for (const [at, message] of line.messages.entries()) {
        // A record ends with the last turn that trains, so nothing answers that turn's calls.
        if (at < line.messages.length - 1) for (const call of message.tool_calls ?? []) open.add(call.id);
        if (message.role === 'tool') {
          results++;
          expect(open.delete(message.tool_call_id ?? '')).toBe(true);
        }
        if (message.role !== 'assistant') expect(message.train).toBe(false);
      }
      expect([...open]).toEqual([]);
    }
    expect(results).toBeGreaterThan(tokens.length);
  });
  it('says of every message whether it trains, in step with the token export', () => {
    const trained = (linesOf(files.get('messages.jsonl')) as unknown as { messages: Message[] }[]).map((line) =>
      line.messages.some((message) => message.train),
    );
    expect(trained).toEqual(tokens.map((line) => line.loss_mask.includes(1)));
  });
  it('writes a record for every kept branch in which a token carries loss, and counts the others', async () => {
    const budget: Budget = { cut: 0.3, train: 1 };
    // Level by level, some branches end where others part from them.
    const rule: PruneRule = { ...DEFAULT_RULE, strategy: 'breadth-first', protect: {} };
    const found = await exported(session, budget, {}, rule);
    const lines = linesOf(found.get('forest.jsonl')) as unknown as ForestLine[];
    const branches = lines.flatMap(({ parent, kept, trained }) => {
      const isLeaf = kept.map((is, n) => is === 1 && !parent.some((above, m) => above === n && kept[m] === 1));
      const carries: boolean[] = [];
      parent.forEach((above, n) => carries.push(trained[n] === 1 || (above >= 0 && carries[above])));
      return carries.filter((_, n) => isLeaf[n]);
    });
    const lossless = branches.filter((carries) => !carries).length;
    expect(lossless).toBeGreaterThan(0);
    const records = linesOf(found.get('tokens.jsonl')) as unknown as TokenLine[];
    expect(records.length).toBe(branches.length - lossless);
    expect(records.every((line) => line.loss_mask.includes(1))).toBe(true);
    expect(linesOf(found.get('messages.jsonl')).length).toBe(records.length);
    const { totals } = JSON.parse(found.get('manifest.json') ?? '') as {
      totals: { branches: { after: number }; branches_without_loss: number };
    };
    expect([totals.branches.after, totals.branches_without_loss]).toEqual([branches.length, lossless]);
    const [preview] = await session.previewExport(session.order(rule).orderId, budget, exportSpec());
    expect(preview).toMatchObject({ records: records.length });
    expect(preview?.warnings.join()).toContain(`${lossless} of ${branches.length} kept branches carry no loss`);
  });
  it('leaves no loss out and writes no record without, by either convention and with erroneous turns masked', async () => {
    for (const weights of ['branch-mean', 'train-once'] as const) {
      for (const maskErrors of [false, true]) {
        const found = await exported(
          session,
          { cut: 0.3, train: 0.6 },
          { weights, maskErrors, profiles: exportSpec('tokens', 'forest').profiles },
        );
        const records = linesOf(found.get('tokens.jsonl')) as unknown as TokenLine[];
        expect(records.every((line) => line.loss_mask.includes(1))).toBe(true);
        const lines = linesOf(found.get('forest.jsonl')) as unknown as ForestLine[];
        const { totals } = JSON.parse(found.get('manifest.json') ?? '') as { totals: { training_tokens: { after: number } } };
        if (weights === 'train-once') expect(totals.training_tokens.after).toBe(sumOfWeights(records));
        if (weights === 'train-once') expect(sumOfWeights(records)).toBe(wanted(lines, (line, n) => line.token_ids[n]?.length ?? 0));
        else if (!maskErrors)
          expect(sumOfWeights(records)).toBeCloseTo(
            wanted(lines, (line, n) => ((line.token_ids[n]?.length ?? 0) * (line.reach_count[n] ?? 0)) / line.trajectories.length),
            6,
          );
      }
    }
  });
  it('opens its forest again as the same tree with the same pruning, and writes the same forest', async () => {
    const { session: again, facts } = await openSession([inputFile('forest.jsonl', files.get('forest.jsonl') ?? '')]);
    expect(facts.restored).toEqual({ rule: DEFAULT_RULE, budget: BUDGET });
    expect(facts.tokens).toEqual(session.facts().tokens);
    expect(tokenText(facts.tokenOrigin)).toBe('ids of a forest export (read as o200k_base)');
    // A forest has the trajectories of a task by what they are, so rewards come in that order.
    const sorted = ({ rewards, arrival: _arrival, ...table }: TaskTable): object => ({ ...table, rewards: rewards.toSorted() });
    expect(sorted(again.tasks())).toEqual(sorted(session.tasks()));
    const { rule, budget } = facts.restored ?? { rule: DEFAULT_RULE, budget: BUDGET };
    const second = await exported(again, budget, { profiles: exportSpec('forest', 'tokens').profiles }, rule);
    expect(second.get('forest.jsonl')).toBe(files.get('forest.jsonl'));
    expect(second.get('tokens.jsonl')).toBe(files.get('tokens.jsonl'));
  });
  it('opens it again with its actions, so that reach by actions prunes alike', async () => {
    const rule: PruneRule = { ...DEFAULT_RULE, reachBy: 'actions' };
    const first = await exported(session, BUDGET, { profiles: exportSpec('forest').profiles }, rule);
    expect(first.get('forest.jsonl')).not.toBe(files.get('forest.jsonl'));
    const { session: again } = await openSession([inputFile('forest.jsonl', first.get('forest.jsonl') ?? '')]);
    expect(again.shape(again.order(DEFAULT_RULE).orderId, 0, 'actions')).toEqual(
      session.shape(session.order(DEFAULT_RULE).orderId, 0, 'actions'),
    );
    expect((await exported(again, BUDGET, { profiles: exportSpec('forest').profiles }, rule)).get('forest.jsonl')).toBe(
      first.get('forest.jsonl'),
    );
  });
  it('does not take advantages that its rule computed for logged ones', async () => {
    const { session: again } = await openSession([inputFile('forest.jsonl', files.get('forest.jsonl') ?? '')]);
    const root = nodeKeyOf(session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens').keys, 0);
    const asLogged = (of: Session): number =>
      of.node(of.order({ ...DEFAULT_RULE, advantage: 'logged' }).orderId, BUDGET, root)!.figures['advantage'] ?? 0;
    expect([asLogged(session), asLogged(again)]).toEqual([NaN, NaN]);
    expect(again.node(again.order(DEFAULT_RULE).orderId, BUDGET, root)!.figures['advantage']).not.toBeNaN();
  });
  it('refuses messages from a forest export, which has none, in a plain sentence', async () => {
    const { session: again } = await openSession([inputFile('forest.jsonl', files.get('forest.jsonl') ?? '')]);
    await expect(exported(again, BUDGET, { profiles: exportSpec('messages').profiles })).rejects.toThrow('holds token ids and no messages');
  });
  it('leaves erroneous turns as context when asked', async () => {
    const masked = linesOf(
      (await exported(session, { cut: 1, train: 1 }, { profiles: exportSpec('messages').profiles, maskErrors: true })).get(
        'messages.jsonl',
      ),
    ) as unknown as { messages: Message[] }[];
    let failing = 0;
    for (const { messages } of masked) {
      messages.forEach((message, index) => {
        const next = messages[index + 1];
        if (message.role !== 'assistant' || next?.role !== 'tool' || !/^error/i.test(next.content)) return;
        failing++;
        expect(message.train).toBe(false);
      });
    }
    expect(failing).toBeGreaterThan(0);
  });
});

function sumOfWeights(lines: readonly TokenLine[]): number {
  return lines.reduce((sum, line) => sum + line.weight.reduce((a, b) => a + b, 0), 0);
}

function wanted(lines: readonly ForestLine[], of: (line: ForestLine, n: number) => number): number {
  return lines.reduce((sum, line) => sum + line.trained.reduce((inner, trained, n) => inner + (trained === 1 ? of(line, n) : 0), 0), 0);
}

describe('messages of a log that holds token ids only', () => {
  it('says of each message without text that its text is missing', async () => {
    const name = readdirSync('test/fixtures/prime-rl-tokens').find((file) => file.endsWith('.jsonl'))!;
    const { session } = await openSession([inputFile(name, readFileSync(`test/fixtures/prime-rl-tokens/${name}`))]);
    const lines = linesOf(
      (await exported(session, { cut: 1, train: 1 }, { profiles: exportSpec('messages').profiles })).get('messages.jsonl'),
    ) as unknown as {
      messages: (Message & { text_missing?: boolean })[];
    }[];
    const messages = lines.flatMap((line) => line.messages);
    expect(messages.some((message) => message.text_missing)).toBe(true);
    for (const message of messages) expect(message.text_missing === true).toBe(message.content === '' && !message.tool_calls);
  });
});
