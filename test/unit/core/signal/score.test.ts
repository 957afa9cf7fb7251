import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { FLAG, KIND, NONE } from '../../../../src/core/model/kinds.ts';
import type { PruneRule } from '../../../../src/core/model/rule.ts';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { actionReach } from '../../../../src/core/signal/reach.ts';
import { scoreNodes } from '../../../../src/core/signal/score.ts';
import { actionTrajectories } from '../../../../src/core/tree/actions.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { hasSampled } from '../../../../src/core/tree/sampled.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { formatTree } from '../../../helpers/formatTree.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const rule = (changes: Partial<PruneRule> = {}): PruneRule => ({ ...DEFAULT_RULE, ...changes });

function frozen(batch: TrajectoryBatch) {
  const builder = makeForestBuilder();
  builder.add(batch);
  return freeze(builder);
}

const numbers = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1e6) / 1e6);

describe('on a drawn tree', () => {
  const drawn = `
    a B!1 | C!2 =1
    a B!1 | D!4 =0
    a B!1 | D!4 =0
    a E!0 =1
  `;
  // Nodes: a, B, C, D, E
  it('long-term entropy looks ahead, weighted by the way taken', () => {
    const { forest } = treeFromText(drawn);
    const scores = scoreNodes(forest, rule());
    expect(formatTree(forest, (n) => scores.lte[n].toFixed(3))).toEqual([
      'a      reach 4  3.250',
      '  B    reach 3  4.333',
      '    C  reach 1  2.000',
      '    D  reach 2  4.000',
      '  E    reach 1  0.000',
    ]);
    expect(numbers(scores.signal)).toEqual([0, 0.75, 0.5, 2, 0]);
    expect(numbers(scores.importance)).toEqual([3.25, 3.25, 0.5, 2, 0]);
    expect(numbers(scores.taskLte)).toEqual([3.25]);
    expect(numbers(scoreNodes(forest, rule({ gamma: 0.5 })).lte)).toEqual(
      numbers([0.5 * 0.75 * (1 + 0.5 * (10 / 3)), 1 + 0.5 * (10 / 3), 2, 4, 0]),
    );
  });

  it('RL mode multiplies by the size of the mean advantage', () => {
    const { forest } = treeFromText(drawn);
    const scores = scoreNodes(forest, rule({ mode: 'rl', advantage: 'dr-grpo' }));
    expect(numbers(scores.trajectoryAdvantage)).toEqual([0.5, -0.5, -0.5, 0.5]);
    expect(numbers(scores.meanAdvantage)).toEqual(numbers([0, -1 / 6, 0.5, -0.5, 0.5]));
    expect(numbers(scores.signal)).toEqual([0, 0.125, 0.25, 1, 0]);
    expect(numbers(scores.importance)).toEqual(numbers([0, 3.25 / 6, 0.25, 1, 0]));
    expect(numbers(scores.meanReward)).toEqual([0.5, numbers([1 / 3])[0], 1, 0, 1]);
  });

  it('offers other rankings and leaves the signal alone', () => {
    const { forest } = treeFromText('a B!1?3 | C?2 =1\na B!1?3 | D?4 =0\na E G?1 =4');
    const signal = numbers(scoreNodes(forest, rule()).signal);
    const importance = (ranking: PruneRule['ranking']) => {
      const scores = scoreNodes(forest, rule({ ranking }));
      expect(numbers(scores.signal)).toEqual(signal);
      return numbers(scores.importance);
    };
    expect(importance('uniform')).toEqual([1, 1, 1, 1, 1]);
    expect(importance('tokens')).toEqual([1, 1, 1, 1, 2]);
    expect(importance('reach')).toEqual(numbers([1, 2 / 3, 1 / 3, 1 / 3, 1 / 3]));
    expect(importance('surprisal')).toEqual(numbers([0, 2, 2 / 3, 4 / 3, 1 / 3]));
    // Children of a: B with mean reward 0.5 (2 trajectories), E with 4; children of B: 1 and 0.
    expect(importance('reward-spread')).toEqual(numbers([Math.sqrt((2 * (0.5 - 5 / 3) ** 2 + (4 - 5 / 3) ** 2) / 3), 0.5, 0, 0, 0]));
  });

  it('counts sampled turns where no entropy is known', () => {
    const { forest } = treeFromText('a B C | D\na B C | E F\n');
    const scores = scoreNodes(forest, rule());
    expect(scores.hasEntropy).toBe(false);
    expect(scores.by).toMatchObject({ asked: 'entropy', used: { id: 'turns' } });
    // A turn of three tokens and one of four, which share their first two.
    expect(numbers(scores.signal)).toEqual(numbers([0, 1 / 3 + 1 / 4, 0.5 / 3, 0.5 * (2 / 4)]));
    expect(numbers(scores.taskLte)).toEqual([1]);
  });

  it('RL mode without any reward equals SFT mode and says so', () => {
    const { forest } = treeFromText('a B!1 C!2\na B!1 D!3');
    const rl = scoreNodes(forest, rule({ mode: 'rl' }));
    expect(rl.hasAdvantage).toBe(false);
    expect(rl.signal).toEqual(scoreNodes(forest, rule()).signal);
    expect(rl.signal.some((value) => value > 0)).toBe(true);
  });

  it('counts a negative entropy, which only rounding gives, as no signal', () => {
    const { forest } = treeFromText('A?-0.001 | B?2');
    const scores = scoreNodes(forest, rule());
    expect(numbers(scores.signal)).toEqual([0, 2]);
    expect(numbers(scores.lte)).toEqual([1.999, 2]);
  });

  it('weighs tasks or trajectories', () => {
    const { forest } = treeFromText('-- one\nA!6\n-- three\nA!6\nA!6\nA!6');
    expect(numbers(scoreNodes(forest, rule()).signal)).toEqual([6, 6]);
    const scores = scoreNodes(forest, rule({ weighBy: 'trajectory' }));
    expect(numbers(scores.taskWeight)).toEqual([0.5, 1.5]);
    expect(numbers(scores.signal)).toEqual([3, 9]);
  });

  it('counts a replayed answer once, where it was sampled', () => {
    // Three calls of one rollout: each answers anew and repeats the answers before it as prompt.
    const replayed = frozen(replay('a B!3 | c\n& a B!3 | c D!5\n& a B!3 | c D!5 | e F!7'));
    const scores = scoreNodes(replayed.forest, rule());
    // Nodes: a, B, c, D, e, F
    expect([...replayed.forest.sampledCount]).toEqual([0, 1, 0, 1, 0, 1]);
    expect(numbers(scores.signal)).toEqual([0, 1, 0, numbers([5 / 3])[0], 0, numbers([7 / 3])[0]]);
    expect(numbers(scores.taskLte)).toEqual([5]);
    expect(numbers(scoreNodes(replayed.forest, rule({ divisor: 'rollouts' })).signal)).toEqual([0, 3, 0, 5, 0, 7]);
  });

  it('measures how evenly trajectories part', () => {
    const { forest } = treeFromText('A B\nA B\nA C\nA D\nA');
    expect(numbers(scoreNodes(forest, rule()).branchingEntropy)).toEqual(numbers([0.5 * Math.log(2) + 0.5 * Math.log(4), 0, 0, 0]));
  });
});

