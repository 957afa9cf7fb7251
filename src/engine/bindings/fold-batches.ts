/**
 * A batch of requests to a model server: one file has the requests, another the results, a line each, by ids that the sender chose. Each
 * result gets its request as one more member, so that a record has its prompt wherever it is read. Files are told by their first line.
 */
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { readLines, type Line } from '../../core/source/lines.ts';
import { BATCH_REQUEST, isBatchRequest, isBatchResult } from '../../formats/batch-lines.ts';
import { decodeText, get, getId, parseJson } from '../../formats/json.ts';
import type { Inflated } from '../containers/container.ts';
import type { InputFile } from '../input-file.ts';
import type { Unpack } from '../parts.ts';
import type { InputFault } from '../readers/reader.ts';
import { splitPath } from './binding.ts';

/** Files that are looked into: of more than these none is, as looking at each would cost more than joining is worth. */
const MOST_FILES = 64;
const HEAD_BYTES = 1 << 16;
/** A first line that is longer is still read where it begins like one of a batch. */
const MOST_HEAD_BYTES = 4 << 20;

interface Request {
  readonly source: ByteSource;
  readonly start: number;
  readonly end: number;
  readonly file: InputFile;
  /** Whether it is one of Anthropic's: ids are the sender's own, and the same in batches of several servers. */
  readonly isAnthropic: boolean;
}

/** Id -> its request; null where several have it. */
type Requests = Map<string, Request | null>;

/** In place of results stand those with their requests, and files of requests go where they are used. Others stay as they are. */
export async function foldBatches(files: readonly InputFile[], unpack: Unpack, signal: AbortSignal): Promise<readonly InputFile[]> {
  const lines = files.filter(({ path }) => /\.jsonl?$|\.ndjson$/i.test(path));
  if (lines.length < 2 || lines.length > MOST_FILES) return files;
  const [asked, answered]: [InputFile[], InputFile[]] = [[], []];
  for (const file of lines) {
    const first = await firstRecord(file.source);
    if (isBatchResult(first)) answered.push(file);
    else if (isBatchRequest(first)) asked.push(file);
  }
  if (asked.length === 0 || answered.length === 0) return files;
  const requests: Requests = new Map();
  for (const file of asked) await addRequests(file, requests).catch(() => undefined);
  const made = new Map<InputFile, InputFile | null>();
  const used = new Set<Request>();
  for (const file of answered) {
    // A file that cannot be read to its end stays, so that this is an issue as elsewhere.
    if (!(await hasAny(file, requests).catch(() => false))) continue;
    const tally = { ambiguous: 0 };
    const own = new Set<Request>();
    const find = (result: unknown): Request | undefined => {
      const found = requestOf(file, result, requests);
      if (found === null) tally.ambiguous++;
      if (found === null || found === undefined || own.has(found)) return undefined;
      own.add(found);
      return found;
    };
    const { file: whole, fault } = await unpack(file.path, withRequests(file.source, find), () => undefined, signal);
    for (const request of own) used.add(request);
    const notes = [...(file.notes ?? []), ...(whole.notes ?? [])];
    if (fault !== null) notes.push(told('a file of results that can be read', fault));
    if (tally.ambiguous > 0) notes.push(told('one request for each id', `${count(tally.ambiguous)} ids of several; without their prompts`));
    made.set(file, { ...whole, notes });
  }
  if (made.size === 0) return files;
  const gone = new Set([...used].map(({ file }) => file));
  const unused = new Set([...requests.values()].filter((request) => request !== null && gone.has(request.file) && !used.has(request)));
  const [first] = made;
  if (unused.size > 0 && first !== undefined && first[1] !== null) {
    const note = told('a result for each request', `${count(unused.size)} requests of which there is none; left out`);
    made.set(first[0], { ...first[1], notes: [...(first[1].notes ?? []), note] });
  }
  for (const file of gone) made.set(file, null);
  return files.flatMap((file) => {
    const other = made.get(file);
    return other === undefined ? [file] : other === null ? [] : [other];
  });
}

function told(expected: string, found: string): InputFault {
  return { line: 0, address: bytesAt(0), code: 'batch-requests', expected, found };
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** No id has a line end in front of it. */
function placeKey(folder: string, id: string): string {
  return `${folder}\n${id}`;
}

/** The JSON of a first line that begins like one of a batch; what cannot be read is none. */
async function firstRecord(source: ByteSource): Promise<unknown> {
  try {
    const head = decodeText(await source.read(0, Math.min(source.byteLength, HEAD_BYTES))).text;
    if (!/^\s*\{/.test(head) || !head.includes('"custom_id"')) return undefined;
    const isLong = !head.includes('\n') && source.byteLength > HEAD_BYTES;
    const text = isLong ? decodeText(await source.read(0, Math.min(source.byteLength, MOST_HEAD_BYTES))).text : head;
    const [line = ''] = text.trimStart().split('\n', 1);
    const parsed = parseJson(line);
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

async function addRequests(file: InputFile, requests: Requests): Promise<void> {
  const { folder } = splitPath(file.path);
  for await (const { lines } of readLines(file.source))
    for (const line of lines) {
      const record = recordOf(line);
      const id = isBatchRequest(record) ? getId(record, 'custom_id') : undefined;
      if (id === undefined) continue;
      const place = {
        source: file.source,
        start: line.byteOffset,
        end: line.byteOffset + line.length,
        file,
        isAnthropic: isOfAnthropic(record),
      };
      for (const key of [id, placeKey(folder, id)]) requests.set(key, requests.has(key) ? null : place);
    }
}

function recordOf({ bytes }: Line): unknown {
  const parsed = parseJson(decodeText(bytes).text);
  return parsed.ok ? parsed.value : undefined;
}

function isOfAnthropic(record: unknown): boolean {
  return get(record, 'result') !== undefined || get(record, 'params') !== undefined;
}

/** The request of a result: the one that lies in the folder of the results, or the only one there is. */
function requestOf({ path }: InputFile, result: unknown, requests: Requests): Request | null | undefined {
  const id = isBatchResult(result) ? getId(result, 'custom_id') : undefined;
  if (id === undefined) return undefined;
  const found = requests.get(placeKey(splitPath(path).folder, id)) ?? requests.get(id);
  return found?.isAnthropic === !isOfAnthropic(result) ? undefined : found;
}

/** Whether any result has a request: results of other batches are not copied. */
async function hasAny(file: InputFile, requests: Requests): Promise<boolean> {
  for await (const { lines } of readLines(file.source))
    for (const line of lines) if ((requestOf(file, recordOf(line), requests) ?? null) !== null) return true;
  return false;
}

/** The lines as they are, those of results that have a request with one more member at their end. */
async function* withRequests(source: ByteSource, find: (result: unknown) => Request | undefined): AsyncGenerator<Inflated> {
  const encoder = new TextEncoder();
  for await (const { lines, nextOffset } of readLines(source))
    for (const line of lines) {
      const { text } = decodeText(line.bytes);
      const parsed = parseJson(text);
      const end = text.trimEnd();
      const request = parsed.ok && end.endsWith('}') ? find(parsed.value) : undefined;
      const body = request === undefined ? undefined : await textAt(request);
      const whole = body === undefined ? text : `${end.slice(0, -1)},${JSON.stringify(BATCH_REQUEST)}:${body}}`;
      yield { bytes: encoder.encode(`${whole}\n`), read: nextOffset, fault: null };
    }
}

/** Undefined where it cannot be read any more. */
async function textAt({ source, start, end }: Request): Promise<string | undefined> {
  try {
    return decodeText(await source.read(start, end)).text.trim();
  } catch {
    return undefined;
  }
}
