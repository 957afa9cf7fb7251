/** Files that were bound together (`bindings/binding.ts`): records at the places that their index names. */
import { MAX_SURROUNDING_BYTES } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { DETECTION_RECORDS, type SeenRecord } from '../../formats/detect.ts';
import { decodeText, getList, isList, parseJson } from '../../formats/json.ts';
import { BOUND_FOOT_BYTES, BOUND_HEAD } from '../bindings/join.ts';
import { readJsonAgain, readPlaces, spansOf, valueAt } from './json-records.ts';
import type { RecordReader } from './reader.ts';

const HEAD = new TextEncoder().encode(BOUND_HEAD);

export const bound: RecordReader = {
  id: 'bound',
  recognises: (head) => HEAD.every((byte, i) => head[i] === byte),
  async plan(source, look) {
    const { name, path } = look;
    const index = await readIndex(source);
    if (index === null) {
      const found = `${source.byteLength.toLocaleString('en')} bytes without one`;
      return {
        ok: false,
        fault: { line: 0, address: bytesAt(0), code: 'bound-index', expected: 'an index at the end of bound files', found },
      };
    }
    const { around, starts, ends } = index;
    const isLarge = around.end - around.start > MAX_SURROUNDING_BYTES;
    const document = isLarge ? undefined : await valueAt(source, around.start, around.end);
    const context = { name, path, line: 0, ...(document === undefined ? {} : { document }) };
    const seen: SeenRecord[] = [];
    for (let i = 0; i < Math.min(starts.length, DETECTION_RECORDS) && seen.length < ENOUGH; i++) {
      const record = await valueAt(source, starts[i] ?? 0, ends[i] ?? 0);
      if (record !== undefined) seen.push({ record, context: { ...context, index: i } });
    }
    const expected = `JSON around the records, of at most ${MAX_SURROUNDING_BYTES.toLocaleString('en')} bytes`;
    const found = isLarge ? `${(around.end - around.start).toLocaleString('en')} bytes` : 'no JSON';
    const fault = document === undefined ? { line: 0, address: bytesAt(around.start), code: 'surroundings', expected, found } : null;
    const plan = { spans: spansOf(starts, ends), recognised: look.recognise(seen), first: seen[0]?.record, fault };
    return { ok: true, plan: { ...plan, ...(document === undefined ? {} : { document }) } };
  },
  async *read(source, { records, firstIndex }) {
    if (records) yield* readPlaces(source, records, firstIndex);
  },
  readAgain: readJsonAgain,
};

/** All records of such a file are of one kind, and they may be long. */
const ENOUGH = 3;

interface Index {
  readonly around: { readonly start: number; readonly end: number };
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Null where there is none, or one of places that the file has not: anybody may write such a head. */
async function readIndex(source: ByteSource): Promise<Index | null> {
  const size = source.byteLength;
  const foot = decodeText(await source.read(Math.max(0, size - BOUND_FOOT_BYTES), size)).text;
  const at = /^\d{16}\n$/.test(foot) ? Number(foot) : size;
  const parsed = at >= size ? null : parseJson(decodeText(await source.read(at, size - BOUND_FOOT_BYTES)).text);
  const value: unknown = parsed?.ok ? parsed.value : null;
  const places = [getList(value, 'around'), ...(getList(value, 'records') ?? [])];
  const starts = new Float64Array(places.length);
  const ends = new Float64Array(places.length);
  for (const [i, place] of places.entries()) {
    const [start, end]: readonly unknown[] = isList(place) ? place : [];
    const before = i === 0 ? HEAD.length : (ends[i - 1] ?? 0);
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return null;
    [starts[i], ends[i]] = [Number(start), Number(end)];
    if (Number(start) < before || Number(end) < Number(start) || Number(end) > at) return null;
  }
  return { around: { start: starts[0] ?? 0, end: ends[0] ?? 0 }, starts: starts.slice(1), ends: ends.slice(1) };
}
