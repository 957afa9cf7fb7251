/** The default tokenizer against gpt-tokenizer on distinct texts, each side in fresh processes; ids are compared. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import { makeTextPool, readTexts } from '../data/texts.ts';
import type { Tokenised } from '../tokenise.ts';
import { actionKeysRow } from './action-keys.ts';
import { listedTokenizerRow } from './listed-tokenizer.ts';
import { expectEqual, faster, type Row, type Scale } from './row.ts';

export function tokenizerRows(root: string, scratch: string, scale: Scale): Row[] {
  const random = makeRandom(5);
  const pool = makeTextPool(readTexts(root, 24e6), random);
  mkdirSync(scratch, { recursive: true });
  const write = (name: string, count: number): { readonly path: string; readonly bytes: number } => {
    const texts = Array.from({ length: count }, () => pool.draw(200 - 1200 * Math.log(1 - random())));
    const path = join(scratch, name);
    writeFileSync(path, JSON.stringify(texts));
    return { path, bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
  };
  const texts = write('texts.json', scale.quick ? 400 : 8000);
  const warmUp = write('warm-up-texts.json', scale.quick ? 200 : 2000);
  const best = { ours: { first: Infinity, again: Infinity }, naive: { first: Infinity, again: Infinity } };
  let tokens = 0;
  for (let run = 0; run < scale.runs; run++) {
    scale.say(`tokenising ${(texts.bytes / 1e6).toFixed(1)} MB, run ${run + 1} of ${scale.runs}`);
    const ours = tokenise('ours', texts.path, warmUp.path);
    const naive = tokenise('naive', texts.path, warmUp.path);
    expectEqual('tokens', ours.tokens, naive.tokens);
    expectEqual('ids', ours.hash, naive.hash);
    tokens = ours.tokens;
    for (const [side, figures] of [
      ['ours', ours],
      ['naive', naive],
    ] as const) {
      best[side] = { first: Math.min(best[side].first, figures.firstMs), again: Math.min(best[side].again, figures.againMs) };
    }
  }
  const rate = (ms: number): string => `${(texts.bytes / 1000 / ms).toFixed(1)} MB/s`;
  return [
    faster(
      'tokeniser, new texts, vs gpt-tokenizer',
      { ours: best.ours.first, reference: best.naive.first },
      '>= 2, then 8',
      `${(texts.bytes / 1e6).toFixed(1)} MB, ${rate(best.ours.first)}, both after ` +
        `${(warmUp.bytes / 1e6).toFixed(1)} MB of other texts; ${tokens} ids equal`,
    ),
    faster(
      'tokeniser, the same texts again, vs gpt-tokenizer',
      { ours: best.ours.again, reference: best.naive.again },
      '',
      rate(best.ours.again),
    ),
    listedTokenizerRow((length) => pool.draw(length), scale),
    actionKeysRow((length) => pool.draw(length), scale),
  ];
}

function tokenise(side: 'ours' | 'naive', path: string, warmUp: string): Tokenised {
  const child = fileURLToPath(new URL('./tokenise.mjs', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', child, side, path, warmUp], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tokenising failed: ${stderr}`);
  return JSON.parse(stdout) as Tokenised;
}