describe('reach', () => {
  it('by actions: those who did the same so far, in whatever words', () => {
    const { forest, batch } = treeFromText('a | B | C\na | X | C\na | B | D');
    // B and X are one action.
    const same = {
      ...batch,
      segmentAction: batch.segmentAction.map((action) => (batch.actions[action] === 'X' ? batch.actions.indexOf('B') : action)),
    };
    const actions = frozen(actionTrajectories(same));
    const reach = actionReach(forest, actions);
    expect(formatTree(forest, (n) => reach[n].toFixed(2))).toEqual([
      'a      reach 3  1.00',
      '  B    reach 2  1.00',
      '    C  reach 1  0.67',
      '    D  reach 1  0.33',
      '  X    reach 1  1.00',
      '    C  reach 1  0.67',
    ]);
    expect(scoreNodes(forest, rule({ reachBy: 'actions' }), { actionReach: reach }).reach).toEqual(reach);
    expect(() => scoreNodes(forest, rule({ reachBy: 'actions' }))).toThrow('expected actionReach');
  });

  it("by the policy: the path's probability per sampled token, counts where it is unknown", () => {
    const { forest } = treeFromText('a B?1 C?3\na B?1 D\nA E');
    const { reach } = scoreNodes(forest, rule({ reachBy: 'policy' }));
    // Nodes: "A E", a, B, C, D
    expect(numbers(reach)).toEqual(numbers([1 / 3, 2 / 3, Math.exp(-1), Math.exp(-2), Math.exp(-1)]));
  });
});

