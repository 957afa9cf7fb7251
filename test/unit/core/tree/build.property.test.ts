import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHANNELS } from '../../../../src/core/model/batch.ts';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { actionTrajectories } from '../../../../src/core/tree/actions.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { batches, splitBatch } from '../../../helpers/randomBatches.ts';
import { endingsAt, endsNode, flagsAt, slowTree } from '../../../helpers/slowTree.ts';

function frozen(...parts: TrajectoryBatch[]) {
  const builder = makeForestBuilder();
  for (const part of parts) builder.add(part);
  return freeze(builder);
}

it('every trajectory is spelled by its path, through nodes that count it', () => {
  fc.assert(
    fc.property(batches(), (batch) => {
      const { forest, rollouts, tasks } = frozen(batch);
      const { trajectories } = forest;
      const rolloutOf = new Map(rollouts.map((row, index) => [row.id, index]));
      for (let b = 0; b < batch.trajectoryRollout.length; b++) {
        const row = rolloutOf.get(batch.rollouts[batch.trajectoryRollout[b]].id)!;
        const t = [...trajectories.rollout.keys()].find(
          (i) => trajectories.rollout[i] === row && trajectories.branch[i] === batch.trajectoryBranch[b],
        )!;
        const spelled: number[] = [];
        for (let n = trajectories.leaf[t]; n !== NONE; n = forest.parent[n]) {
          spelled.unshift(...forest.edgeTokens.subarray(forest.edgeStart[n], forest.edgeStart[n + 1]));
          const through = forest.trajectoryOrder.subarray(forest.reachStart[n], forest.reachStart[n] + forest.reachCount[n]);
          expect(through).toContain(t);
          const task = tasks.findIndex(({ key }) => key === rollouts[row].task);
          expect(n >= forest.treeStart[task] && n < forest.treeStart[task + 1]).toBe(true);
        }
        expect(spelled).toEqual([...batch.tokens.subarray(batch.trajectoryStart[b], batch.trajectoryStart[b + 1])]);
        expect(trajectories.tokenCount[t]).toBe(spelled.length);
        expect(trajectories.reward[t]).toBe(rollouts[row].reward ?? Number.NaN);
      }
    }),
  );
});

it('equals a Map per token: nodes, cuts, counts, kinds, flags, means and spreads', () => {
  fc.assert(
    fc.property(batches(), fc.option(fc.integer({ min: 1, max: 3 })), (batch, maxNodeTokens) => {
      const builder = makeForestBuilder({ maxNodeTokens });
      builder.add(batch);
      const { forest, tasks } = freeze(builder);
      const slow = slowTree(batch, maxNodeTokens ?? Infinity);
      expect(forest.edgeTokens.length).toBe(slow.size);
      const key: string[] = [];
      let flat = 0;
      for (let task = 0; task < tasks.length; task++) {
        for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
          let name = forest.parent[n] === NONE ? tasks[task].key : key[forest.parent[n]];
          for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) {
            name += ` ${forest.edgeTokens[i]}`;
            const prefix = slow.get(name)!;
            const last = i + 1 === forest.edgeStart[n + 1];
            expect(endsNode(prefix)).toBe(last);
            expect(forest.reachCount[n]).toBe(prefix.through.length);
            flat += prefix.through.length;
            CHANNELS.forEach((channel, c) => {
              const values = prefix.values[c];
              const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
              if (values.length > 0) expect(forest.channels[channel]![i]).toBeCloseTo(mean, 5);
              else expect(forest.channels[channel]?.[i] ?? Number.NaN).toBeNaN();
            });
            if (!last) continue;
            const { segments } = prefix;
            const votes = segments.reduce<number[]>(
              (counts, { kind }) => (counts[kind]++, counts),
              Array.from({ length: 9 }, () => 0),
            );
            expect(forest.kind[n]).toBe(votes.indexOf(Math.max(...votes)));
            expect(forest.kinds[n]).toBe(votes.reduce((bits, count, kind) => (count > 0 ? bits | (1 << kind) : bits), 0));
            expect(forest.flags[n]).toBe(flagsAt(prefix));
            expect(forest.endings[n]).toBe(endingsAt(prefix));
            expect(forest.sampledCount[n]).toBe(segments.filter(({ flags }) => (flags & FLAG.sampled) !== 0).length);
            const toolNames = segments.flatMap(({ tool }) => (tool === NONE ? [] : [batch.tools[tool]])).sort();
            expect(forest.tool[n] === NONE ? undefined : forest.tools[forest.tool[n]]).toBe(toolNames[0]);
          }
          key[n] = name;
          const spreads = spreadsOf(slow, name, forest.edgeStart[n + 1] - forest.edgeStart[n]);
          if (spreads.length === 0) expect(forest.surprisalSpread?.[n] ?? Number.NaN).toBeNaN();
          else expect(forest.surprisalSpread![n]).toBeCloseTo(Math.max(...spreads), 4);
        }
      }
      expect(flat).toBe(batch.tokens.length);
      // A channel in which nobody logged a value is none, and then only.
      CHANNELS.forEach((channel, c) => {
        const isKnown = [...slow.values()].some(({ values }) => values[c].length > 0);
        expect(forest.channels[channel] !== null).toBe(isKnown);
      });
      expect(forest.surprisalSpread === null).toBe(forest.channels.surprisal === null);
    }),
  );
});

