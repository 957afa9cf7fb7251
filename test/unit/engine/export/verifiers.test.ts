/** Traces for prime-rl: opened here again they are what was kept, and each node holds what the format asks of it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ChosenProfile, ExportSpec } from '../../../../src/engine/answers/exporting.ts';
import { inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';
import { traceLines, type TraceNode } from '../../../helpers/randomTraces.ts';
import { makePrefixes, type Prefixes } from '../../../helpers/weightDecoders.ts';

const SAMPLE = readFileSync('public/samples/orchard.jsonl');

interface Node {
  readonly parent?: number;
  readonly message: {
    role: string;
    content: unknown;
    reasoning_content?: string;
    tool_calls?: { id: string; name: string; arguments: string }[];
    tool_call_id?: string;
  };
  readonly sampled: boolean;
  readonly token_ids: number[];
  readonly mask: boolean[];
  readonly logprobs?: number[];
  readonly advantages?: number[];
  readonly loss_weights?: Record<string, number[]>;
}

async function written(log: string | Uint8Array, budget: { cut: number; train: number }, ...profiles: ChosenProfile[]) {
  const { session } = await openSession([inputFile('traces.jsonl', log)]);
  const sink = memorySink();
  const spec: ExportSpec = { profiles, weights: 'branch-mean', maskErrors: false };
  const files = await session.export(session.order(DEFAULT_RULE).orderId, budget, spec, sink, () => undefined);
  return { files, text: (name: string): string => sink.files.get(name) ?? '' };
}

/** token, by all ids up to it -> weight, log-prob */
function tokens(text: string, prefixes: Prefixes): Map<number, { weight: number; logprob: number }> {
  const found = new Map<number, { weight: number; logprob: number }>();
  for (const line of linesOf(text) as unknown as { input_ids: number[]; weight: number[]; logprob: number[] }[]) {
    let prefix = 0;
    line.input_ids.forEach((id, i) => {
      prefix = prefixes.after(prefix, id);
      found.set(prefix, { weight: (found.get(prefix)?.weight ?? 0) + line.weight[i], logprob: line.logprob[i] });
    });
  }
  return found;
}

/** Who says what, with calls as they are linked, records in any order. */
function conversations(text: string): string[] {
  return (linesOf(text) as unknown as { messages: Node['message'][] }[])
    .map(({ messages }) => {
      const calls = messages.flatMap(({ tool_calls: own }) => own ?? []).map(({ id }) => id);
      const told = messages.map(({ role, content, reasoning_content: thoughts, tool_calls: own, tool_call_id: id }) => ({
        role,
        content,
        thoughts,
        calls: own?.map((call) => (call as unknown as { function: object }).function),
        answers: id === undefined ? null : calls.indexOf(id),
      }));
      return JSON.stringify(told);
    })
    .toSorted();
}

it('opened again are the tokens, log-probs, weights and messages that were kept', async () => {
  const profiles = [{ profile: 'verifiers' }, { profile: 'tokens' }, { profile: 'messages' }];
  const kept = await written(SAMPLE, { cut: 0.3, train: 1 }, ...profiles);
  const again = await written(kept.text('verifiers/train.jsonl'), { cut: 1, train: 1 }, ...profiles);
  const prefixes = makePrefixes();
  const [before, after] = [kept, again].map(({ text }) => tokens(text('tokens.jsonl'), prefixes));
  expect(before.size).toBeGreaterThan(5000);
  expect([...after.keys()].filter((prefix) => !before.has(prefix))).toEqual([]);
  // A record may end with the header of a turn that has no answer, which is no message.
  expect(before.size - after.size).toBeLessThan(10);
  for (const [prefix, { weight, logprob }] of before) {
    expect(after.get(prefix)?.logprob ?? 0).toBe(logprob);
    expect((after.get(prefix)?.weight ?? 0) > 0).toBe(weight > 0);
  }
  const [told, found] = [kept, again].map(({ text }) => conversations(text('messages.jsonl')));
  expect(found).toHaveLength(told.length);
  // A trace does not say that the log cuts its last turn off: opened again, that turn is there.
  expect(told.filter((one) => !found.some((other) => other === one || other.startsWith(`${one.slice(0, -1)},`)))).toEqual([]);
  // Written a second time they are graphs of the same messages.
  const nodes = (text: string): number =>
    (linesOf(text) as unknown as { nodes: Node[] }[]).reduce((sum, line) => sum + line.nodes.length, 0);
  expect(nodes(again.text('verifiers/train.jsonl'))).toBe(nodes(kept.text('verifiers/train.jsonl')));
});

