/**
 * Writes the files of a `Bound` into one stream: a first line that tells it, what surrounds the records, the records, where each of them
 * lies, and where that is said. Contents are passed on byte by byte.
 */
import { joinBytes } from '../../base/bytes.ts';
import type { Inflated } from '../containers/container.ts';
import type { Bound, BoundFile } from './binding.ts';

/** What every bound file begins with. */
export const BOUND_HEAD = '{"espalier_bound":1}\n';
/** Its last bytes: digits of the place of the index, and a line end. */
export const BOUND_FOOT_BYTES = 17;

/** Where the parts of a bound file lie, as [first byte, byte behind the last]. */
export interface BoundIndex {
  readonly around: readonly [number, number];
  readonly records: readonly (readonly [number, number])[];
}

/** Content of a file. A fault on the last of it ends that file alone. */
export type OpenFile = (path: string) => AsyncIterable<Inflated>;

const encoder = new TextEncoder();
/** JSON has line ends between its tokens alone. */
const [LINE_END, RETURN, BLANK] = [0x0a, 0x0d, 0x20];
/** Of a file that is text: a few megabytes, and nobody's reward is as long. */
const MOST_PIECES = 4;

/** @param onFault told which file could not be read whole, and why. Throws only where `open` does. */
export async function* joinBound(
  { around, records, isLines }: Bound,
  open: OpenFile,
  onFault: (path: string, fault: string) => void,
): AsyncGenerator<Inflated> {
  let at = 0;
  let reached = 0;
  const text = (words: string): Inflated => {
    const bytes = encoder.encode(words);
    at += bytes.length;
    return { bytes, read: reached, fault: null };
  };
  async function* object(name: string | null, files: readonly BoundFile[]): AsyncGenerator<Inflated> {
    yield text(name === null ? '{' : `{"member":${JSON.stringify(name)}`);
    let [isFirst, open1] = [name === null, ''];
    for (const { key, sub, path, isText } of files) {
      const isInside = sub !== undefined && open1 === key;
      if (open1 !== '' && !isInside) yield text('}');
      const comma = isFirst ? '' : ',';
      isFirst = false;
      if (isInside) yield text(`,${JSON.stringify(sub)}:`);
      else yield text(`${comma}${JSON.stringify(key)}:${sub === undefined ? '' : `{${JSON.stringify(sub)}:`}`);
      open1 = sub === undefined ? '' : key;
      yield* isText === true ? quoted(path) : content(path);
    }
    yield text(`${open1 === '' ? '' : '}'}}`);
  }
  async function* content(path: string): AsyncGenerator<Inflated> {
    for await (const { bytes, read, fault } of open(path)) {
      reached = Math.max(reached, read);
      at += bytes.length;
      yield { bytes, read: reached, fault: null };
      if (fault !== null) onFault(path, fault);
    }
  }
  async function* quoted(path: string): AsyncGenerator<Inflated> {
    const pieces: Uint8Array[] = [];
    for await (const { bytes, read, fault } of open(path)) {
      reached = Math.max(reached, read);
      if (pieces.length < MOST_PIECES) pieces.push(bytes);
      if (fault !== null) onFault(path, fault);
    }
    yield text(JSON.stringify(new TextDecoder().decode(joinBytes(pieces))));
  }
  if (isLines === true) {
    for (const { path } of records.flatMap(({ files }) => files)) {
      for await (const some of content(path))
        yield { ...some, bytes: some.bytes.map((byte) => (byte === LINE_END || byte === RETURN ? BLANK : byte)) };
      yield text('\n');
    }
    return;
  }
  yield text(BOUND_HEAD);
  const places: [number, number][] = [];
  const place = async function* (name: string | null, files: readonly BoundFile[]): AsyncGenerator<Inflated> {
    const start = at;
    yield* object(name, files);
    places.push([start, at]);
    yield text('\n');
  };
  yield* place(null, around);
  for (const { name, files } of records) yield* place(name, files);
  const [first = [0, 0], ...rest] = places;
  const index: BoundIndex = { around: first, records: rest };
  const indexAt = at;
  yield text(`${JSON.stringify(index)}\n${String(indexAt).padStart(BOUND_FOOT_BYTES - 1, '0')}\n`);
}
