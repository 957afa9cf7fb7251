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
export async function eachTenth(dataset: Dataset): Promise<{ path: string; rollout: Rollout }[]> {
  const readBack = makeReadBack(dataset, undefined);
  const found: { path: string; rollout: Rollout }[] = [];
  for (let i = 0; i < dataset.tokens.rollouts.length; i += 10) {
    const input = dataset.opening.inputs[dataset.tokens.rollouts[i]?.source ?? 0];
    if (input?.format?.hasMessages === true) found.push({ path: input.path, rollout: await readBack.rollout(i) });
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

/**
 * What can be looked up in files: every text of their JSON, joined, and all of the bytes. JSON is read by the host's parser alone, a
 * line or a document at a time; texts that hold JSON are opened.
 */
export function haystackOf(contents: readonly Uint8Array[]): { has(text: string): boolean } {
  const texts: string[] = [];
  const objects = new Set<string>();
  const waiting: unknown[] = [];
  for (const content of contents) {
    const text = new TextDecoder().decode(content);
    texts.push(text);
    const whole = parseJson(text);
    if (whole.ok) waiting.push(whole.value);
    else
      for (const line of text.split('\n')) {
        const parsed = parseJson(line);
        if (parsed.ok) waiting.push(parsed.value);
      }
  }
  for (let value = waiting.pop(); value !== undefined || waiting.length > 0; value = waiting.pop()) {
    if (typeof value === 'string') {
      texts.push(value);
      const inner = /^\s*[[{]/.test(value) ? parseJson(value) : null;
      if (inner?.ok) waiting.push(inner.value);
    } else if (typeof value === 'object' && value !== null) {
      objects.add(JSON.stringify(value));
      for (const [key, inner] of Object.entries(value)) waiting.push(key, inner);
    } else if (value !== undefined) objects.add(JSON.stringify(value));
  }
  const all = texts.join('\u0000');
  return { has: (text) => all.includes(text) || objects.has(text) };
}

/**
 * What of a part must stand in the file: its text without the placeholders of images. A call that a model wrote in marks of its own is
 * told as JSON, and a result of several texts as one: of these each argument and each line.
 */
export function unfoundIn({ kind, text, images = [] }: Part, has: (text: string) => boolean): string[] {
  const ends = [0, ...images.map(({ end }) => end)];
  const starts = [...images.map(({ start }) => start), text.length];
  return ends
    .map((end, i) => text.slice(end, starts[i]))
    .filter((piece) => {
      if (has(piece)) return false;
      if (kind === 'result') return !piece.split('\n').every(has);
      return kind !== 'call' || !argumentsOf(piece).every(has);
    });
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
