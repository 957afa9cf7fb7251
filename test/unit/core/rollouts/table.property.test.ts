/** What tables of rollouts do with their rows, against slow ways of doing it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberColumn, textColumn } from '../../../../src/core/rollouts/columns.ts';
import { csvHead, csvLine } from '../../../../src/core/rollouts/csv.ts';
import { binsOf, matchingIn, type Histogram } from '../../../../src/core/rollouts/histogram.ts';
import { orderRows } from '../../../../src/core/rollouts/order-rows.ts';
import { groupReward } from '../../../../src/core/rollouts/solved.ts';
import { groupByTask, taskOfRow } from '../../../../src/core/rollouts/task-groups.ts';

const number = fc.oneof(fc.constantFrom(0, -0, 0.5, 1, -1, Number.NaN), fc.double(), fc.integer());
const word = fc.constantFrom('r2', 'r10', 'R2', 'a', '', 'é', 'r2b');
const rowsOf = (length: number): Int32Array<ArrayBuffer> => Int32Array.from({ length }, (_, r) => length - 1 - r);

it('sorts numbers, stable, and what is unknown last in both directions', () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 40 }), fc.boolean(), (values, isDescending) => {
      const column = numberColumn({ id: 'n', label: 'n', help: '' }, values.length, (r) => values[r]);
      const sorted = orderRows(rowsOf(values.length), column, isDescending);
      const slow = [...rowsOf(values.length)].sort((a, b) => {
        if (Number.isNaN(values[a]) || Number.isNaN(values[b])) return Number(Number.isNaN(values[a])) - Number(Number.isNaN(values[b]));
        return values[a] === values[b] ? 0 : (isDescending ? values[a] < values[b] : values[a] > values[b]) ? 1 : -1;
      });
      expect([...sorted]).toEqual(slow);
    }),
    { numRuns: 500 },
  );
});

it('sorts words as people do, unknown last', () => {
  const column = textColumn({ id: 't', label: 't', help: '' }, 7, (r) => ['r10', null, 'b', 'R2', 'r2', '', 'a'][r]);
  expect(column.words).toEqual(['a', 'b', 'R2', 'r2', 'r10']);
  expect([...orderRows(rowsOf(7), column, false)]).toEqual([6, 2, 3, 4, 0, 5, 1]);
  expect([...orderRows(rowsOf(7), column, true)]).toEqual([0, 4, 3, 2, 6, 5, 1]);
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const { codes, words: sorted } = textColumn({ id: 't', label: 't', help: '' }, words.length, (r) => words[r]);
      expect(Array.from(codes, (code) => sorted[code] ?? '')).toEqual(words);
      expect(new Set(sorted).size).toBe(sorted.length);
    }),
  );
});

function histogramOf(values: Float64Array, isMatching: Uint8Array | null): Histogram | null {
  const bins = binsOf(values);
  return bins && matchingIn(bins, isMatching);
}

it('puts each number into the bin whose edges hold it', () => {
  const list = fc.oneof(fc.array(number), fc.array(fc.integer({ min: 0, max: 60 })), fc.array(fc.double({ min: 0, max: 1, noNaN: true })));
  fc.assert(
    fc.property(list, fc.infiniteStream(fc.boolean()), (values, coins) => {
      const matches = Uint8Array.from(values, () => Number(coins.next().value));
      const made = histogramOf(Float64Array.from(values), matches);
      const known = values.filter((value) => Number.isFinite(value));
      expect(made === null).toBe(known.length === 0);
      if (made === null) return;
      const { edges, all, matching, unknown, least, most } = made;
      expect(edges.length).toBeLessThanOrEqual(24);
      expect([least, most]).toEqual([Math.min(...known) + 0, Math.max(...known) + 0]);
      expect(unknown).toBe(values.length - known.length);
      const last = all.length - 1;
      const isIn = (value: number, bin: number): boolean => value >= edges[bin] && (value < edges[bin + 1] || bin === last);
      expect([...all]).toEqual([...all].map((_, bin) => known.filter((value) => isIn(value, bin)).length));
      expect([...matching]).toEqual(
        [...all].map((_, bin) => values.filter((value, r) => Number.isFinite(value) && matches[r] === 1 && isIn(value, bin)).length),
      );
      for (const edge of edges) expect(String(edge).length).toBeLessThan(26);
    }),
    { numRuns: 500 },
  );
  expect([...histogramOf(Float64Array.of(0, 1, 0.3), null)!.edges].slice(0, 8)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
});

it('groups rows by task, tasks in the order of their first row', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4)), fc.uniqueArray(fc.nat(4)), (tasks, closed) => {
      const rows = rowsOf(tasks.length);
      const made = groupByTask(rows, Int32Array.from(tasks), 5, (task) => closed.includes(task));
      const slow = [...new Set([...rows].map((r) => tasks[r]))].flatMap((task) => [
        -1 - task,
        ...(closed.includes(task) ? [] : [...rows].filter((r) => tasks[r] === task)),
      ]);
      expect([...made]).toEqual(slow);
      expect([...made].map(taskOfRow).filter((task) => task !== null)).toEqual([...new Set([...rows].map((r) => tasks[r]))]);
    }),
  );
});

it('says how many of a group are solved, with a mean and its interval', () => {
  expect(groupReward([1, 0, 0, 1, 1, 0, 1, 0, 0, 0])).toMatchObject({ rollouts: 10, known: 10, solved: 4, mean: 0.4, method: 'wilson' });
  expect(groupReward([0.5, Number.NaN, -1])).toMatchObject({ rollouts: 3, known: 2, solved: 1, mean: -0.25, method: 't' });
  const { low, high } = groupReward([1, 0, 0, 1, 1, 0, 1, 0, 0, 0]);
  // Wilson 1927, by any table.
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.1682', '0.6873']);
});

it('writes CSV that reads back, and no formula', () => {
  const texts = ['=1+1', '@x', 'a,b', 'say "hi"\nthere', '-2', '+3', '\tq', 'plain'];
  const columns = [
    textColumn({ id: 'field.=x', label: '', help: '' }, texts.length, (r) => texts[r]),
    numberColumn({ id: 'n', label: '', help: '' }, texts.length, (r) => [0.1 + 0.2, -5, Number.NaN, 1e21, 0, 1, 2, 3][r]),
  ];
  expect(csvHead(columns)).toBe('field.=x,n\r\n');
  expect(texts.map((_, r) => csvLine(columns, r))).toEqual([
    "'=1+1,0.30000000000000004\r\n",
    "'@x,-5\r\n",
    '"a,b",\r\n',
    '"say ""hi""\nthere",1e+21\r\n',
    "'-2,0\r\n",
    "'+3,1\r\n",
    "'\tq,2\r\n",
    'plain,3\r\n',
  ]);
});
