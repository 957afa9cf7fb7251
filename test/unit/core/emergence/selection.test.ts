/** What a selection makes of rollouts, against trajectories written out token by token. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectionColumns, SELECTION_FIGURES, turnsOnPaths, type SelectionGround } from '../../../../src/core/emergence/selection.ts';
import { listTurns } from '../../../../src/core/emergence/turn-list.ts';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { measureTurns } from '../../../../src/core/statistics/turn-measures.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze, type Frozen } from '../../../../src/core/tree/freeze.ts';
import { sampledAt } from '../../../../src/core/tree/sampled.ts';
import { allSteps } from '../../../helpers/allSteps.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

function groundOf({ forest, rollouts }: Pick<Frozen, 'forest' | 'rollouts'>, learns: Uint8Array): SelectionGround {
  const { turns } = allSteps(measureTurns(forest, rollouts.length, null));
  return {
    forest,
    rollouts: rollouts.length,
    turns: allSteps(listTurns(forest)),
    learns,
    turnCount: turns,
    tokens: Float64Array.from(rollouts, (_, r) => 10 + r),
    reward: Float64Array.from(rollouts, ({ reward }) => reward ?? Number.NaN),
    turnsTo: turnsOnPaths(forest),
  };
}

/** Nodes from the root to the end of a trajectory. */
function pathOf(forest: Forest, t: number): number[] {
  const path: number[] = [];
  for (let n = forest.trajectories.leaf[t]!; n !== NONE; n = forest.parent[n]!) path.unshift(n);
  return path;
}

/** The mean of values by weights, over rollouts; null: no weight. */
function mean(values: readonly (readonly [value: number, weight: number])[]): number | null {
  const weight = values.reduce((sum, [, w]) => sum + w, 0);
  return weight === 0 ? null : values.reduce((sum, [value, w]) => sum + value * w, 0) / weight;
}

it('counts what is trained, kept whole and left of branches as loops over single tokens do', () => {
  const keep = fc.array(fc.nat({ max: 3 }), { minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(batches({ maxRollouts: 8 }), keep, (batch: TrajectoryBatch, drawn) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const { forest, rollouts } = freeze(builder);
      const learns = Uint8Array.from(rollouts, (_, r) => (drawn[63 - (r % 8)] === 0 ? 0 : 1));
      const ground = groundOf({ forest, rollouts }, learns);
      const kept = new Uint8Array(forest.length);
      const loss = new Float64Array(forest.length);
      for (let n = 0; n < forest.length; n++) {
        const above = forest.parent[n]!;
        kept[n] = drawn[n % 64] !== 0 && (above === NONE || kept[above] === 1) ? 1 : 0;
        if (kept[n] === 1 && forest.sampledCount[n]! > 0 && drawn[(n + 7) % 64]! > 1)
          loss[n] = forest.edgeStart[n + 1]! - forest.edgeStart[n]!;
      }
      const { top, below } = selectionColumns(ground, { kept, loss });
      const found = SELECTION_FIGURES.map((_, f) => {
        let [above, under] = [0, 0];
        for (let r = 0; r < rollouts.length; r++) {
          above += top[r * SELECTION_FIGURES.length + f]!;
          under += below[r * SELECTION_FIGURES.length + f]!;
        }
        return under === 0 ? null : above / under;
      });

      // The same from single tokens: of each rollout those that it sampled, and of them those whose node carries loss.
      const { trajectories } = forest;
      const weights = rollouts.map((_, r) => {
        let [sampled, trained] = [0, 0];
        for (let t = 0; t < trajectories.length; t++) {
          if (trajectories.rollout[t] !== r) continue;
          for (const n of pathOf(forest, t))
            for (let i = forest.edgeStart[n]!; i < forest.edgeStart[n + 1]!; i++) {
              if (!sampledAt(trajectories, t, forest.depth[n]! + i - forest.edgeStart[n]!)) continue;
              sampled++;
              if (loss[n]! > 0) trained++;
            }
        }
        return learns[r] === 1 && sampled > 0 ? trained / sampled : 0;
      });
      const own = [...rollouts.keys()].filter((r) => learns[r] === 1);
      const whole = own.filter((r) =>
        [...trajectories.rollout.keys()].every((t) => trajectories.rollout[t] !== r || pathOf(forest, t).every((n) => kept[n] === 1)),
      );
      const expected = {
        'turns-trained': mean(own.map((r) => [ground.turnCount[r]!, weights[r]!])),
        'tokens-trained': mean(own.map((r) => [ground.tokens[r]!, weights[r]!])),
        'reward-trained': mean(own.filter((r) => !Number.isNaN(ground.reward[r])).map((r) => [ground.reward[r]!, weights[r]!])),
        'turns-whole': mean(whole.map((r) => [ground.turnCount[r]!, 1])),
      };
      for (const [id, value] of Object.entries(expected)) {
        const figure = found[SELECTION_FIGURES.indexOf(id as keyof typeof expected)];
        if (value === null) expect(figure).toBeNull();
        else expect(figure).toBeCloseTo(value, 9);
      }

      // Branches: kept nodes without a kept child, each by the part of its trajectories that count.
      const ends = [...kept.keys()].filter((n) => kept[n] === 1 && !forest.parent.some((above, c) => above === n && kept[c] === 1));
      const through = (n: number): number[] => [...trajectories.leaf.keys()].filter((t) => pathOf(forest, t).includes(n));
      const lengths = ends.map((n): readonly [number, number] => [
        forest.depth[n]! + forest.edgeStart[n + 1]! - forest.edgeStart[n]!,
        through(n).filter((t) => learns[trajectories.rollout[t]!] === 1).length / through(n).length,
      ]);
      const tokens = mean(lengths);
      if (tokens === null) expect(found[SELECTION_FIGURES.indexOf('branch-tokens')]).toBeNull();
      else expect(found[SELECTION_FIGURES.indexOf('branch-tokens')]).toBeCloseTo(tokens, 9);
    }),
    { numRuns: 60 },
  );
});

