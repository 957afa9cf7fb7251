/** docs/errors.md holds what the labels and the rules give: made again from both, where the real logs lie beside the repository. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawTurns } from '../../../helpers/errorDraw.ts';
import { judgedLabels, kappa, qualityTables, readLabels } from '../../../helpers/errorLabels.ts';
import { errorSheet } from '../../../helpers/errorSheet.ts';
import { dataFiles, errorTurns, hasData } from '../../../helpers/errorTurns.ts';
import { ROOT } from '../../../helpers/sources.ts';

const DOCS = join(ROOT, 'docs/errors.md');
const MARKS = /(<!-- figures -->\n)([^]*?)(\n<!-- end of figures -->)/;
/**
 * `write`: docs/errors.md is written; `draw`: the draw is made again and held against the labels; `sheet`: what a reader is shown is
 * written to .cache/errors-sheet.txt. See scripts/errors.mjs.
 */
const mode = process.env['ESPALIER_ERRORS'];

describe('the labels', () => {
  const labels = readLabels();

  it('are of at least 300 turns, each once, 100 of them read twice', () => {
    expect(labels.length).toBeGreaterThanOrEqual(300);
    expect(new Set(labels.map(({ file, rollout, branch, event }) => `${file} ${rollout} ${branch} ${event}`)).size).toBe(labels.length);
    expect(labels.filter(({ second }) => second !== null)).toHaveLength(100);
    expect(labels.filter(({ isError, kinds }) => isError !== kinds.length > 0)).toEqual([]);
    expect(labels.filter(({ weight }) => !(weight >= 1))).toEqual([]);
  });

  it('hold no text of a log', () => {
    for (const { file, hash, kinds } of labels) {
      expect(file).toMatch(/^[\w./ @+,=:()-]+$/);
      expect(hash).toMatch(/^[0-9a-f]{12}$/);
      for (const kind of kinds)
        expect(['exit', 'exception', 'refused', 'http', 'schema', 'no-op', 'repeat', 'format', 'other']).toContain(kind);
    }
  });

  it.skipIf(!hasData)('are of turns that the real logs hold, and give the figures of docs/errors.md', { timeout: 300_000 }, async () => {
    const judged = await judgedLabels(labels);
    expect(judged.filter(({ rules }) => rules === null).map(({ file, event }) => `${file} ${event}`)).toEqual([]);
    const made = qualityTables(judged);
    const docs = readFileSync(DOCS, 'utf8');
    expect(docs).toMatch(MARKS);
    if (mode === 'write')
      writeFileSync(
        DOCS,
        docs.replace(MARKS, (_, before: string, __, after: string) => `${before}\n${made}\n${after}`),
      );
    else expect(MARKS.exec(docs)?.[2]?.trim()).toBe(made);
  });

  it.runIf(mode === 'draw')('are those of the seeded draw', { timeout: 600_000 }, async () => {
    const turns = [];
    for (const file of dataFiles()) turns.push(...(await errorTurns(file).catch(() => [])));
    const drawn = drawTurns(turns).map(({ file, rollout, branch, event }) => `${file} ${rollout} ${branch} ${event}`);
    expect(drawn.sort()).toEqual(labels.map(({ file, rollout, branch, event }) => `${file} ${rollout} ${branch} ${event}`).sort());
  });

  it.runIf(mode === 'sheet')('are made by reading this', { timeout: 600_000 }, async () => {
    const sheet = await errorSheet(labels);
    writeFileSync(join(ROOT, '.cache/errors-sheet.txt'), sheet);
    expect(sheet.split('\n=== ')).toHaveLength(labels.length);
    expect(sheet).not.toContain('\nnot there');
  });
});

describe('kappa', () => {
  it('is 1 where two readings agree, 0 where they agree as chance would, and as a worked example says', () => {
    const of = (pairs: readonly (readonly [boolean, boolean, number])[]) =>
      pairs.flatMap(([isError, second, count]) => Array.from({ length: count }, () => ({ isError, second })));
    expect(
      kappa(
        of([
          [true, true, 5],
          [false, false, 5],
        ]),
      ),
    ).toBe(1);
    expect(
      kappa(
        of([
          [true, true, 4],
          [true, false, 4],
          [false, true, 4],
          [false, false, 4],
        ]),
      ),
    ).toBe(0);
    // 20 and 15 agreed of 50, chance 0.5: (0.7 − 0.5) ÷ 0.5.
    expect(
      kappa(
        of([
          [true, true, 20],
          [true, false, 5],
          [false, true, 10],
          [false, false, 15],
        ]),
      ),
    ).toBeCloseTo(0.4, 12);
  });
});
