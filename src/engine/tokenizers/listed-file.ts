/**
 * A tokenizer.json that is byte-level BPE of a known split pattern, in our own encoder. What it does not do is left to the library:
 * other normalizers than NFC, added tokens that strip blanks around them or ask for whole words, unknown tokens, bytes that are no
 * token. Ids are the library's (tested).
 */
import { get, getList, getString, isObject, type JsonObject } from '../../formats/json.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { splitAtTokens } from './added-tokens.ts';
import { byteLevelBytes, exactBytes } from './byte-level.ts';
import { makeBytePairs } from './byte-pairs.ts';
import { splitPatternOf } from './split-patterns.ts';

/** A file whose ids are spread wider than this is left to the library. */
const MOST_IDS = 4_000_000;
const BYTES = 256;

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly normalized: boolean;
}

interface Model {
  readonly ids: ReadonlyMap<string, number>;
  /** id -> token */
  readonly tokens: readonly (string | undefined)[];
  readonly pairs: Int32Array;
  readonly wholeWords: boolean;
}

/** The tokenizer but for its name, or null where the file asks for something that our encoder does not do. */
export function listedBytePairs(file: JsonObject, settings: JsonObject): Omit<Tokenizer, 'name'> | null {
  const pattern = splitPatternOf(file['pre_tokenizer']);
  const normalizer = file['normalizer'];
  const plainNormalizer = normalizer === null || getString(normalizer, 'type') === 'NFC';
  if (pattern === null || !plainNormalizer || !isPlainAround(file, settings)) return null;
  const model = readModel(file['model']);
  const added = model && readAdded(file['added_tokens'], model, normalizer !== null);
  if (!model || !added) return null;

  const vocabulary = model.tokens.map((token) => (token === undefined ? [] : (exactBytes(token) ?? [])));
  const contents = new Map(added.map((token) => [token.id, token.content]));
  // A piece may be spelled as an added token is.
  for (const { id, content } of added) {
    while (vocabulary.length < id) vocabulary.push([]);
    vocabulary[id] = exactBytes(content) ?? [];
  }
  const pairs = makeBytePairs(vocabulary, { ...pattern, pairs: model.pairs, wholeWords: model.wholeWords });
  const ofContent = new Map(added.map((token) => [token.content, token.id]));
  const normalizes = normalizer !== null;
  const first = splitAtTokens(added.filter((token) => !(token.normalized && normalizes)).map((token) => token.content));
  const second = splitAtTokens(added.filter((token) => token.normalized && normalizes).map((token) => token.content));

  function encode(text: string): Int32Array {
    const runs: Int32Array[] = [];
    for (const section of first(text)) {
      const mark = ofContent.get(section);
      if (mark !== undefined) {
        runs.push(Int32Array.of(mark));
        continue;
      }
      for (const part of second(normalizes ? section.normalize('NFC') : section)) {
        const token = ofContent.get(part);
        runs.push(token === undefined ? pairs.encode(part) : Int32Array.of(token));
      }
    }
    return joined(runs);
  }
  const encoder = new TextEncoder();
  return {
    encode,
    encodeMarked: encode,
    bytes(id) {
      const content = contents.get(id);
      if (content !== undefined) return encoder.encode(content);
      const token = model.tokens[id];
      return token === undefined ? null : byteLevelBytes(token);
    },
  };
}

function joined(runs: readonly Int32Array[]): Int32Array {
  if (runs.length === 1) return runs[0]!;
  const all = new Int32Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    all.set(run, at);
    at += run.length;
  }
  return all;
}

/** Whether what stands around the model leaves a text's ids alone. */
function isPlainAround(file: JsonObject, settings: JsonObject): boolean {
  const decoder = file['decoder'];
  if (decoder !== null && getString(decoder, 'type') !== 'ByteLevel') return false;
  if (settings['remove_space'] === true || (settings['do_lowercase_and_remove_accent'] ?? false) !== false) return false;
  return isPlainProcessor(file['post_processor']);
}

