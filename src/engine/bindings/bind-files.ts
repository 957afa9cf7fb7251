/** Files that are opened together, those that are records only together as one. */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { bytesAt } from '../../core/model/address.ts';
import { bytesSource } from '../../core/source/bytes-source.ts';
import type { Inflated } from '../containers/container.ts';
import type { InputFile } from '../input-file.ts';
import { decodeText, parseJson } from '../../formats/json.ts';
import type { Unpack } from '../parts.ts';
import type { InputFault } from '../readers/reader.ts';
import { foldAnnotations } from './fold-annotations.ts';
import { foldBatches } from './fold-batches.ts';
import type { Binding, Bound } from './binding.ts';
import { joinBound } from './join.ts';
import { BINDINGS } from './registry.ts';

const CHUNK = 1 << 20;
/** Files that are asked, and bytes of one. */
const MOST_ASKED = 4;
const MOST_BYTES_ASKED = 32 << 20;
const NO_BYTES = bytesSource('', new Uint8Array(0));

/** In place of the files of a binding stands one of its name; all others stay as they are. Where two files have one path none is bound. */
export async function bindFiles(given: readonly InputFile[], unpack: Unpack, signal: AbortSignal): Promise<readonly InputFile[]> {
  const files = given.length < 2 ? given : await foldBatches(await foldAnnotations(given, unpack, signal), unpack, signal);
  const byPath = new Map(files.map((file) => [file.path, file]));
  if (byPath.size < files.length || files.length < 2) return files;
  const used = new Set<string>();
  const made: InputFile[] = [];
  for (const binding of BINDINGS.filter(({ of }) => of === 'folder'))
    for (const bound of binding.bind([...byPath.keys()].filter((path) => !used.has(path)))) {
      if (binding.fits !== undefined && !(await fitsOne(bound, byPath, binding))) continue;
      const notes: InputFault[] = [];
      const contentOf = (path: string, source: ByteSource): AsyncIterable<Inflated> => binding.content?.(path, source) ?? bytesOf(source);
      const onFault = (path: string, found: string): void =>
        void notes.push({
          line: 0,
          address: bytesAt(0),
          code: 'unreadable-file',
          expected: 'a file that can be read',
          found: `${path}: ${found}`,
        });
      const bytes = joinBound(bound, (path) => contentOf(path, byPath.get(path)?.source ?? NO_BYTES), onFault);
      const { file } = await unpack(bound.name, bytes, () => undefined, signal);
      for (const { path } of bound.records.flatMap((record) => record.files)) used.add(path);
      for (const path of bound.passed) used.add(path);
      made.push({ ...file, ...(notes.length === 0 ? {} : { notes }) });
    }
  return made.length === 0 ? files : [...files.filter(({ path }) => !used.has(path)), ...made];
}

/** Asks about the first file that is JSON. */
async function fitsOne({ records }: Bound, byPath: ReadonlyMap<string, InputFile>, binding: Binding): Promise<boolean> {
  for (const { path } of records.flatMap(({ files }) => files).slice(0, MOST_ASKED)) {
    const source = byPath.get(path)?.source ?? NO_BYTES;
    if (source.byteLength > MOST_BYTES_ASKED) continue;
    const bytes = await source.read(0, source.byteLength).catch(() => new Uint8Array(0));
    const parsed = parseJson(decodeText(bytes).text);
    if (parsed.ok) return binding.fits?.(parsed.value) === true;
  }
  return false;
}

async function* bytesOf(source: ByteSource): AsyncGenerator<Inflated> {
  for (let at = 0; at < source.byteLength; at += CHUNK) {
    const end = Math.min(at + CHUNK, source.byteLength);
    try {
      yield { bytes: Uint8Array.from(await source.read(at, end)), read: end, fault: null };
    } catch (error) {
      yield { bytes: new Uint8Array(0), read: at, fault: error instanceof Error ? error.message : String(error) };
      return;
    }
  }
}