describe('properties', () => {
  it('the long-term entropy of a task is the mean over its trajectories of the entropy that they sampled', () => {
    fc.assert(
      fc.property(batches({ values: 'shared' }), (batch) => {
        const { forest, tasks } = frozen(batch);
        const { taskLte, entropy } = scoreNodes(forest, rule());
        for (let task = 0; task < tasks.length; task++) {
          let sum = 0;
          const members = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
          for (const t of members) {
            for (let n = forest.trajectories.leaf[t]; n !== NONE; n = forest.parent[n]) {
              if (!hasSampled(forest, t, n)) continue;
              for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) sum += forest.channels.entropy![i];
            }
          }
          expect(taskLte[task]).toBeCloseTo(sum / members.length, 6);
        }
        expect(entropy.known).toEqual(entropy.sampledTokens);
      }),
    );
  });

  it('r · LTE never rises down a path, by tokens and by actions', () => {
    fc.assert(
      fc.property(batches({ values: 'shared' }), fc.constantFrom('tokens' as const, 'actions' as const), (batch, reachBy) => {
        // Kinds decide which segments are actions: let all trajectories that share a prefix agree on them.
        const uniform = { ...batch, segmentKind: new Uint8Array(batch.segmentKind.length).fill(KIND.text) };
        const { forest } = frozen(reachBy === 'actions' ? perToken(uniform) : uniform);
        const inputs = reachBy === 'actions' ? { actionReach: actionReach(forest, frozen(actionTrajectories(perToken(uniform)))) } : {};
        const { importance } = scoreNodes(forest, rule({ reachBy }), inputs);
        for (let n = 0; n < forest.length; n++) {
          if (forest.parent[n] !== NONE) expect(importance[n]).toBeLessThanOrEqual(importance[forest.parent[n]] + 1e-9);
        }
      }),
    );
  });

  it('a trunk that a whole mean-centred group shares carries no RL importance', () => {
    const rewards = fc.array(fc.float({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(rewards, fc.constantFrom('grpo' as const, 'dr-grpo' as const, 'rloo' as const), (values, advantage) => {
        const { forest } = treeFromText(values.map((reward, i) => `A!9 B!9 | C${i % 3}!1 =${reward}`).join('\n'));
        const scores = scoreNodes(forest, rule({ mode: 'rl', advantage }));
        expect(scores.meanAdvantage[0]).toBeCloseTo(0, 6);
        expect(scores.importance[0]).toBeLessThan(1e-4);
        expect(scores.trajectoryAdvantage.every((a) => Number.isFinite(a))).toBe(true);
      }),
    );
  });

  it('signal, importance and mean advantage count those that sampled a node, over trajectories or rollouts', () => {
    fc.assert(
      fc.property(batches(), fc.constantFrom('trajectories' as const, 'rollouts' as const), fc.boolean(), (batch, divisor, rl) => {
        const { forest, tasks } = frozen(batch);
        const scores = scoreNodes(forest, rule({ divisor, mode: rl ? 'rl' : 'sft', advantage: 'dr-grpo' }));
        for (let task = 0; task < tasks.length; task++) {
          const members = [...forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1])];
          const rollouts = new Set(members.map((t) => forest.trajectories.rollout[t]));
          const by = divisor === 'rollouts' ? rollouts.size : members.length;
          for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
            const through = members.filter((t) => forest.trajectories.leaf[t] >= n && forest.trajectories.leaf[t] < forest.subtreeEnd[n]);
            const own = through.filter((t) => hasSampled(forest, t, n));
            const counting = own.length > 0 ? own : through;
            const known = counting.map((t) => scores.trajectoryAdvantage[t]).filter((advantage) => !Number.isNaN(advantage));
            // One whose advantage is unknown counts 0.
            const mean = known.length === 0 ? Number.NaN : known.reduce((sum, advantage) => sum + advantage, 0) / counting.length;
            if (known.length === 0) expect(scores.meanAdvantage[n]).toBeNaN();
            else expect(scores.meanAdvantage[n]).toBeCloseTo(mean, 9);
            const factor = rl && scores.hasAdvantage ? Math.abs(mean) || 0 : 1;
            const h = Math.max(0, scores.by.sum[n]);
            expect(scores.signal[n]).toBeCloseTo((own.length / by) * h * factor, 6);
          }
        }
      }),
    );
  });

  it('signal is finite and not negative, importance is a number', () => {
    const rules = fc.record({
      mode: fc.constantFrom('sft' as const, 'rl' as const),
      aggregate: fc.constantFrom('sum' as const, 'mean' as const, 'top20' as const),
      advantage: fc.constantFrom('logged' as const, 'grpo' as const, 'dr-grpo' as const, 'rloo' as const),
      reachBy: fc.constantFrom('tokens' as const, 'policy' as const),
      weighBy: fc.constantFrom('task' as const, 'trajectory' as const),
      ranking: fc.constantFrom('importance' as const, 'surprisal' as const, 'reward-spread' as const),
      gamma: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(batches(), rules, (batch, changes) => {
        const { signal, importance, entropy } = scoreNodes(frozen(batch).forest, rule(changes));
        expect(signal.every((value) => value >= 0 && value < Infinity)).toBe(true);
        expect(importance.some(Number.isNaN)).toBe(false);
        entropy.known.forEach((known, n) => expect(known).toBeLessThanOrEqual(entropy.sampledTokens[n]));
      }),
    );
  });
});

