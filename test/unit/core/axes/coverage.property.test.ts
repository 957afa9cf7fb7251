/** Each task is counted in one cell, and all sums are those of a plain look through the tasks. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AXIS_IDS, type AxisId } from '../../../../src/core/axes/axes.ts';
import { coverageOf, tagsOn, type TaggedTask } from '../../../../src/core/axes/coverage.ts';

const task: fc.Arbitrary<TaggedTask> = fc.record({
  tags: fc.record({
    language: fc.constantFrom(...tagsOn('language')),
    tasktype: fc.constantFrom(...tagsOn('tasktype')),
    scenario: fc.constantFrom(...tagsOn('scenario')),
  }),
  rollouts: fc.nat({ max: 9 }),
  tokens: fc.nat({ max: 999 }),
});

it('adds up to the tasks, cell by cell', () => {
  fc.assert(
    fc.property(
      fc.array(task, { maxLength: 30 }),
      fc.constantFrom(...AXIS_IDS),
      fc.constantFrom(...AXIS_IDS),
      (tasks, rowAxis, columnAxis) => {
        const { rows, columns, cells, rowTotals, columnTotals, total } = coverageOf(tasks, rowAxis, columnAxis);
        const sumOf = (of: (task: TaggedTask) => boolean): object => {
          const own = tasks.filter(of);
          const sum = (value: (task: TaggedTask) => number): number => own.reduce((all, each) => all + value(each), 0);
          return { tasks: own.length, rollouts: sum(({ rollouts }) => rollouts), tokens: sum(({ tokens }) => tokens) };
        };
        const has = (axis: AxisId, tag: string) => (each: TaggedTask) => each.tags[axis] === tag;
        for (const [r, row] of rows.entries()) {
          expect(rowTotals[r]).toEqual(sumOf(has(rowAxis, row)));
          for (const [c, column] of columns.entries())
            expect(cells[r]![c]).toEqual(sumOf((each) => has(rowAxis, row)(each) && has(columnAxis, column)(each)));
        }
        for (const [c, column] of columns.entries()) expect(columnTotals[c]).toEqual(sumOf(has(columnAxis, column)));
        expect(total).toEqual(sumOf(() => true));
      },
    ),
    { numRuns: 30 },
  );
});
