/**
 * A run directory of prime-rl: traces in `traces/stream/*.jsonl` (or `traces/step_<n>/…`), and what trainer and orchestrator said of them
 * later in `traces/annotations/<producer>/*.jsonl`, by trace and branch. Each line of the traces gets its annotations as one more member,
 * so that a record is whole wherever it is read.
 * https://github.com/PrimeIntellect-ai/prime-rl/blob/main/src/prime_rl/trainer/rl/trace_annotations.py
 */
import { MAX_NOTES_OF_A_RECORD } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { readLines } from '../../core/source/lines.ts';
import { ANNOTATIONS } from '../../formats/trace-annotations.ts';
import { decodeText, describe, get, getId, getList, isObject, parseJson } from '../../formats/json.ts';
import { makeUnpackBudget } from '../containers/bounded.ts';
import type { Inflated } from '../containers/container.ts';
import type { InputFile } from '../input-file.ts';
import { NoRoom, type Unpack } from '../parts.ts';
import type { InputFault } from '../readers/reader.ts';
import { packedStream } from './packed-file.ts';

/** Of annotations, with the folder of traces that they are for, and who wrote them; and of the traces in such a folder. */
const ANNOTATION = /^(.*?)\/?annotations\/([\w.-]+?)(?:\/[^/]+)?\.jsonl(?:\.zst)?$/;
const TRACES = /(?:^|\/)(?:stream\/[^/]+|stream[\w.-]*|[\w.-]*traces|arrivals?)\.jsonl(?:\.zst)?$/;

interface Annotation {
  readonly source: ByteSource;
  readonly start: number;
  readonly end: number;
  readonly producer: string;
}

/** In place of traces stand those with their annotations, in which the files of annotations are. Nothing changes where there are none. */
export async function foldAnnotations(files: readonly InputFile[], unpack: Unpack, signal: AbortSignal): Promise<readonly InputFile[]> {
  const folders = new Map<string, { readonly file: InputFile; readonly producer: string }[]>();
  for (const file of files) {
    const [, folder, producer] = ANNOTATION.exec(file.path) ?? [];
    if (folder === undefined || producer === undefined) continue;
    folders.set(folder, [...(folders.get(folder) ?? []), { file, producer }]);
  }
  if (folders.size === 0) return files;
  const made = new Map<InputFile, InputFile | null>();
  for (const [folder, annotations] of folders) {
    const inside = folder === '' ? '' : `${folder}/`;
    const traces = files.filter(
      ({ path }) => path.startsWith(inside) && TRACES.test(path) && !ANNOTATION.test(path) && !path.includes('index'),
    );
    if (traces.length === 0) continue;
    const faults: InputFault[] = [];
    const index = new Map<string, Annotation[]>();
    for (const { file, producer } of annotations) {
      const source = await plainSource(file, unpack, faults, signal);
      if (source !== null) await indexLines(file.path, source, producer, index, faults);
      made.set(file, null);
    }
    const used = new Set<string>();
    for (const file of traces) {
      // What cannot be unpacked at all stays, so that it is an issue as elsewhere.
      const source = await plainSource(file, unpack, faults, signal);
      if (source === null) continue;
      const whole = await held(file.path, source.byteLength, withAnnotations(source, index, used), unpack, faults, signal);
      made.set(file, { ...whole, notes: [...(file.notes ?? []), ...(whole.notes ?? [])] });
    }
    const unused = [...index.keys()].filter((id) => !used.has(id)).length;
    if (unused > 0) faults.push(missing(unused));
    const last = traces.findLast((file) => made.has(file)) ?? traces.at(-1)!;
    const told = made.get(last) ?? last;
    made.set(last, { ...told, notes: [...(told.notes ?? []), ...faults] });
  }
  return files.flatMap((file) => {
    const other = made.get(file);
    return other === undefined ? [file] : other === null ? [] : [other];
  });
}

function missing(count: number): InputFault {
  const found = `annotations of ${count.toLocaleString('en')} traces that are not among the files; left out`;
  return { line: 0, address: bytesAt(0), code: 'annotations', expected: 'the traces of all annotations', found };
}

