/**
 * Lists of numbers or booleans read from the bytes of JSON text, without a string or an object per entry; and where the lines
 * of such bytes end. The work is done by a WebAssembly module (number-lists.c) with a memory of its own, so the bytes are
 * copied there first.
 */
import { hasExport, instantiate } from '../../base/wasm.ts';
import { NUMBER_LISTS } from './number-lists.built.ts';

/** Uint8Array: booleans as 0 and 1. Int32Array: integers of at most 9 digits, without negative zero. Float64Array: any other numbers. */
export type NumberList = Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** `end`: index behind the closing bracket. */
export interface FoundList {
  readonly values: NumberList;
  readonly end: number;
}

/** Bytes of a record up to which lists are not copied out of the module's memory, which then holds room for all of them. */
const LONGEST_VIEWED = 4 << 20;
/** Most bytes of values for a byte of text: a number takes at least a digit and a comma, and 8 bytes. */
const VALUE_BYTES = 4;
/** Records beyond this are not taken: list and entries are held side by side, entries at up to four times the bytes. */
const LONGEST_RECORD = 64 << 20;

/** Addresses are in bytes of `memory`. A kind is 1 for booleans, 2 for integers, 3 for numbers, 0 for a list of none of these. */
interface ListModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** First address that is free. */
  room(): number;
  /**
   * Address of 45 rows of 5 doubles to be filled, for 10^0 and up: the power rounded, what is then missing, two halves
   * of the first, its inverse.
   */
  powers(): number;
  /** Address of the first bracket from `at` on, or of the zero behind the record; `commas` are counted on the way. */
  closing(at: number): number;
  commas(): number;
  /** Reads entries up to the bracket at `end`; kind 2 comes as doubles too, and `narrow` makes integers of them. */
  readNumbers(at: number, end: number, out: number): number;
  /** As `readNumbers`, for lists whose values nobody wants; `out` is for one. */
  checkNumbers(at: number, end: number, out: number): number;
  /** Entries of the list last read that this module cannot tell, left as NaN. */
  hard(): number;
  readBooleans(at: number, end: number, out: number): number;
  narrow(at: number, out: number, count: number): void;
  /** Address of the first line feed from `at` on, or `end`. */
  lineEnd(at: number, end: number): number;
}

const PAGE = 1 << 16;
/** The module reads 16 bytes at a time, and up to three times 8 from the start of a number. */
const MARGIN = 64;
const POWERS = 45;
const CLOSE = 0x5d;
const SMALL_F = 0x66;
const SMALL_T = 0x74;

let module: ListModule | null = null;

function prepare(): ListModule {
  const made = instantiate(NUMBER_LISTS, isListModule);
  const rows = new Float64Array(made.memory.buffer, made.powers(), 5 * POWERS);
  for (let k = 0; k < POWERS; k++) {
    const exact = 10n ** BigInt(k);
    const high = Number(exact);
    const spread = (2 ** 27 + 1) * high;
    const upper = spread - (spread - high);
    rows.set([high, Number(exact - BigInt(high)), upper, high - upper, Number(`1e-${k}`)], 5 * k);
  }
  return made;
}

function isListModule(exports: unknown): exports is ListModule {
  return hasExport(exports, 'narrow');
}

function makeRoom({ memory }: ListModule, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}

/** Index of every line feed. */
export function lineEnds(bytes: Uint8Array): number[] {
  const lists = (module ??= prepare());
  const base = lists.room();
  const end = base + bytes.length;
  makeRoom(lists, end + MARGIN);
  new Uint8Array(lists.memory.buffer, base, bytes.length).set(bytes);
  const ends: number[] = [];
  for (let at = lists.lineEnd(base, end); at < end; at = lists.lineEnd(at + 1, end)) ends.push(at - base);
  return ends;
}

export interface NumberLists {
  /** The list whose opening bracket stands before `at`; null where it is empty, holds anything else or is no strict JSON. */
  read(at: number): FoundList | null;
  /** The end of such a list, or -1. */
  endOf(at: number): number;
}

/**
 * A reader of the lists in `bytes`. It and the values it gives hold until the next record is asked for: they may lie in the
 * module's memory. Null beyond `LONGEST_RECORD`. Values are those of JSON.parse, to the last bit. Lists with an integer of
 * 16 digits or more are none: such may have to be repaired.
 */
export function numberListsOf(bytes: Uint8Array): NumberLists | null {
  if (bytes.length > LONGEST_RECORD) return null;
  const lists = (module ??= prepare());
  const base = lists.room();
  const behind = base + bytes.length;
  let out = (behind + MARGIN + 7) & ~7;
  const isViewed = bytes.length <= LONGEST_VIEWED;
  makeRoom(lists, out + 8 + (isViewed ? VALUE_BYTES * bytes.length : 0));
  const held = new Uint8Array(lists.memory.buffer, base, bytes.length + MARGIN);
  held.set(bytes);
  held.fill(0, bytes.length);

  /** Reads into `out`; the kind. */
  const readInto = (at: number, end: number): number => {
    let first = at;
    while (bytes[first] <= 0x20) first++;
    const isBoolean = bytes[first] === SMALL_T || bytes[first] === SMALL_F;
    // Some entry is empty. For all others there is room.
    if (2 * lists.commas() + 1 > end - base - at) return 0;
    makeRoom(lists, out + (lists.commas() + 1) * (isBoolean ? 1 : 8));
    return isBoolean ? lists.readBooleans(base + at, end, out) : lists.readNumbers(base + at, end, out);
  };

  const kept = (values: NumberList): NumberList => {
    if (!isViewed) return values.slice();
    out = (out + values.byteLength + 7) & ~7;
    return values;
  };

  return {
    read(at) {
      const end = lists.closing(base + at);
      if (bytes[end - base] !== CLOSE) return null;
      const length = lists.commas() + 1;
      const kind = readInto(at, end);
      if (kind === 0) return null;
      const { buffer } = lists.memory;
      const found = { end: end - base + 1 };
      if (kind === 1) return { ...found, values: kept(new Uint8Array(buffer, out, length)) };
      if (kind === 3)
        return {
          ...found,
          values: lists.hard() > 0 ? parsed(bytes.subarray(at - 1, end - base + 1)) : kept(new Float64Array(buffer, out, length)),
        };
      lists.narrow(out, out, length);
      return { ...found, values: kept(new Int32Array(buffer, out, length)) };
    },
    endOf(at) {
      const end = lists.closing(base + at);
      if (bytes[end - base] !== CLOSE) return -1;
      let first = at;
      while (bytes[first] <= 0x20) first++;
      const isBoolean = bytes[first] === SMALL_T || bytes[first] === SMALL_F;
      const kind = isBoolean ? readInto(at, end) : lists.checkNumbers(base + at, end, out);
      return kind === 0 ? -1 : end - base + 1;
    },
  };
}

/** A list with numbers of more than 18 digits, or of a size where a double is hard to tell. */
function parsed(bytes: Uint8Array): Float64Array<ArrayBuffer> {
  const entries: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return Float64Array.from(Array.isArray(entries) ? entries : [], Number);
}
