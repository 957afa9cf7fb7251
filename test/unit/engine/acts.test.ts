/** What a session answers of nodes and rollouts that acts dropped: nothing breaks, and each answer says so. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Act } from '../../../src/core/acts/act.ts';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { unpackProtection } from '../../../src/core/prune/protection-column.ts';
import { NEVER } from '../../../src/core/prune/order.ts';
import type { Session } from '../../../src/engine/session.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const BUDGET = { cut: 0.5, train: 1 };
let session: Session;
let hand: Act;
const filter: Act = { verb: 'drop', where: 'reward<0.5', isOn: true };
const ruleOf = (...acts: readonly Act[]): PruneRule => ({ ...DEFAULT_RULE, mode: 'rl', acts });

beforeAll(async () => {
  ({ session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]));
  const shape = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const at = shape.reachCount.findIndex((reach, n) => n > 40 && reach === 1);
  hand = { verb: 'drop', nodes: [nodeKeyOf(shape.keys, at)], isOn: true };
});

describe('a session with acts', () => {
  it('says of a dropped node by what, with the counts that it had, and marks it in the drawing', () => {
    const { orderId, acts } = session.order(ruleOf(filter, hand));
    const key = hand.nodes?.[0] ?? '';
    const node = session.node(orderId, BUDGET, key);
    expect(node?.why).toMatchObject({ kept: false, acts: [{ verb: 'drop', lines: [1] }], protection: 'off' });
    expect(node).toMatchObject({ reachCount: 1, trajectories: 20, throughTotal: 1 });
    const { packedProtection, rank } = session.figures(orderId, 0, 'tokens', ['reach', 'entropy']);
    const protection = unpackProtection(packedProtection, rank?.length ?? 0);
    const excluded = [...protection].filter((level) => level === 3).length;
    expect(excluded).toBeGreaterThan(0);
    expect([...(rank ?? [])].filter((own) => own === NEVER)).toHaveLength(excluded);
    expect(acts.excludedNodes).toBeGreaterThanOrEqual(excluded);
  });

  it('lists rollouts that were dropped among those that pass, as dropped', () => {
    const { orderId } = session.order(ruleOf({ ...filter, where: 'reward<0.9' }));
    const root = session.shape(orderId, 0, 'tokens').keys;
    const node = session.node(orderId, BUDGET, nodeKeyOf(root, 0));
    expect(node?.why.acts).toEqual([]);
    expect(node?.throughTotal).toBe(20);
    const dropped = node?.through.filter(({ act }) => act === 'drop') ?? [];
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped.every(({ reward }) => reward < 0.9)).toBe(true);
    expect(node?.reachCount).toBe(20 - dropped.length);
  });

  it('drops everything, whatever weighs', () => {
    for (const weighBy of ['task', 'trajectory'] as const) {
      const { orderId, acts, totalCost } = session.order({ ...ruleOf({ ...filter, where: 'turns>0' }), weighBy });
      expect([acts.rollouts.dropped, totalCost]).toEqual([128, 0]);
      expect(session.keep(orderId, BUDGET).rollouts.total).toBe(0);
    }
  });

  it('keeps its advantages as they were, and its budget over what remains', () => {
    const all = session.order(ruleOf());
    const left = session.order(ruleOf(filter));
    expect(left.totalCost).toBeLessThan(all.totalCost);
    const keep = session.keep(left.orderId, BUDGET);
    expect(keep.cost.kept).toBeLessThanOrEqual(BUDGET.cut * keep.cost.total);
    expect(keep.rollouts.total).toBe(128 - left.acts.rollouts.dropped);
    const key = nodeKeyOf(session.shape(all.orderId, 0, 'tokens').keys, 0);
    const advantages = (orderId: number) => session.node(orderId, BUDGET, key)?.through.map(({ advantage }) => advantage);
    expect(advantages(left.orderId)).toEqual(advantages(all.orderId));
  });

  it('answers every other question, and writes no record of what was dropped', async () => {
    const rule = ruleOf(filter, hand, { verb: 'untrained', where: 'turns>8', isOn: true }, { verb: 'pin', where: 'reward:1', isOn: true });
    const { orderId } = await session.makeOrder(rule);
    const dropped = new Set(linesOf(await recordsOf(ruleOf({ ...filter, verb: 'keep' }))).map(({ rollout }) => rollout));
    expect(dropped.size).toBeGreaterThan(10);
    const written = linesOf(await recordsOf(rule));
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter(({ rollout }) => dropped.has(rollout))).toEqual([]);
    expect(session.keptByTask(orderId, BUDGET).distinct).toHaveLength(8);
    expect(session.nodesCsv(orderId, 0, 50).split('\r\n')).toHaveLength(52);
    expect(session.rolloutFigures(orderId, BUDGET).kept).toHaveLength(128);
    const comparison = await session.compare(orderId);
    expect(comparison.curves.every(({ retained }) => retained.every((share) => share >= 0 && share <= 1))).toBe(true);
    const { fidelity, preflight, exportFigures } = session;
    expect(fidelity(orderId, BUDGET, exportSpec('tokens')).wholeRollouts.before).toBeLessThan(128);
    expect(exportFigures(orderId, BUDGET, exportSpec('tokens')).records).toBe(written.length);
    expect((await preflight(orderId, BUDGET, exportSpec('tokens'), () => undefined)).files).toHaveLength(1);
  }, 60_000);

  it('says of a filter that the log cannot answer why, and goes on without that line', () => {
    const { acts, totalCost } = session.order(ruleOf({ ...filter, where: 'rewrd<0.5' }));
    expect(acts.lines).toEqual([
      { rollouts: 0, nodes: null, overruled: 0, elsewhere: 0, fault: 'there is no column rewrd; near it: reward' },
    ]);
    expect(totalCost).toBe(session.order(ruleOf()).totalCost);
  });
});

async function recordsOf(rule: PruneRule): Promise<string | undefined> {
  const { orderId } = await session.makeOrder(rule);
  const sink = memorySink();
  await session.export(orderId, BUDGET, exportSpec('tokens'), sink, () => undefined);
  return sink.files.get('tokens.jsonl');
}
