/** An action's answer against the trajectories themselves, on the bundled sample. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ActionAnswer } from '../../../src/engine/answers/looking.ts';
import type { TreeShape } from '../../../src/engine/answers/drawing.ts';
import type { Session } from '../../../src/engine/session.ts';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

let session: Session;
let tree: TreeShape;
let keys: string[];
let answers: ActionAnswer[];

beforeAll(async () => {
  ({ session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]));
  const trees = session.tasks().label.map((_, task) => session.shape(session.order(DEFAULT_RULE).orderId, task, 'actions'));
  tree = trees.reduce((largest, other) => (other.length > largest.length ? other : largest));
  keys = Array.from({ length: tree.length }, (_, n) => nodeKeyOf(tree.keys, n));
  answers = await Promise.all(keys.map(async (key) => (await session.action(key))!));
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('an action', () => {
  it("is done by some of the task's trajectories, each of which goes on or ends", () => {
    expect(answers.length).toBeGreaterThan(20);
    for (const [n, answer] of answers.entries()) {
      expect(answer).toMatchObject({
        key: keys[n],
        task: tree.task,
        reachCount: tree.reachCount[n],
        trajectories: tree.trajectories,
        throughTotal: answer.reachCount,
      });
      expect(answer.next.reduce((sum, { reachCount }) => sum + reachCount, answer.ends)).toBe(answer.reachCount);
      expect(answer.next.map(({ key }) => tree.parent[keys.indexOf(key)])).toEqual(answer.next.map(() => n));
      expect(answer.path.at(-1)?.key).toBe(answer.key);
      expect(answer.path).toHaveLength(answer.level + 1);
    }
    expect(answers.some(({ ends }) => ends > 0)).toBe(true);
    expect(answers.some(({ next }) => next.length > 1)).toBe(true);
  });

  it('compares the rewards of those who did it with those who did not', () => {
    const roots = answers.filter(({ level }) => level === 0);
    const everyone = roots.flatMap(({ through }) => through);
    expect(everyone).toHaveLength(tree.trajectories);
    for (const { through, reward, rewardOfOthers, reachCount } of answers) {
      expect(through).toHaveLength(reachCount);
      const mine = new Set(through.map(({ trajectory }) => trajectory));
      expect(reward).toBeCloseTo(mean(through.map((row) => row.reward)), 12);
      const others = everyone.filter(({ trajectory }) => !mine.has(trajectory));
      if (others.length === 0) expect(rewardOfOthers).toBeNaN();
      else expect(rewardOfOthers).toBeCloseTo(mean(others.map((row) => row.reward)), 12);
    }
  });

  it('leads to the node of the token tree that spells it', () => {
    const { orderId } = session.order(DEFAULT_RULE);
    const calls = answers.filter(({ kind }) => kind === 'call');
    expect(calls.length).toBeGreaterThan(10);
    for (const { tokenNode, tool, kind, through } of calls) {
      const node = session.node(orderId, { cut: 1, train: 1 }, tokenNode ?? '')!;
      expect(node).toMatchObject({ task: tree.task, kind, tool });
      expect(node.through.map(({ trajectory }) => trajectory)).toContain(through[0]?.trajectory);
    }
  });

  it('reads as the log has it, which tells actions of one name apart', () => {
    for (const { next, text, tool, kind } of answers) {
      if (kind === 'call' && tool !== null) expect(text).toContain(`"name": "${tool}"`);
      const siblings = next.map(({ kind: of, label, detail }) => `${of} ${label} ${detail ?? ''}`);
      expect(new Set(siblings).size).toBe(siblings.length);
      for (const { detail } of next) expect(detail).toMatch(/^[^\n]+$/);
    }
  });

  it('is null where there is none', async () => {
    expect(await session.action('0123456789abcdef')).toBeNull();
    expect(await session.action('17')).toBeNull();
  });
});
