/** Our own encoder of tokenizer.json files against the library's: any text, and files that nobody vouches for. */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { joinBytes } from '../../../src/base/bytes.ts';
import { isObject, type JsonObject } from '../../../src/formats/json.ts';
import { listedBytePairs } from '../../../src/engine/tokenizers/listed-file.ts';
import { added, listedFile, PATTERNS, preTokenizer, train } from '../../helpers/listedTokenizer.ts';
import type { Random } from '../random.ts';
import { bytesOf, hold, textOf, type Target } from '../target.ts';

// prettier-ignore
const WORDS = [
  'the', ' The', 'ABC', 'aB', '1', '12345', '!', '//', '{"', '":', '_', '\u0000', "'s", "'LL", "'ſ", ' ', '    ', '\t', '\n', '\r\n',
  '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff', 'é', 'e\u0301', 'ǅ', '½', '٣', '中文', 'かな', '한글', '👩‍👩‍👧', '\u{10ffff}', '\ud83d',
  '<|end|>', '<|',
];
const SAMPLE = `${WORDS.join(' ')} the theatre of the end, in 12 parts of 1234 {"a": "b"}\n\n    return a;\n`.repeat(2);
const MARK = '<|end|>';
/** A changed file is held against these. */
const TEXTS = [SAMPLE, 'a', "don't  stop\n", MARK];

export function tokenizerTargets(): Target[] {
  const merges = train(SAMPLE, 120);
  const files = [
    ['ByteLevel', preTokenizer(undefined)] as const,
    ...Object.entries(PATTERNS).map(([name, pattern]) => [name, preTokenizer(pattern)] as const),
  ].map(([name, pre]) => [name, listedFile({ pre, merges, added: [added(90_000, MARK)] })] as const);
  return [
    ...files.map(([name, file]): Target => {
      const agree = pairOf(file)!;
      return {
        id: `tokenizer ${name}`,
        kind: 'text',
        weight: 4,
        seeds: [bytesOf(SAMPLE)],
        make: (random) => bytesOf(madeText(random)),
        run: (input) => agree(textOf(input)),
      };
    }),
    {
      id: 'tokenizer file',
      kind: 'json',
      weight: 2,
      seeds: files.map(([, file]) => bytesOf(JSON.stringify(file))),
      run: (input) => readsAlike(textOf(input)),
    },
  ];
}

function madeText(random: Random): string {
  return Array.from({ length: random.below(40) }, () => random.pick(WORDS).repeat(1 + random.below(random.below(20) === 0 ? 90 : 2))).join(
    '',
  );
}

/** What holds both encoders of a file against each other; null where ours leaves the file to the library. */
function pairOf(file: JsonObject): ((text: string) => void) | null {
  const ours = listedBytePairs(file, {});
  if (ours === null) return null;
  const library = new Library(file, {});
  return (text) => {
    const ids = Array.from(ours.encode(text));
    const expected = text === '' ? [] : library.encode(text, { add_special_tokens: false }).ids;
    hold(ids.join() === expected.join(), 'both encoders give the same ids', () => `${ids.join(' ')} | ${expected.join(' ')}`);
    if (file['normalizer'] !== null) return;
    const bytes = joinBytes(ids.map((id) => ours.bytes(id) ?? new Uint8Array(0)));
    hold(Buffer.from(text.toWellFormed()).equals(Buffer.from(bytes)), 'tokens spell the text', () => textOf(bytes));
  };
}

function readsAlike(text: string): void {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return;
  }
  if (!isObject(file)) return;
  const agree = pairOf(file);
  for (const each of TEXTS) agree?.(each);
}