/** Null where nothing of it can be unpacked. */
async function plainSource(file: InputFile, unpack: Unpack, faults: InputFault[], signal: AbortSignal): Promise<ByteSource | null> {
  const packed = await packedStream(file.source);
  if (packed === null) return file.source;
  try {
    return (await held(file.path, file.source.byteLength, packed, unpack, faults, signal)).source;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NoRoom) throw error;
    faults.push(unread(file.path, 'a complete packed file', error instanceof Error ? error.message : String(error)));
    return null;
  }
}

/** What comes of a file, as far as a packed one may go. */
async function held(
  path: string,
  size: number,
  bytes: AsyncIterable<Inflated>,
  unpack: Unpack,
  faults: InputFault[],
  signal: AbortSignal,
): Promise<InputFile> {
  const budget = makeUnpackBudget(size, () => () => null);
  const { file, fault } = await unpack(path, budget.upTo(bytes), () => undefined, signal);
  if (fault !== null) faults.push(unread(path, 'a complete packed file', `${fault}; what was unpacked before is read`));
  if (budget.ended !== null) {
    const bound = `${budget.ended.toLocaleString('en')} bytes`;
    faults.push({ ...unread(path, `at most ${bound}, unpacked`, `more than that: only the first ${bound} are read`), code: 'too-large' });
  }
  return file;
}

function unread(path: string, expected: string, found: string): InputFault {
  return { line: 0, address: bytesAt(0), code: 'annotations', expected, found: `${path}: ${found}` };
}

async function indexLines(
  path: string,
  source: ByteSource,
  producer: string,
  index: Map<string, Annotation[]>,
  faults: InputFault[],
): Promise<void> {
  const expected = 'JSON of one annotation with its trace_id';
  let bad = 0;
  for await (const { lines } of readLines(source))
    for (const { bytes, byteOffset, length, line } of lines) {
      const { text } = decodeText(bytes);
      if (text.trim() === '') continue;
      const parsed = parseJson(text);
      const id = parsed.ok ? getId(parsed.value, 'trace_id') : undefined;
      if (id === undefined) {
        const found = parsed.ok ? `${describe(parsed.value)} without one` : parsed.message;
        if (++bad <= MAX_NOTES_OF_A_RECORD) faults.push(unread(path, expected, `line ${line.toLocaleString('en')}: ${found}; left out`));
        continue;
      }
      const place = { source, start: byteOffset, end: byteOffset + length, producer };
      const known = index.get(id);
      if (known) known.push(place);
      else index.set(id, [place]);
    }
  const untold = bad - MAX_NOTES_OF_A_RECORD;
  if (untold > 0) faults.push(unread(path, expected, `${untold.toLocaleString('en')} more lines that are none; left out`));
}

/** The lines as they are, those of traces with annotations with one more member at their end. */
async function* withAnnotations(
  source: ByteSource,
  index: ReadonlyMap<string, readonly Annotation[]>,
  used: Set<string>,
): AsyncGenerator<Inflated> {
  const encoder = new TextEncoder();
  const line = (text: string, read: number): Inflated => ({ bytes: encoder.encode(`${text}\n`), read, fault: null });
  for await (const { lines, nextOffset } of readLines(source))
    for (const { bytes } of lines) {
      const { text } = decodeText(bytes);
      const parsed = parseJson(text);
      const ids = parsed.ok ? idsOf(parsed.value) : [];
      const own = ids.flatMap((id) => index.get(id) ?? []);
      for (const id of ids) used.add(id);
      const end = text.trimEnd();
      if (own.length === 0 || !end.endsWith('}')) {
        yield line(text, nextOffset);
        continue;
      }
      const said: string[] = [];
      for (const { source: from, start, end: to, producer } of own)
        said.push(`{"producer":${JSON.stringify(producer)},"said":${decodeText(await from.read(start, to)).text.trim()}}`);
      yield line(`${end.slice(0, -1)},${JSON.stringify(ANNOTATIONS)}:[${said.join(',')}]}`, nextOffset);
    }
}

/** Ids of the traces in a record: its own, and those of an episode's. */
function idsOf(record: unknown): string[] {
  const traces = getList(record, 'traces') ?? (isObject(record) && get(record, 'nodes') !== undefined ? [record] : []);
  return traces.flatMap((trace) => getId(trace, 'id') ?? []);
}