/** Drawn rows of which each sampled only its last sampled segment, as logs of single calls have it. */
function replay(text: string): TrajectoryBatch {
  const { batch } = treeFromText(text);
  const segmentFlags = batch.segmentFlags.slice();
  for (let t = 0; t < batch.trajectoryRollout.length; t++) {
    let isLast = true;
    for (let s = batch.trajectorySegment[t + 1] - 1; s >= batch.trajectorySegment[t]; s--) {
      if ((segmentFlags[s] & FLAG.sampled) === 0) continue;
      if (!isLast) segmentFlags[s] &= ~FLAG.sampled;
      isLast = false;
    }
  }
  return { ...batch, segmentFlags };
}

/** Every token its own segment, whose action is the token. */
function perToken(batch: TrajectoryBatch): TrajectoryBatch {
  const each = Int32Array.from(batch.tokens, (_, i) => i);
  return {
    ...batch,
    trajectorySegment: batch.trajectoryStart,
    segmentStart: each,
    segmentKind: new Uint8Array(each.length).fill(KIND.text),
    segmentFlags: new Uint8Array(each.length).fill(FLAG.sampled),
    segmentTool: new Int32Array(each.length).fill(NONE),
    segmentAction: batch.tokens,
    actions: ['w', 'x', 'y', 'z'],
  };
}
