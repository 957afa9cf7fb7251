import { describe, expect, it } from 'vitest';
import { FLAG, KIND } from '../../../../src/core/model/kinds.ts';
import { bytesAt } from '../../../../src/core/model/address.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { formatTree } from '../../../helpers/formatTree.ts';
import { batchFromText, treeFromText, wordOf } from '../../../helpers/treeFromText.ts';

const drawn = (text: string) => formatTree(treeFromText(text).forest);
const firstMean = (rows: string[]) => treeFromText(rows.join('\n')).forest.channels.entropy![0];

function orders(rows: readonly string[]): string[][] {
  if (rows.length === 0) return [[]];
  return rows.flatMap((row, i) => orders(rows.toSpliced(i, 1)).map((rest) => [row, ...rest]));
}

describe('the prefix forest', () => {
  it('merges shared prefixes and cuts where trajectories part', () => {
    expect(
      drawn(`
      A B C
      A B D
      A E
    `),
    ).toEqual(['A      reach 3', '  B    reach 2', '    C  reach 1', '    D  reach 1', '  E    reach 1']);
  });

  it('cuts where a trajectory ends inside a run, whichever comes first', () => {
    const expected = ['A B    reach 2', '  C D  reach 1'];
    expect(drawn('A B C D\nA B')).toEqual(expected);
    expect(drawn('A B\nA B C D')).toEqual(expected);
  });

  it('puts a proper prefix of a fork at the right place', () => {
    expect(drawn('A B C\nA B D\nA\nA B')).toEqual(['A      reach 4', '  B    reach 3', '    C  reach 1', '    D  reach 1']);
  });

  it('is the same for every order of rows that are prefixes of one another', () => {
    const expected = ['A        reach 6', '  B      reach 5', '    C    reach 3', '      D  reach 1', '    X    reach 1'];
    for (const rows of orders(['A B C D', 'A B C', 'A B C', 'A B X', 'A B', 'A'])) expect(drawn(rows.join('\n'))).toEqual(expected);
  });

  it('cuts at the segment boundaries of every trajectory', () => {
    expect(drawn('A B | C D\nA | B C D')).toEqual(['A        reach 2', '  B      reach 2', '    C D  reach 2']);
  });

  it('orders siblings by first key and roots alike', () => {
    expect(drawn('Z\nB D\nB A\nA')).toEqual(['A    reach 1', 'B    reach 2', '  A  reach 1', '  D  reach 1', 'Z    reach 1']);
  });

  it('keeps one tree per task, in the order of their keys', () => {
    const { forest, tasks } = treeFromText(`
      -- late
      A B
      -- early
      A C
      -- late
      A D
    `);
    expect(tasks.map((task) => task.key)).toEqual(['early', 'late']);
    expect([...forest.treeStart]).toEqual([0, 1, 4]);
    expect([...forest.trajectoryStart]).toEqual([0, 1, 3]);
    expect([...forest.trajectoryOrder]).toEqual([1, 0, 2]);
  });

  it('lists those that end at a node before those that go on, and equals in the order of the inputs', () => {
    const { forest } = treeFromText('A C\nA B\nA\nA B\nA');
    expect([...forest.trajectoryOrder]).toEqual([2, 4, 1, 3, 0]);
    expect([...forest.reachStart]).toEqual([0, 2, 4]);
    expect([...forest.trajectories.leaf]).toEqual([2, 1, 0, 1, 0]);
  });

  it('votes on the kind, remembers every kind and marks disagreement', () => {
    const { forest } = treeFromText('A:call\nA:memory\nA:memory\na');
    expect(formatTree(forest, (n) => forest.kind[n])).toEqual([`A  reach 3  ${KIND.memory}`, `a  reach 1  ${KIND.user}`]);
    expect(forest.kinds[0]).toBe((1 << KIND.call) | (1 << KIND.memory));
    expect(forest.flags[0] & FLAG.mixed).toBe(FLAG.mixed);
    expect(forest.flags[1] & FLAG.mixed).toBe(0);
  });

  it('gives a tie to the kind of the lowest index', () => {
    expect(treeFromText('A:memory\nA:call').forest.kind[0]).toBe(KIND.call);
  });

  it('counts the trajectories that sampled a node', () => {
    const batch = batchFromText('A B\nA C');
    const replayed = { ...batch, segmentFlags: Uint8Array.from([FLAG.sampled, 0]) };
    const builder = makeForestBuilder();
    builder.add(replayed);
    const { forest } = freeze(builder);
    expect([...forest.sampledCount]).toEqual([1, 1, 0]);
    expect(forest.flags[0]).toBe(FLAG.sampled | FLAG.open | FLAG.mixed);
    expect(forest.flags[2]).toBe(0);
  });

  it('never lets a kept path end inside an event', () => {
    const { forest } = treeFromText('A B C | D\nA B E');
    expect(formatTree(forest, (n) => forest.flags[n] & FLAG.open)).toEqual([
      'A B    reach 2  2',
      '  C    reach 1  0',
      '    D  reach 1  0',
      '  E    reach 1  0',
    ]);
  });

  it('means and spreads survive cuts', () => {
    const { forest } = treeFromText('A!1?1 B!2?2 C!3?3\nA!3?2 B!4?2 D!5?5\nA!5?3 E');
    expect([...forest.channels.entropy!]).toEqual([3, 3, 3, 5, Number.NaN]);
    expect([...forest.channels.surprisal!]).toEqual([2, 2, 3, 5, Number.NaN]);
    expect(forest.channels.advantage).toBeNull();
    expect(forest.surprisalSpread![0]).toBeCloseTo(Math.sqrt(2 / 3), 6);
    expect([...forest.surprisalSpread!].slice(1)).toEqual([0, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('takes the same mean in whatever order values come, where plain sums would round apart', () => {
    const [big, tie, dust] = ['A!4', `A!${2 ** -22}`, `A!${2 ** -51}`];
    expect(Math.fround((4 + 2 ** -22 + 2 ** -51 + 2 ** -51) / 4)).not.toBe(Math.fround((2 ** -51 + 2 ** -51 + 4 + 2 ** -22) / 4));
    expect(firstMean([big, tie, dust, dust])).toBe(firstMean([dust, dust, big, tie]));
    expect(firstMean([dust])).toBe(2 ** -51);
  });

  it('keeps rollouts in the order of files, then of bytes, then of members, and tasks in that of their keys', () => {
    const batch = batchFromText('-- a\nA\n-- b\nB\n-- c\nC\n-- d\nD');
    const places = [
      { source: 1, address: bytesAt(0, 0, 0) },
      { source: 0, address: bytesAt(9, 0, 1) },
      { source: 0, address: bytesAt(9, 0, 0) },
      { source: 0, address: bytesAt(7, 0, 5) },
    ];
    const builder = makeForestBuilder();
    builder.add({ ...batch, rollouts: batch.rollouts.map((row, r) => ({ ...row, ...places[r] })) });
    const { tasks, rollouts, forest } = freeze(builder);
    expect(tasks.map(({ key }) => key).join('')).toBe('abcd');
    expect(rollouts.map(({ task }) => task).join('')).toBe('dcba');
    expect(Array.from(forest.edgeTokens, wordOf).join('')).toBe('ABCD');
    expect([...forest.trajectories.leaf]).toEqual([3, 2, 1, 0]);
  });

  it('cuts long segments into blocks from their start where asked to', () => {
    const builder = makeForestBuilder({ maxNodeTokens: 2 });
    builder.add(batchFromText('A B C D E\nA B C F'));
    const { forest } = freeze(builder);
    expect(formatTree(forest, (n) => forest.flags[n] & FLAG.open)).toEqual([
      'A B      reach 2  0',
      '  C      reach 2  2',
      '    D    reach 1  0',
      '      E  reach 1  0',
      '    F    reach 1  0',
    ]);
    expect(() => makeForestBuilder({ maxNodeTokens: 0 })).toThrow('maxNodeTokens');
  });

  it('shows a channel that only a repeated trajectory has', () => {
    const builder = makeForestBuilder();
    builder.add(batchFromText('A B'));
    builder.add(batchFromText('A!1 B!2'));
    expect([...freeze(builder).forest.channels.entropy!]).toEqual([1, 2]);
  });

  it('finds children of a hub', () => {
    const words = Array.from({ length: 60 }, (_, i) => `X${String(i).padStart(2, '0')}`);
    const rows = words.flatMap((word) => [`H ${word} A`, `H ${word} B`]).sort((a, b) => a.slice(-3).localeCompare(b.slice(-3)));
    const { forest } = treeFromText(rows.join('\n'));
    expect(forest.length).toBe(1 + 60 * 3);
    expect(formatTree(forest).slice(0, 4)).toEqual(['H      reach 120', '  X00  reach 2', '    A  reach 1', '    B  reach 1']);
    // A cut above the hub takes its children along.
    const cut = treeFromText([...rows.map((row) => row.replace('H ', 'H H2 H3 ')), 'H H2'].join('\n')).forest;
    expect(formatTree(cut).slice(0, 3)).toEqual(['H H2     reach 121', '  H3     reach 120', '    X00  reach 2']);
    expect(cut.length).toBe(2 + 60 * 3);
  });

  it('may be frozen early and goes on', () => {
    const builder = makeForestBuilder();
    builder.add(batchFromText('A B C'));
    expect(formatTree(freeze(builder).forest)).toEqual(['A B C  reach 1']);
    builder.add(batchFromText('A B D'));
    expect(formatTree(freeze(builder).forest)).toEqual(['A B  reach 2', '  C  reach 1', '  D  reach 1']);
  });

  it('refuses a trajectory without tokens', () => {
    const batch = batchFromText('A B');
    const builder = makeForestBuilder();
    expect(() => builder.add({ ...batch, trajectoryStart: Int32Array.of(0, 0) })).toThrow('has no tokens');
  });

  it('refuses more distinct tokens than its columns can number, and says so', () => {
    const builder = makeForestBuilder({ maxTokens: 5 });
    builder.add(batchFromText('A B C'));
    builder.add(batchFromText('A B'));
    expect(() => builder.add(batchFromText('A B D'))).toThrow('at most 5 distinct tokens, and 3 are in it');
    expect(formatTree(freeze(builder).forest)[0]).toBe('A B  reach 2');
  });

  it('survives a chain of 100 000 segments', () => {
    const length = 100_000;
    const column = Int32Array.from({ length }, (_, i) => i);
    const builder = makeForestBuilder();
    const batch = batchFromText('A');
    const chain = {
      ...batch,
      tokens: column,
      segmentStart: column,
      trajectoryStart: Int32Array.of(0, length),
      trajectorySegment: Int32Array.of(0, length),
      segmentKind: new Uint8Array(length),
      segmentFlags: new Uint8Array(length),
      segmentTool: new Int32Array(length).fill(-1),
      segmentAction: column,
    };
    builder.add(chain);
    builder.add(chain);
    const { forest } = freeze(builder);
    expect(forest.length).toBe(length);
    expect(forest.depth[length - 1]).toBe(length - 1);
    expect(forest.subtreeEnd[0]).toBe(length);
  });
});
