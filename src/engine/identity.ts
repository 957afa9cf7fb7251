/**
 * Whether a file is still what it was when it was opened: by its length, by what the host tells of its writing, and by samples of its
 * content. What was read of it and what is read of it later must not be of two files.
 */
import type { ByteSource } from '../core/source/byte-source.ts';
import { sha256Of } from './export/hash.ts';
import type { OpenedInput } from './opened-input.ts';
import type { Identity } from './opened-input.ts';

/** A file is not what it was when it was opened. The message names it and says what changed. */
export class ChangedInput extends Error {
  override readonly name = 'ChangedInput';
}

/** Up to here all of a file is hashed; of a longer one so many parts, evenly spread from its first byte to its last. */
const WHOLE_BYTES = 1 << 20;
const PARTS = 16;
const PART_BYTES = WHOLE_BYTES / PARTS;
/** Files that are looked at together. */
const TOGETHER = 32;

/** Null: it cannot change. */
export async function identityOf(source: ByteSource, grows = false): Promise<Identity | null> {
  if (source.now === undefined) return null;
  const { byteLength, made } = source;
  const isTold = source.isFar === true && made?.touched !== undefined && !grows;
  const samples = isTold ? null : await samplesOf(source, byteLength).catch(() => null);
  return { byteLength, modified: made?.modified ?? null, touched: made?.touched ?? null, samples, grows };
}

/** What changed since: `changed since it was opened: 30,000 bytes then, 15,042 now`; null where nothing did. */
export async function changeOf(source: ByteSource, identity: Identity | null): Promise<string | null> {
  if (identity === null || source.now === undefined) return null;
  const then = `changed since it was opened: ${bytes(identity.byteLength)} then`;
  try {
    const now = await source.now();
    if (identity.grows ? now.byteLength < identity.byteLength : now.byteLength !== identity.byteLength)
      return `${then}, ${now.byteLength.toLocaleString('en')} now`;
    if (identity.touched !== null && now.touched === identity.touched) return null;
    if (identity.samples === null && source.isFar === true) return `${then} and now, but written to since`;
    if ((await samplesOf(source, identity.byteLength)) !== identity.samples)
      return identity.grows ? `${then}, others in their place now` : `${then} and now, but others`;
    // Of a long file samples alone do not say that nothing was written.
    const isSure = identity.byteLength <= WHOLE_BYTES || identity.grows || now.modified === identity.modified;
    return isSure ? null : `${then} and now, but written to since`;
  } catch {
    return `${then}, now it cannot be read`;
  }
}

/** Files of inputs that have changed since they were opened, and how; each is looked at once. */
export async function changesOf(inputs: readonly OpenedInput[]): Promise<ReadonlyMap<ByteSource, string>> {
  const files = [...new Map(inputs.map(({ dropped, identity }) => [dropped, identity]))];
  const found = new Map<ByteSource, string>();
  for (let from = 0; from < files.length; from += TOGETHER)
    await Promise.all(
      files.slice(from, from + TOGETHER).map(async ([dropped, identity]) => {
        const what = await changeOf(dropped, identity);
        if (what !== null) found.set(dropped, what);
      }),
    );
  return found;
}

/** Throws ChangedInput where the file of any input has changed since it was opened. */
export async function refuseChanged(inputs: readonly OpenedInput[]): Promise<void> {
  const changes = await changesOf(inputs);
  for (const { dropped, fileName } of inputs) {
    const what = changes.get(dropped);
    if (what !== undefined) throw changedInput(fileName, what);
  }
}

export function changedInput(name: string, what: string): ChangedInput {
  return new ChangedInput(`${name} ${what}; open it again`);
}

/** A hash of all of a file, or of samples of a longer one: what names it beside its length. Of the first `length` bytes. */
export async function samplesOf(source: ByteSource, length: number): Promise<string> {
  if (length <= WHOLE_BYTES) return sha256Of([await source.read(0, length)]);
  const starts = Array.from({ length: PARTS }, (_, part) => Math.floor((part / (PARTS - 1)) * (length - PART_BYTES)));
  return sha256Of(await Promise.all(starts.map((start) => source.read(start, start + PART_BYTES))));
}

function bytes(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'byte' : 'bytes'}`;
}
