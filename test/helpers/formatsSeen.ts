/** Opens folders of logs as a person drops them, and counts what came of every file: for docs/formats-seen.md and the test beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesSource } from '../../src/core/source/bytes-source.ts';
import type { Part, Rollout } from '../../src/core/model/rollout.ts';
import { membersOf } from '../../src/engine/containers/container.ts';
import { CONTAINERS } from '../../src/engine/containers/registry.ts';
import type { Dataset } from '../../src/engine/dataset.ts';
import { makeReadBack } from '../../src/engine/read-back.ts';
import { parseJson } from '../../src/formats/json.ts';
import { inputFile } from './openSession.ts';
import { openDataset } from './openDataset.ts';

/** Of one input: a file, a member of an archive, or files that are one only together. */
export interface SeenInput {
  /** Path below the folder of all. */
  readonly path: string;
  readonly format: string | null;
  readonly records: number;
  readonly rollouts: number;
  /** Records that could not be used. */
  readonly issues: number;
  /** Codes of those that are told. */
  readonly codes: readonly string[];
}

/** Every file at or below a folder, in the order of their paths. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** All at once, as one drop. @param root what paths are told from */
export async function openFolder(root: string, files: readonly string[]): Promise<{ dataset: Dataset; inputs: SeenInput[] }> {
  const dataset = await openDataset(files.map((path) => inputFile(path.slice(root.length).replace(/^\//, ''), readFileSync(path))));
  const inputs = dataset.opening.inputs.map(({ path, format, records, rollouts, recordIssues, issues }): SeenInput => {
    const codes = issues.filter(({ severity }) => severity === 'record').map(({ code }) => code);
    return { path, format: format?.id ?? null, records, rollouts, issues: recordIssues, codes };
  });
  return { dataset, inputs };
}

/** Every tenth rollout, the first among them, as it is read back, with the path of its input. */
export async function eachTenth(dataset: Dataset): Promise<{ path: string; format: string; rollout: Rollout }[]> {
  const readBack = makeReadBack(dataset, undefined);
  const found: { path: string; format: string; rollout: Rollout }[] = [];
  for (let i = 0; i < dataset.tokens.rollouts.length; i += 10) {
    const input = dataset.opening.inputs[dataset.tokens.rollouts[i]?.source ?? 0];
    if (input?.format?.hasMessages === true) found.push({ path: input.path, format: input.format.id, rollout: await readBack.rollout(i) });
  }
  return found;
}

/** The bytes of a file, and of what is packed in it. */
export async function rawContents(bytes: Uint8Array<ArrayBuffer>, depth = 0): Promise<Uint8Array[]> {
  const container = depth > 3 ? undefined : CONTAINERS.find((each) => each.recognises(bytes.subarray(0, 1 << 16)));
  if (container === undefined) return [bytes];
  const contents: Uint8Array[] = [];
  for await (const { bytes: stream } of membersOf(container, bytesSource('a', bytes))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of stream) pieces.push(piece.bytes);
    for (const content of await rawContents(Uint8Array.from(Buffer.concat(pieces)), depth + 1)) contents.push(content);
  }
  return contents;
}

/** Members that hold pieces of what a server streams. */
const STREAMED = new Set(['text', 'delta', 'content', 'thinking', 'reasoning', 'reasoning_content', 'partial_json', 'arguments']);

/**
 * What can be looked up in files: every text of their JSON and all of their bytes, each by itself, and what is streamed in one. Texts that
 * hold JSON are opened.
 */
export function haystackOf(contents: readonly Uint8Array[]): { has(text: string): boolean } {
  const texts: string[] = [];
  const known = new Set<string>();
  const streamed: string[] = [];
  for (const content of contents) {
    const text = new TextDecoder().decode(content);
    texts.push(text);
    const whole = parseJson(text);
    const lines = whole.ok ? [] : text.split(/\r?\n/).map((line) => parseJson(line.replace(/^data: /, '')));
    // In order, the last first: lists are taken from their end.
    const waiting: { readonly value: unknown; readonly key: string }[] = [whole, ...lines]
      .flatMap((parsed) => (parsed.ok ? [{ value: parsed.value, key: '' }] : []))
      .toReversed();
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { value, key } = next;
      if (typeof value === 'string') {
        texts.push(value);
        if (STREAMED.has(key)) streamed.push(value);
        const inner = /^\s*[[{]/.test(value) ? [value] : value.includes('data: {') ? value.split(/\r?\n/).toReversed() : [];
        for (const text of inner) {
          const parsed = parseJson(text.replace(/^data: /, ''));
          if (parsed.ok) waiting.push({ value: parsed.value, key: '' });
        }
        continue;
      }
      known.add(JSON.stringify(value));
      if (typeof value !== 'object' || value === null) continue;
      for (const [name, inner] of Object.entries(value).toReversed()) {
        texts.push(name);
        waiting.push({ value: inner, key: Array.isArray(value) ? key : name });
      }
    }
  }
  // Most texts are members as they stand: these are found without a search.
  for (const text of texts) known.add(text);
  const all = [...texts, streamed.join('')].join('\u0000');
  return { has: (text) => known.has(text) || all.includes(text) };
}

/** Files that hold rows or objects in their own way, where texts are packed or cut: nothing can be looked up in them. */
export function isBinary(content: Uint8Array): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = content;
  return (a === 0x50 && b === 0x41 && c === 0x52 && d === 0x31) || a === 0x80;
}

/**
 * How the texts of a part stand in the file: `whole`, or in pieces. In pieces is a call that a model wrote in marks of its own and that
 * is told as JSON (by its arguments), and a text that was put together of several (by its lines). `lost`: neither. Placeholders of
 * images are not looked for.
 */
export function placeOf({ kind, text, images = [] }: Part, has: (text: string) => boolean): 'whole' | 'pieces' | 'lost' {
  const ends = [0, ...images.map(({ end }) => end)];
  const starts = [...images.map(({ start }) => start), text.length];
  const texts = ends.map((end, i) => text.slice(end, starts[i]));
  if (texts.every(has)) return 'whole';
  const pieces = texts.flatMap((each) =>
    kind === 'call' || kind === 'memory' ? argumentsOf(each) : each.split('\n').map((line) => line.trim()),
  );
  return pieces.every(has) ? 'pieces' : 'lost';
}

/** The texts among them; what is no JSON is one text. */
function argumentsOf(text: string): string[] {
  const parsed = parseJson(text);
  if (!parsed.ok) return [text];
  const texts: string[] = [];
  const waiting = [parsed.value];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value) as unknown[]) waiting.push(inner);
  }
  return texts;
}
