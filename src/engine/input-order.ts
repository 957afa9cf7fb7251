/**
 * The one order of inputs, for page, command line and library: by path, and among files of one path by length and content. No
 * order of arguments, drops or folder walks decides which input is the first, or which of two with one name is numbered.
 */
import { compareTexts } from '../core/tree/input-order.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import type { InputFile } from './input-file.ts';

const CHUNK = 1 << 20;

/**
 * The items in that order; items of one file stay together and as they are. Two that are alike in every byte may stand either way.
 * @param fileOf the same object for items of one file
 */
export async function inInputOrder<T>(items: readonly T[], fileOf: (item: T) => InputFile): Promise<T[]> {
  const ofFile = new Map<InputFile, T[]>();
  for (const item of items) {
    const file = fileOf(item);
    const known = ofFile.get(file);
    if (known) known.push(item);
    else ofFile.set(file, [item]);
  }
  const ofPath = new Map<string, InputFile[]>();
  for (const file of ofFile.keys()) {
    const known = ofPath.get(file.path);
    if (known) known.push(file);
    else ofPath.set(file.path, [file]);
  }
  const ordered: T[] = [];
  for (const [, files] of [...ofPath].sort(([a], [b]) => compareTexts(a, b)))
    for (const file of await byContent(files)) for (const item of ofFile.get(file) ?? []) ordered.push(item);
  return ordered;
}

/** Merges ever longer runs: each comparison reads no further than the first byte that differs. */
async function byContent(files: readonly InputFile[]): Promise<InputFile[]> {
  let runs = files.map((file) => [file]);
  while (runs.length > 1) {
    const merged: InputFile[][] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(await merge(runs[i] ?? [], runs[i + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(a: readonly InputFile[], b: readonly InputFile[]): Promise<InputFile[]> {
  const merged: InputFile[] = [];
  let [i, j] = [0, 0];
  for (let [x, y] = [a[i], b[j]]; x && y; [x, y] = [a[i], b[j]]) {
    const takesFirst = (await compareContents(x.source, y.source)) <= 0;
    merged.push(takesFirst ? x : y);
    if (takesFirst) i++;
    else j++;
  }
  return [...merged, ...a.slice(i), ...b.slice(j)];
}

/** Shorter first, then by bytes. One that cannot be read is told by its length: why it cannot is said where it is opened. */
async function compareContents(a: ByteSource, b: ByteSource): Promise<number> {
  if (a === b || a.byteLength !== b.byteLength) return a.byteLength - b.byteLength;
  for (let at = 0; at < a.byteLength; at += CHUNK) {
    const end = Math.min(at + CHUNK, a.byteLength);
    const [x, y] = await Promise.all([a, b].map((source) => source.read(at, end).catch(() => new Uint8Array(0))));
    if (!x || !y) return 0;
    for (let i = 0; i < x.length || i < y.length; i++) {
      const difference = (x[i] ?? -1) - (y[i] ?? -1);
      if (difference !== 0) return difference;
    }
  }
  return 0;
}
