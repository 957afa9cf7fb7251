/** Tokens of sets and turns of rollouts against the trajectories written out. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { FLAG } from '../../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze, type Frozen } from '../../../../src/core/tree/freeze.ts';
import { tokensOfSets } from '../../../../src/core/statistics/shared-tokens.ts';
import { measureTurns } from '../../../../src/core/statistics/turn-measures.ts';
import { sumRatios } from '../../../../src/core/statistics/ratios.ts';
import { allSteps } from '../../../helpers/allSteps.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

function frozenOf(batch: TrajectoryBatch): Frozen {
  const builder = makeForestBuilder();
  builder.add(batch);
  return freeze(builder);
}

const keyOf = ({ id }: TrajectoryBatch['rollouts'][number]): string => id;

it('counts distinct tokens of overlapping sets as prefixes written out', () => {
  fc.assert(
    fc.property(batches({ maxRollouts: 10 }), fc.array(fc.nat({ max: 7 }), { minLength: 10, maxLength: 10 }), (batch, drawn) => {
      const { forest, rollouts } = frozenOf(batch);
      const place = new Map(rollouts.map((row, r) => [keyOf(row), r]));
      const bits = new Int32Array(rollouts.length);
      for (const [i, row] of batch.rollouts.entries()) bits[place.get(keyOf(row))!] = drawn[i]!;
      const { flat, distinct, trajectories } = tokensOfSets(forest, bits, 3);
      for (const set of [0, 1, 2]) {
        const prefixes = new Set<string>();
        let tokens = 0;
        let count = 0;
        for (let t = 0; t < batch.trajectoryRollout.length; t++) {
          const i = batch.trajectoryRollout[t]!;
          if (((drawn[i]! >> set) & 1) === 0) continue;
          count++;
          let prefix = batch.rollouts[i]!.task;
          for (const token of batch.tokens.subarray(batch.trajectoryStart[t], batch.trajectoryStart[t + 1])) {
            prefix += `,${token}`;
            prefixes.add(prefix);
            tokens++;
          }
        }
        expect([trajectories[set], flat[set], distinct[set]]).toEqual([count, tokens, prefixes.size]);
      }
    }),
  );
});

it('counts turns, their tokens and their entropy as the trajectories have them', () => {
  fc.assert(
    fc.property(batches({ values: 'shared', maxRollouts: 6 }), (batch) => {
      const { forest, rollouts } = frozenOf(batch);
      const place = new Map(rollouts.map((row, r) => [keyOf(row), r]));
      const measured = allSteps(measureTurns(forest, rollouts.length, null));
      const entropy = batch.channels[0];
      const turns = new Float64Array(rollouts.length);
      const sampled = new Float64Array(rollouts.length);
      const sums = new Map<string, [number, number]>();
      for (let t = 0; t < batch.trajectoryRollout.length; t++) {
        const r = place.get(keyOf(batch.rollouts[batch.trajectoryRollout[t]!]!))!;
        let inside = false;
        for (let s = batch.trajectorySegment[t]!; s < batch.trajectorySegment[t + 1]!; s++) {
          const is = (batch.segmentFlags[s]! & FLAG.sampled) !== 0;
          const end = s + 1 < batch.trajectorySegment[t + 1]! ? batch.segmentStart[s + 1]! : batch.trajectoryStart[t + 1]!;
          if (is && !inside) turns[r]!++;
          inside = is;
          if (!is) continue;
          sampled[r]! += end - batch.segmentStart[s]!;
          const of = sums.get(`${r} ${turns[r]! - 1}`) ?? [0, 0];
          for (const value of entropy?.subarray(batch.segmentStart[s], end) ?? []) {
            if (Number.isNaN(value)) continue;
            of[0] += value;
            of[1]++;
          }
          sums.set(`${r} ${turns[r]! - 1}`, of);
        }
      }
      expect(measured.turns).toEqual(turns);
      expect(measured.sampled).toEqual(sampled);
      if (entropy === null || entropy === undefined || batch.channels[2] !== null) return;
      const { start, cell, below, cells } = measured.entropyByTurn.ratios;
      expect(cells).toBe(Math.max(0, ...turns));
      for (let r = 0; r < rollouts.length; r++)
        for (let i = start[r]!; i < start[r + 1]!; i++) expect(below[i]).toBe(sums.get(`${r} ${cell[i]}`)?.[1]);
    }),
  );
});

it('tells calls, results, errors and bins of a drawn forest', () => {
  const { forest, rollouts } = treeFromText(`
    q A:thinking!1 B:call!3 C:call!5 r:result s:result.error D!2
    q A:thinking!1 E!4
    q F:call!6 t:result | G:call!8
  `);
  const all = Int32Array.from(rollouts, (_, r) => r);
  const { turns, calls, callingTurns, results, errors, callsInTurn, entropyByTurn, entropyByDepth } = allSteps(
    measureTurns(forest, rollouts.length, null),
  );
  expect([turns, calls, callingTurns, results, errors].map((column) => [...column])).toEqual([
    [2, 1, 2],
    [1, 0, 2],
    [1, 0, 2],
    [2, 0, 1],
    [1, 0, 0],
  ]);
  const one = new Int32Array(rollouts.length).fill(1);
  const sums = (ratios: typeof callsInTurn.ratios): unknown => {
    const { top, below } = sumRatios(ratios, all, one, 1, null);
    return [[...top], [...below]];
  };
  expect([...callsInTurn.at]).toEqual([0, 1, 2]);
  expect(sums(callsInTurn.ratios)).toEqual([
    [2, 3],
    [5, 5],
  ]);
  expect([...entropyByTurn.at]).toEqual([1, 2, 3]);
  expect(sums(entropyByTurn.ratios)).toEqual([
    [1 + 3 + 5 + 1 + 4 + 6, 2 + 8],
    [6, 2],
  ]);
  expect([...entropyByDepth.at]).toEqual([0, 100]);
  expect(sums(entropyByDepth.ratios)).toEqual([[30], [8]]);
});
