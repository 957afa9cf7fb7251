/** A byte-level tokenizer.json with Qwen's split pattern: our own encoder against the library that ran it before; ids are compared. */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { hash128 } from '../../../src/base/hash.ts';
import { listedBytePairs } from '../../../src/engine/tokenizers/listed-file.ts';
import { cl100kFile, PATTERNS } from '../../helpers/listedTokenizer.ts';
import { expectEqual, faster, timed, type Row, type Scale } from './row.ts';

/** @param draw about so many characters of real text, others each time */
export function listedTokenizerRow(draw: (length: number) => string, scale: Scale): Row {
  const file = cl100kFile(PATTERNS['qwen']!);
  const ours = listedBytePairs(file, {});
  if (ours === null) throw new Error('the file is not taken by our own encoder');
  const library = new Library(file, {});
  const texts = (count: number): string[] => Array.from({ length: count }, () => draw(1400));
  const encode = (text: string): ArrayLike<number> => ours.encode(text);
  const encodeByLibrary = (text: string): ArrayLike<number> => library.encode(text, { add_special_tokens: false }).ids;
  const hash = (all: readonly ArrayLike<number>[]): string => hash128(all.map((ids) => Array.from(ids).join(' ')).join('\n'));
  const warmUp = texts(scale.quick ? 100 : 400);
  expectEqual('ids', hash(warmUp.map(encode)), hash(warmUp.map(encodeByLibrary)));
  const best = { ours: Infinity, reference: Infinity };
  let note = '';
  for (let run = 0; run < scale.runs; run++) {
    const all = texts(scale.quick ? 200 : 1500);
    const bytes = all.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    scale.say(`tokenising ${(bytes / 1e6).toFixed(1)} MB by a tokenizer.json, run ${run + 1} of ${scale.runs}`);
    const a = timed(() => all.map(encode));
    const b = timed(() => all.map(encodeByLibrary));
    expectEqual('ids', hash(a.result), hash(b.result));
    // Texts differ from run to run: times are of a megabyte.
    best.ours = Math.min(best.ours, (a.ms / bytes) * 1e6);
    best.reference = Math.min(best.reference, (b.ms / bytes) * 1e6);
    note = `a megabyte of new texts, ${(1000 / best.ours).toFixed(1)} MB/s; cl100k_base's vocabulary; all ids equal`;
  }
  return faster("tokenizer.json with Qwen's split pattern, new texts, vs @huggingface/tokenizers", best, '>= 20', note);
}
