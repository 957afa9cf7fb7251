/**
 * Tokenising in a process of its own: `tokenise.mjs <ours|naive> <texts> <warm-up texts>`, files of JSON lists; prints
 * its figures as JSON.
 */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { readFileSync } from 'node:fs';
import { hash128 } from '../../src/base/hash.ts';
import { o200k } from '../../src/engine/tokenizers/o200k.ts';

export interface Tokenised {
  readonly tokens: number;
  /** Of all ids in their order. */
  readonly hash: string;
  /** Texts not seen before in this process, then the same texts again. */
  readonly firstMs: number;
  readonly againMs: number;
}

const [side, path, warmUp] = process.argv.slice(2);
const tokenizer = o200k();
const plain = { disallowedSpecial: new Set<string>() };
const encodeOne =
  side === 'ours' ? (text: string): ArrayLike<number> => tokenizer.encode(text) : (text: string): ArrayLike<number> => encode(text, plain);

function run(file: string): { ms: number; ids: ArrayLike<number>[] } {
  const texts = JSON.parse(readFileSync(file, 'utf8')) as string[];
  globalThis.gc?.();
  const begun = performance.now();
  const ids = texts.map(encodeOne);
  return { ms: performance.now() - begun, ids };
}

run(warmUp);
const first = run(path);
const again = run(path);
const figures: Tokenised = {
  tokens: first.ids.reduce((sum, ids) => sum + ids.length, 0),
  hash: hash128(first.ids.map((ids) => Array.from(ids).join(' ')).join('\n')),
  firstMs: first.ms,
  againMs: again.ms,
};
process.stdout.write(JSON.stringify(figures));
