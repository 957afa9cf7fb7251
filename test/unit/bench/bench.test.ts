/** That the benchmark's two sides agree: every section runs small, no time is judged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { makeLocalPool } from '../../../src/engine/pool.ts';
import { makeSession } from '../../../src/engine/session.ts';
import { openFileSource } from '../../../src/platform/node/file-source.ts';
import { openHandle } from '../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';
import { writeChatLog } from '../../bench/data/chat-log.ts';
import { readTexts } from '../../bench/data/texts.ts';
import { writeTokenLog } from '../../bench/data/token-log.ts';
import { openChatNaively, openTokensNaively } from '../../bench/reference/naive-open.ts';
import { exportRows } from '../../bench/rows/export.ts';
import { importanceRows } from '../../bench/rows/importance.ts';
import { kernelRows } from '../../bench/rows/kernel.ts';
import { layoutRows } from '../../bench/rows/layout.ts';
import { qualityRows } from '../../bench/rows/quality.ts';
import type { Row, Scale } from '../../bench/rows/row.ts';
import { sliderRows } from '../../bench/rows/slider.ts';
import { treeRows } from '../../bench/rows/tree.ts';
import { table } from '../../bench/table.ts';

const root = process.cwd();
const scratch = mkdtempSync(join(tmpdir(), 'espalier-bench-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const scale: Scale = { quick: true, runs: 1, say: () => undefined };

const check = (rows: readonly Row[]): void => {
  expect(rows.length).toBeGreaterThan(0);
  for (const { name, value, reference } of rows) {
    expect(value, name).toBeGreaterThan(0);
    if (!Number.isNaN(reference)) expect(reference, name).toBeGreaterThan(0);
  }
};

describe('opening counts the tokens that the straightforward way counts', () => {
  const ours = async (path: string): Promise<{ flat: number; distinct: number }> => {
    const session = makeSession({ pool: makeLocalPool(openHandle), unpack });
    const facts = await session.open(
      [{ path, source: await openFileSource(path), handle: { path } }],
      DEFAULT_OPEN_SETTINGS,
      () => undefined,
    );
    expect(facts.issues).toBe(0);
    return { flat: facts.tokens.flat, distinct: facts.tokens.distinct };
  };
  it('on a chat log', async () => {
    const path = join(scratch, 'chat.jsonl');
    expect(writeChatLog(path, readTexts(root, 2e6), 1.2e6).tasks).toBeGreaterThan(1);
    const { flat, distinct } = await openChatNaively(path);
    expect(await ours(path)).toEqual({ flat, distinct });
    expect(distinct).toBeLessThan(flat);
  });
  it('on a token-id log', async () => {
    const path = join(scratch, 'tokens.jsonl');
    writeTokenLog(path, 1e6);
    const { flat, distinct } = await openTokensNaively(path);
    expect(await ours(path)).toEqual({ flat, distinct });
    expect(distinct).toBeLessThan(flat);
  });
});

describe('sections run and agree with their references', () => {
  it('tree build', () => check(treeRows(root, scratch, scale)));
  it('slider', () => check(sliderRows(scale)));
  it('layout and culling', () => check(layoutRows(scale)));
  it('export', async () => check(await exportRows(scratch, scale)));
  it('prune quality, which is no time and must hold', () => {
    const rows = qualityRows(scale);
    check(rows);
    for (const { name, ratio } of rows) expect(ratio, name).toBeGreaterThan(0.95);
    for (const { name, ratio } of rows) expect(ratio, name).toBeLessThanOrEqual(1 + 1e-9);
  });
});

it('says which rows were skipped for want of a browser', async () => {
  const rows = await kernelRows(root, null, scale);
  expect(rows).toHaveLength(2);
  for (const { value, ratio, note } of rows) expect([value, ratio, note]).toEqual([NaN, NaN, 'skipped: no Chromium was found']);
});

it('computes node importance in both ways alike', async () => {
  const [onWasm, onGpu] = await importanceRows(root, null, scale);
  check(onWasm === undefined ? [] : [onWasm]);
  expect(Number(/scores differ by at most (\S+)/.exec(onWasm?.note ?? '')?.[1])).toBeLessThan(1e-5);
  expect(onGpu?.note).toBe('skipped: no Chromium was found');
});

it('prints one line per row, its note below, and a dash where there is nothing', () => {
  const text = table([{ name: 'a', value: 1.5, unit: 'ms', reference: NaN, ratio: NaN, goal: '>= 2', note: 'no reference here' }]);
  expect(text.split('\n').slice(2)).toEqual(['a     1.50          -    ms      -  >= 2', '    no reference here', '']);
});
