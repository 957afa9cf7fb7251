/** Top tokens of the sample, with their surroundings, and as CSV. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const BUDGET = { cut: 0.3, train: 1 };
let session: Session;
let orderId: number;
beforeAll(async () => {
  ({ session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]));
  ({ orderId } = session.order(DEFAULT_RULE));
});

describe('top tokens', () => {
  it('are those of highest entropy, with their place, what the cut makes of them and their text', async () => {
    const { rows, sampled, known, model } = session.topTokens(orderId, BUDGET, { measure: 'entropy', task: null, count: 200 });
    expect(rows).toHaveLength(200);
    expect([model, known]).toEqual([null, sampled]);
    expect(sampled).toBe(session.facts().tokens.sampled);
    const values = rows.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    const contexts = session.tokenContexts(rows.slice(0, 20));
    for (const [at, row] of rows.slice(0, 20).entries()) {
      const text = await session.nodeText(row.node, row.offset, 1);
      expect(text.tokens[0]).toMatchObject({ id: row.id, entropy: row.value, text: contexts[at]?.token });
      const node = session.node(orderId, BUDGET, row.node)!;
      expect(row).toMatchObject({ kept: node.why.kept, turn: node.turn, reach: node.reachCount, kind: node.kind, source: 'logged' });
      expect(row.weight).toBe(session.tokenWeights(orderId, BUDGET, row.node)?.[row.offset]);
    }
    expect(session.tokenContexts([{ node: '0123456789abcdef', offset: 0 }])).toEqual([null]);
  });
  it('are those of a task, by another measure, or none', () => {
    const { rows } = session.topTokens(orderId, BUDGET, { measure: 'surprisal', task: 2, count: 10 });
    expect(rows.map(({ task, source }) => [task, source])).toEqual(rows.map(() => [2, 'logged']));
    expect(session.topTokens(orderId, BUDGET, { measure: 'mismatch', task: null, count: 10 })).toMatchObject({ rows: [], known: 0 });
  });
  it('are lines of CSV', () => {
    const lines = session.topTokensCsv(orderId, BUDGET, { measure: 'entropy', task: 0, count: 5 }).trimEnd().split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe(
      'rank,value,source,task,rollout,branch,node,offset,id,kind,tool,turn,reach,trajectories,kept,weight,before,token,after',
    );
    expect(lines[1]).toMatch(/^1,[\d.]+,logged,/);
  });
});

describe('the most frequent forks', () => {
  it('say what came next, and account for all who were there', () => {
    const { rows, of } = session.topForks(null, 20);
    expect(of).toBeGreaterThan(20);
    for (const { reach, parted, ways, moreCount, ending, before } of rows) {
      expect(ways.reduce((sum, { count }) => sum + count, moreCount + ending)).toBe(reach);
      expect(parted).toBe(reach - (ways[0]?.count ?? 0));
      expect(before).toEqual(expect.any(String));
      expect(ways.every(({ words }) => words !== null && words !== '')).toBe(true);
    }
    expect(session.topForks(0, 1000).rows.every(({ task }) => task === 0)).toBe(true);
  });
});