it('have nodes whose columns are as long as the format says, and link results to calls above them', async () => {
  for (const loss of ['ce', 'rl']) {
    const { text, files } = await written(SAMPLE, { cut: 0.3, train: 1 }, { profile: 'verifiers', options: { loss } });
    const traces = linesOf(text('verifiers/train.jsonl')) as unknown as { nodes: Node[]; task: object; agent: object }[];
    expect(traces).toHaveLength(files[0].records);
    let shared = 0;
    for (const { nodes, task, agent } of traces) {
      expect(task).toMatchObject({ type: 'Task', data: {} });
      expect(agent).toMatchObject({ config: {}, trainable: true });
      for (const [n, node] of nodes.entries()) {
        expect(node.parent ?? -1).toBeLessThan(n);
        const sampled = node.mask.filter(Boolean).length;
        expect(node.mask).toHaveLength(node.token_ids.length);
        expect(node.sampled).toBe(sampled > 0);
        expect(node.logprobs ?? []).toHaveLength(sampled);
        expect(node.advantages ?? []).toHaveLength(loss === 'rl' ? sampled : 0);
        for (const [name, weights] of Object.entries(node.loss_weights ?? {})) {
          expect(name).toBe(loss);
          expect(weights).toHaveLength(node.token_ids.length);
          weights.forEach((weight, i) => {
            if (weight > 0) expect(node.mask[i]).toBe(true);
          });
        }
        if (nodes.filter(({ parent }) => parent === n).length > 1) shared++;
        if (node.message.role !== 'tool') continue;
        const above: string[] = [];
        for (let at = node.parent; at !== undefined; at = nodes[at].parent)
          above.push(...(nodes[at].message.tool_calls ?? []).map(({ id }) => id));
        expect(above).toContain(node.message.tool_call_id);
      }
    }
    expect(shared).toBeGreaterThan(10);
  }
});

it('give each message of a window its own tokens', async () => {
  const turns = Array.from({ length: 8 }, (_, i): TraceNode => {
    const isAnswer = i % 2 === 1;
    return { parent: i, role: isAnswer ? 'assistant' : 'user', ids: [isAnswer ? 3 : 2, 20 + i, 4], sampled: isAnswer };
  });
  const nodes: TraceNode[] = [{ parent: null, role: 'system', ids: [1, 100], sampled: false }, ...turns];
  const { session } = await openSession([inputFile('traces.jsonl', traceLines([{ task: 0, reward: 1, nodes }]))]);
  const sink = memorySink();
  const profiles = [{ profile: 'verifiers' }, { profile: 'tokens' }];
  const spec: ExportSpec = { profiles, weights: 'branch-mean', maskErrors: false, records: { maxTokens: 15, overLong: 'windows' } };
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const rows = linesOf(sink.files.get('tokens.jsonl')) as unknown as { input_ids: number[] }[];
  expect(rows.map(({ input_ids: ids }) => ids.length)).toContain(14);
  const [trace] = linesOf(sink.files.get('verifiers/train.jsonl')) as unknown as { nodes: Node[] }[];
  const paths = trace.nodes.flatMap((leaf, n) => {
    expect(leaf.message.content).toBe(leaf.token_ids.join(' '));
    if (trace.nodes.some(({ parent }) => parent === n)) return [];
    const ids: number[] = [];
    for (let at: number | undefined = n; at !== undefined; at = trace.nodes[at].parent) ids.unshift(...trace.nodes[at].token_ids);
    return [ids];
  });
  expect(paths).toEqual(rows.map(({ input_ids: ids }) => ids));
});

it('say what they cannot: rewards of single rollouts, and rl weights without advantages', async () => {
  const log = SAMPLE.toString('utf8').replaceAll(/"rewards":\{[^}]*\}[^}]*\}\}/g, '"rewards":{}');
  const { session } = await openSession([inputFile('traces.jsonl', log)]);
  const profiles = [{ profile: 'verifiers', options: { loss: 'rl' } }];
  const spec: ExportSpec = { profiles, weights: 'branch-mean', maskErrors: false };
  const [preview] = await session.previewExport(session.order(DEFAULT_RULE).orderId, { cut: 0.3, train: 1 }, spec);
  expect(preview.warnings.join()).toContain('no advantages');
  const { files } = await written(SAMPLE, { cut: 0.3, train: 1 }, { profile: 'verifiers' }, { profile: 'tokens' });
  const rewarded = files[1].shortfalls?.find(({ what }) => what.includes('rewards of single rollouts'));
  expect(rewarded?.count).toBe(files[0].records);
});
