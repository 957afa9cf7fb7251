/** The default tokenizer against gpt-tokenizer, cold, on distinct texts of a chat log; ids are compared one by one. */
import { clearMergeCache, encode } from 'gpt-tokenizer/encoding/o200k_base';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import type { Tokenizer } from '../../../src/core/tokens/tokenizer.ts';
import { makeO200k } from '../../../src/engine/tokenizers/o200k.ts';
import { makeTextPool, readTexts } from '../data/texts.ts';
import { expectEqual, faster, inTurn, type Row, type Scale } from './row.ts';

const PLAIN = { disallowedSpecial: new Set<string>() };

export function tokenizerRows(root: string, scale: Scale): Row[] {
  const random = makeRandom(5);
  const pool = makeTextPool(readTexts(root, 24e6), random);
  const texts = Array.from({ length: scale.quick ? 400 : 8000 }, () => pool.draw(200 - 1200 * Math.log(1 - random())));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  scale.say(`tokenising ${(bytes / 1e6).toFixed(1)} MB`);
  const tokenizer = makeO200k();
  const times = inTurn(scale.runs, () => encodeAll(tokenizer, texts), () => texts.map((text) => encode(text, PLAIN)));
  texts.forEach((_, t) => {
    expectEqual(`text ${t}: tokens`, times.oursResult[t].length, times.referenceResult[t].length);
    times.referenceResult[t].forEach((id, i) => expectEqual(`text ${t}, token ${i}`, times.oursResult[t][i], id));
  });
  const tokens = times.oursResult.reduce((sum, ids) => sum + ids.length, 0);
  const warm = faster(
    'tokeniser, texts seen before, vs gpt-tokenizer', times, '', `${(bytes / 1000 / times.ours).toFixed(1)} MB/s, best of ${scale.runs} passes over the same texts, caches of both sides warm`,
  );
  const fresh = Array.from({ length: scale.runs }, makeO200k);
  const cold = inTurn(scale.runs, () => encodeAll(fresh.pop()!, texts), () => {
    clearMergeCache();
    return texts.map((text) => encode(text, PLAIN));
  });
  return [
    faster('tokeniser, texts seen for the first time, vs gpt-tokenizer', cold, '>= 2, then 8', `${(bytes / 1e6).toFixed(1)} MB, ${(bytes / 1000 / cold.ours).toFixed(1)} MB/s, caches of both sides empty; ${tokens} ids equal`),
    warm,
  ];
}

function encodeAll(tokenizer: Tokenizer, texts: readonly string[]): ArrayLike<number>[] {
  return texts.map((text) => tokenizer.encode(text));
}
