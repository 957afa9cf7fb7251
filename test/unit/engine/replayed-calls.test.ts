/** Logs whose trajectories disagree on what was sampled: weights, signals and counts are those of the log. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import type { ExportSpec } from '../../../src/engine/answers/exporting.ts';
import type { Session } from '../../../src/engine/session.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

async function exported(session: Session, spec: ExportSpec, rule: PruneRule = DEFAULT_RULE): Promise<Map<string, string>> {
  const sink = memorySink();
  await session.export(session.order(rule).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  return sink.files;
}

interface TokenLine {
  readonly input_ids: number[];
  readonly weight: number[];
  readonly loss_mask: number[];
}
interface ForestLine {
  readonly token_ids: number[][];
  readonly sampled_count: number[];
  readonly trajectories: { readonly rollout: string }[];
}
interface MessageLine {
  readonly messages: { role: string; content: string; train: boolean; weight: number }[];
}

const sumOf = (lines: readonly TokenLine[]): number => lines.reduce((sum, { weight }) => sum + weight.reduce((a, b) => a + b, 0), 0);

/** Held outside the repository: a log of single calls, each of which repeats the answers before it as prompt. */
const CALLS = '../shared/data/nemo-gym-pr/resources_servers/workplace_assistant_env/data/example_rollouts.jsonl';

describe.skipIf(!existsSync(CALLS))(`the calls of ${CALLS} (skipped where it is missing)`, () => {
  const file = inputFile('example_rollouts.jsonl', existsSync(CALLS) ? readFileSync(CALLS) : '');

  it('weigh as flat training does, and no answer is worth more for being repeated', async () => {
    const { session } = await openSession([file]);
    const lines = linesOf((await exported(session, exportSpec('tokens'))).get('tokens.jsonl')) as unknown as TokenLine[];
    expect(sumOf(lines)).toBeCloseTo(343.9, 1);
    // Divided by rollouts: a token sampled once in each of them weighs 1, in however many calls each is logged.
    const perRollout = await exported(session, exportSpec('tokens', 'forest'), { ...DEFAULT_RULE, divisor: 'rollouts' });
    const forest = linesOf(perRollout.get('forest.jsonl')) as unknown as ForestLine[];
    const expected = forest.reduce((sum, { token_ids: ids, sampled_count: sampled, trajectories }) => {
      const rollouts = new Set(trajectories.map(({ rollout }) => rollout)).size;
      return sum + ids.reduce((tokens, run, n) => tokens + run.length * (sampled[n] ?? 0), 0) / rollouts;
    }, 0);
    expect(sumOf(linesOf(perRollout.get('tokens.jsonl')) as unknown as TokenLine[])).toBeCloseTo(expected, 6);
    expect(expected).toBeGreaterThan(4 * 343.9);
  });

  it('have the long-term entropy that their trajectories sampled on average', async () => {
    const { session } = await openSession([file]);
    const { orderId } = session.order(DEFAULT_RULE);
    const found = Array.from({ length: session.tasks().length }, (_, task) => {
      const root = nodeKeyOf(session.shape(orderId, task, 'tokens').keys, 0);
      return Math.round((session.node(orderId, { cut: 1, train: 1 }, root)?.figures['long-term-entropy'] ?? NaN) * 10) / 10;
    });
    // Tasks in the order of the log.
    expect(Array.from(session.tasks().arrival, (_, place) => found[session.tasks().arrival.indexOf(place)])).toEqual([5.9, 13.3, 7.7, 8.6]);
  });
});

describe('chat logs with weights of 0', () => {
  it('train no answer that the log excludes, although it shares its first tokens with one that is trained', async () => {
    const { session } = await openSession([inputFile('tools.jsonl', readFileSync('test/fixtures/chat/tools.jsonl'))]);
    const lines = linesOf((await exported(session, exportSpec('messages'))).get('messages.jsonl')) as unknown as MessageLine[];
    const refusals = lines.flatMap(({ messages }) => messages.filter(({ content }) => content.includes('I will not.')));
    expect(refusals.map(({ train, weight }) => [train, weight])).toEqual([[false, 0]]);
  });
});
