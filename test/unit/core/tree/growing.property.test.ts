import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesAt } from '../../../../src/core/model/address.ts';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { actionTrajectories } from '../../../../src/core/tree/actions.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze, type Frozen } from '../../../../src/core/tree/freeze.ts';
import { makeGrowingForest } from '../../../../src/core/tree/growing.ts';
import { batches, splitBatch } from '../../../helpers/randomBatches.ts';

const identity = (batch: TrajectoryBatch): TrajectoryBatch => batch;

function atOnce(parts: readonly TrajectoryBatch[], maxNodeTokens: number | null): Frozen {
  const builder = makeForestBuilder({ maxNodeTokens });
  for (const part of parts) builder.add(part);
  return freeze(builder);
}

/** Rollouts by tens of sources, some without any value, and steps that each add some or take one source away. */
const histories = fc
  .tuple(
    fc.oneof(batches({ maxRollouts: 10 }), batches({ keys: 30, maxRollouts: 24 })),
    fc.constantFrom('none' as const, 'free' as const),
    fc.option(fc.integer({ min: 1, max: 3 })),
  )
  .chain(([batch, values, maxNodeTokens]) => {
    const parts = splitBatch(batch).map((part, r): TrajectoryBatch => {
      const source = r % 3;
      const channels = values === 'none' || source === 0 ? part.channels.map(() => null) : part.channels;
      return { ...part, channels, rollouts: part.rollouts.map((row) => ({ ...row, source, address: bytesAt(r) })) };
    });
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.integer({ min: 0, max: 2 }) }) },
    );
    return fc.record({
      parts: fc.shuffledSubarray(parts, { minLength: parts.length }),
      steps: fc.array(step, { minLength: 2, maxLength: 6 }),
      maxNodeTokens: fc.constant(maxNodeTokens),
    });
  });

it('any sequence of additions and removals gives the forest that is built at once, node by node, for tokens and actions', () => {
  fc.assert(
    fc.property(histories, fc.constantFrom(identity, actionTrajectories), ({ parts, steps, maxNodeTokens }, of) => {
      const coming = parts.map(of);
      let there: TrajectoryBatch[] = [];
      let frozen = atOnce([], maxNodeTokens);
      for (const step of steps) {
        const growing = makeGrowingForest(frozen, maxNodeTokens);
        if ('add' in step) {
          const added = coming.splice(0, step.add);
          for (const part of added) growing.builder.add(part);
          there.push(...added);
        } else {
          const isGone = ({ rollouts }: TrajectoryBatch) => rollouts[0].source === step.remove;
          const changed = new Set(there.filter(isGone).map(({ rollouts }) => rollouts[0].task));
          for (const task of changed) growing.rebuild(task);
          there = there.filter((part) => !isGone(part));
          for (const part of there) if (changed.has(part.rollouts[0].task)) growing.builder.add(part);
        }
        ({ frozen } = growing.freeze());
        expect(frozen).toEqual(atOnce(there, maxNodeTokens));
      }
    }),
    { numRuns: 300 },
  );
});

it('freezes what has come so far and goes on from there', () => {
  fc.assert(
    fc.property(batches(), (batch) => {
      const [first, ...rest] = splitBatch(batch);
      const growing = makeGrowingForest(atOnce([first], null), null);
      for (const part of rest) {
        growing.builder.add(part);
        growing.freeze();
      }
      expect(growing.freeze().frozen).toEqual(atOnce([first, ...rest], null));
    }),
  );
});