function isPlainProcessor(processor: unknown): boolean {
  if (processor === null) return true;
  const type = getString(processor, 'type');
  if (type === 'ByteLevel') return true;
  if (type === 'Sequence') return getList(processor, 'processors')?.every(isPlainProcessor) ?? false;
  if (type !== 'TemplateProcessing') return false;
  // The text once, between special tokens that are not asked for.
  const steps = getList(processor, 'single') ?? [];
  const texts = steps.filter((step) => get(step, 'SpecialToken') === undefined);
  return texts.length === 1 && getString(get(texts[0], 'Sequence'), 'id') === 'A';
}

function readModel(model: unknown): Model | null {
  const vocab = get(model, 'vocab');
  const merges = getList(model, 'merges');
  if (getString(model, 'type') !== 'BPE' || !isObject(vocab) || merges === undefined) return null;
  for (const key of ['unk_token', 'dropout', 'continuing_subword_prefix', 'continuing_subword_suffix', 'end_of_word_suffix']) {
    if ((get(model, key) ?? '') !== '') return null;
  }
  if ((get(model, 'byte_fallback') ?? false) !== false) return null;
  const ids = new Map<string, number>();
  const tokens: (string | undefined)[] = [];
  const bytes = new Set<number>();
  for (const [token, id] of Object.entries(vocab)) {
    if (!isId(id) || tokens[id] !== undefined) return null;
    ids.set(token, id);
    while (tokens.length < id) tokens.push(undefined);
    tokens[id] = token;
    const exact = exactBytes(token);
    if (exact?.length === 1) bytes.add(exact[0]!);
  }
  const pairs = bytes.size === BYTES ? readPairs(merges, ids) : null;
  return pairs && { ids, tokens, pairs, wholeWords: get(model, 'ignore_merges') === true };
}

function isId(id: unknown): id is number {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < MOST_IDS;
}

/** null where a merge names what is no token. All are in one of the two spellings, as the first is. */
function readPairs(merges: readonly unknown[], ids: ReadonlyMap<string, number>): Int32Array | null {
  const pairs = new Int32Array(3 * merges.length);
  const lists = Array.isArray(merges[0]);
  for (let i = 0; i < merges.length; i++) {
    const merge = merges[i];
    const parts: unknown = lists ? merge : typeof merge === 'string' ? merge.split(' ') : null;
    if (!Array.isArray(parts) || parts.length !== 2) return null;
    const [left, right] = parts as unknown[];
    if (typeof left !== 'string' || typeof right !== 'string' || exactBytes(left + right) === null) return null;
    const [from, to, made] = [ids.get(left), ids.get(right), ids.get(left + right)];
    if (from === undefined || to === undefined || made === undefined) return null;
    pairs.set([from, to, made], 3 * i);
  }
  return pairs;
}

/** null where a token asks for what is not done here, or is spelled like a token of the vocabulary with another id. */
function readAdded(list: unknown, { ids, tokens }: Model, normalizes: boolean): AddedToken[] | null {
  if (!Array.isArray(list)) return null;
  const added: AddedToken[] = [];
  const seen = new Set<string | number>();
  for (const token of list as unknown[]) {
    const content = getString(token, 'content');
    const id = get(token, 'id');
    if (content === undefined || content === '' || !isId(id) || seen.has(id) || seen.has(content)) return null;
    if (['lstrip', 'rstrip', 'single_word'].some((key) => (get(token, key) ?? false) !== false)) return null;
    const special = get(token, 'special') ?? false;
    const normalized = get(token, 'normalized') ?? special === false;
    if (typeof special !== 'boolean' || typeof normalized !== 'boolean') return null;
    if ((tokens[id] ?? content) !== content || (ids.get(content) ?? id) !== id) return null;
    if (normalizes && content.normalize('NFC') !== content) return null;
    seen.add(id).add(content);
    added.push({ id, content, normalized });
  }
  return added;
}