function spreadsOf(slow: ReturnType<typeof slowTree>, name: string, run: number): number[] {
  const words = name.split(' ');
  return Array.from({ length: run }, (_, i) => slow.get(words.slice(0, words.length - i).join(' '))!.values[CHANNELS.indexOf('surprisal')])
    .filter((values) => values.length > 1)
    .map((values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    });
}

it('intervals nest: subtrees, reach, siblings by first key', () => {
  fc.assert(
    fc.property(batches({ keys: 20 }), (batch) => {
      const { forest } = frozen(batch);
      for (let n = 0; n < forest.length; n++) {
        const parent = forest.parent[n];
        if (parent !== NONE) {
          expect(parent).toBeLessThan(n);
          expect(forest.subtreeEnd[n]).toBeLessThanOrEqual(forest.subtreeEnd[parent]);
          expect(forest.reachStart[n]).toBeGreaterThanOrEqual(forest.reachStart[parent]);
          expect(forest.reachStart[n] + forest.reachCount[n]).toBeLessThanOrEqual(forest.reachStart[parent] + forest.reachCount[parent]);
          expect(forest.depth[n]).toBe(forest.depth[parent] + forest.edgeStart[parent + 1] - forest.edgeStart[parent]);
        }
        let previous = -1;
        for (let child = n + 1; child < forest.subtreeEnd[n]; child = forest.subtreeEnd[child]) {
          expect(forest.parent[child]).toBe(n);
          const first = forest.edgeTokens[forest.edgeStart[child]];
          expect(first).toBeGreaterThan(previous);
          previous = first;
        }
      }
    }),
  );
});

it('does not depend on batches or their order, for tokens and for actions, frozen early or not', () => {
  const shuffled = batches().chain((batch) => {
    const parts = splitBatch(batch);
    return fc.shuffledSubarray(parts, { minLength: parts.length }).map((order) => [batch, order] as const);
  });
  fc.assert(
    fc.property(shuffled, ([batch, parts]) => {
      const whole = frozen(batch);
      expect(frozen(...parts)).toEqual(whole);
      const builder = makeForestBuilder();
      for (const part of parts) {
        builder.add(part);
        freeze(builder);
      }
      expect(freeze(builder)).toEqual(whole);
      expect(frozen(...parts.map(actionTrajectories))).toEqual(frozen(actionTrajectories(batch)));
    }),
  );
});

it('the action forest has the same trajectories in the same order', () => {
  fc.assert(
    fc.property(batches(), (batch) => {
      const tokens = frozen(batch);
      const actions = frozen(actionTrajectories(batch));
      expect(actions.rollouts).toEqual(tokens.rollouts);
      expect(actions.tasks).toEqual(tokens.tasks);
      expect(actions.forest.trajectories.rollout).toEqual(tokens.forest.trajectories.rollout);
      expect(actions.forest.trajectories.branch).toEqual(tokens.forest.trajectories.branch);
      for (let t = 0; t < tokens.forest.trajectories.length; t++) {
        const ends = actions.actionEnd!.subarray(actions.actionStart![t], actions.actionStart![t + 1]);
        expect(ends.length).toBe(actions.forest.trajectories.tokenCount[t]);
        expect(ends.at(-1)).toBeLessThanOrEqual(tokens.forest.trajectories.tokenCount[t]);
      }
    }),
  );
});