describe('turns', () => {
  const frozen = treeFromText(`
    q A:call | B:call r:result s:result D =1
    q A:call | B:call r:result s:result E =1
    q F:call t:result G:call u:result H =0
  `);
  const ground = groundOf(frozen, new Uint8Array(frozen.rollouts.length).fill(1));
  const { forest } = frozen;
  const figureOf = (loss: Float64Array, figure: (typeof SELECTION_FIGURES)[number]): number => {
    const { top, below } = selectionColumns(ground, { kept: new Uint8Array(forest.length).fill(1), loss });
    const at = SELECTION_FIGURES.indexOf(figure);
    const sum = (column: Float64Array): number =>
      frozen.rollouts.reduce((all, _, r) => all + column[r * SELECTION_FIGURES.length + at]!, 0);
    return sum(top) / sum(below);
  };
  const tokens = forest.sampledCount.map((count, n) => (count > 0 ? forest.edgeStart[n + 1]! - forest.edgeStart[n]! : 0));

  it('with several calls count in each rollout that makes them', () => {
    const all = Float64Array.from(tokens);
    expect(figureOf(all, 'parallel-trained')).toBeCloseTo(2 / 7, 12);
    expect(figureOf(all, 'calls-trained')).toBeCloseTo((2 + 2 + 1 + 1) / 4, 12);
    expect(figureOf(all, 'turns-trained')).toBeCloseTo((2 + 2 + 3) / 3, 12);
    expect(figureOf(all, 'branch-turns')).toBeCloseTo((2 + 2 + 3) / 3, 12);
  });

  it('count as much as the share of their tokens that carry loss', () => {
    // The first of the two calls of the turn that both share.
    const first = [...tokens.keys()].find((n) => tokens[n]! > 0 && forest.sampledCount[n] === 2)!;
    const half = Float64Array.from(tokens, (count, n) => (n === first ? 0 : count));
    expect(figureOf(half, 'parallel-trained')).toBeCloseTo((0.5 + 0.5) / (0.5 + 0.5 + 5), 12);
    // Of their three tokens two.
    expect(figureOf(half, 'turns-trained')).toBeCloseTo((2 * (2 / 3) * 2 + 3) / (2 * (2 / 3) + 1), 12);
  });
});
