import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measuredDocument, merge, readmeWithMeasured, type Measurement } from '../../bench/measured.ts';
import type { Row } from '../../bench/rows/row.ts';

const row = (name: string, ratio: number): Row => ({
  name,
  value: 10,
  unit: 'ms',
  reference: 10 * ratio,
  ratio,
  goal: '< 2',
  note: 'a | b',
});
const run = { on: '2026-01-01', machine: 'two cores' };
const empty: Measurement = { runs: {}, rows: [] };
const NAMES = [
  'open to frozen forest, 2 threads: chat log vs all',
  'open to frozen forest, 2 threads: token-id log vs all',
  'tokeniser, new texts, vs another',
  'slider tick: the cut and all its counters vs a heap',
  'layout of 1000000 nodes: icicle vs d3',
];

describe('what was measured', () => {
  it('replaces the rows of a section that was run again, and leaves the others', () => {
    const first = merge(empty, { open: [row('one', 2), row('two', 3)], tree: [row('three', 4)] }, run);
    const second = merge(first, { open: [row('one', 5)] }, { ...run, on: '2026-01-02' });
    expect(second.rows.map(({ name, ratio }) => [name, ratio])).toEqual([
      ['three', 4],
      ['one', 5],
    ]);
    expect(second.runs['tree']?.on).toBe('2026-01-01');
    expect(second.runs['open']?.on).toBe('2026-01-02');
  });

  it('is the same after it was a file, also where nothing could be measured', () => {
    const made = merge(empty, { open: [row('one', NaN)] }, run);
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    expect(measuredDocument(made)).toContain('| one | 10 |  | ms |  | &lt; 2 | a \\| b |');
  });

  it('puts its headlines into the README, between its marks', () => {
    const made = merge(empty, { open: NAMES.map((name, i) => row(name, 2 + i)) }, run);
    const readme = readmeWithMeasured('a\n<!-- measured: made by `npm run bench -- --write` -->\nold\n<!-- end of measured -->\nb\n', made);
    expect(readme).not.toContain('old');
    expect(readme.startsWith('a\n') && readme.endsWith('\nb\n')).toBe(true);
    for (let i = 0; i < NAMES.length; i++) expect(readme).toContain(`| ${2 + i} × as fast |`);
    expect(readmeWithMeasured(readme, made)).toBe(readme);
    expect(() => readmeWithMeasured(readme, { ...made, rows: made.rows.slice(1) })).toThrow(
      /nothing was measured of "open to frozen forest/,
    );
  });

  it('is what the README and docs/measured.md say', () => {
    const written = JSON.parse(readFileSync('docs/measured.json', 'utf8')) as Measurement;
    expect(written.rows.length).toBeGreaterThan(10);
    expect(readFileSync('docs/measured.md', 'utf8')).toBe(measuredDocument(written));
    const readme = readFileSync('README.md', 'utf8');
    expect(readme).toBe(readmeWithMeasured(readme, written));
  });
});
