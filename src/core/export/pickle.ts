/**
 * Python's pickle, protocol 2, of plain values: what `pickle.load` and `torch.load(weights_only=True)` read without importing a
 * thing. https://github.com/python/cpython/blob/main/Lib/pickletools.py describes every opcode.
 */
import { makeByteWriter, reserveBytes, writeByte, writeText, type ByteWriter } from './byte-writer.ts';

/** A number that Python reads as a float, also where it is whole. */
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Numbers are whole ones of 32 bits; lists of floats are Float64Arrays, lists of whole numbers may be Int32Arrays. */
export type Picklable = null | boolean | number | string | PyFloat | Int32Array | Float64Array | readonly Picklable[] | PickledObject;
export interface PickledObject {
  readonly [member: string]: Picklable;
}

const OP = {
  protocol: 0x80,
  stop: 0x2e,
  mark: 0x28,
  none: 0x4e,
  yes: 0x88,
  no: 0x89,
  byte: 0x4b,
  int: 0x4a,
  float: 0x47,
  text: 0x58,
  list: 0x5d,
  appends: 0x65,
  dict: 0x7d,
  setItems: 0x75,
} as const;

/** What stands before and behind the members of one list `name` in a dict that also has `others`, so that they can be streamed. */
export function pickledFrame(others: PickledObject, name: string): { readonly head: Uint8Array; readonly end: Uint8Array } {
  const head = makeByteWriter();
  for (const byte of [OP.protocol, 2, OP.dict, OP.mark]) writeByte(head, byte);
  writeMembers(head, others);
  writeString(head, name);
  for (const byte of [OP.list, OP.mark]) writeByte(head, byte);
  return { head: taken(head), end: Uint8Array.of(OP.appends, OP.setItems, OP.stop) };
}

/** One value, without the frame of a whole pickle. */
export function pickled(value: Picklable): Uint8Array {
  const out = makeByteWriter();
  writeValue(out, value);
  return taken(out);
}

function taken({ data, length }: ByteWriter): Uint8Array {
  return data.subarray(0, length);
}

/** Recursive in what profiles make, which is a few levels deep; text of logs is a leaf. */
function writeValue(out: ByteWriter, value: Picklable): void {
  if (value === null) writeByte(out, OP.none);
  else if (typeof value === 'boolean') writeByte(out, value ? OP.yes : OP.no);
  else if (typeof value === 'number') writeWhole(out, value);
  else if (typeof value === 'string') writeString(out, value);
  else if (value instanceof PyFloat) writeFloat(out, value.value);
  else if (value instanceof Float64Array) writeList(out, value, writeFloat);
  else if (value instanceof Int32Array) writeList(out, value, writeWhole);
  else if (isList(value)) writeList(out, value, writeValue);
  else {
    for (const byte of [OP.dict, OP.mark]) writeByte(out, byte);
    writeMembers(out, value);
    writeByte(out, OP.setItems);
  }
}

function isList(value: readonly Picklable[] | PickledObject): value is readonly Picklable[] {
  return Array.isArray(value);
}

function writeMembers(out: ByteWriter, members: PickledObject): void {
  for (const [name, member] of Object.entries(members)) {
    writeString(out, name);
    writeValue(out, member);
  }
}

function writeList<T>(out: ByteWriter, values: Iterable<T>, write: (out: ByteWriter, value: T) => void): void {
  for (const byte of [OP.list, OP.mark]) writeByte(out, byte);
  for (const value of values) write(out, value);
  writeByte(out, OP.appends);
}

function writeWhole(out: ByteWriter, value: number): void {
  if ((value | 0) !== value) throw new Error(`expected a whole number of 32 bits, found ${value}`);
  if (value >= 0 && value < 256) {
    writeByte(out, OP.byte);
    writeByte(out, value);
    return;
  }
  writeByte(out, OP.int);
  reserveBytes(out, 4).setInt32(0, value, true);
}

function writeFloat(out: ByteWriter, value: number): void {
  writeByte(out, OP.float);
  reserveBytes(out, 8).setFloat64(0, value, false);
}

function writeString(out: ByteWriter, text: string): void {
  writeByte(out, OP.text);
  const place = out.length;
  reserveBytes(out, 4);
  writeText(out, text);
  new DataView(out.data.buffer).setUint32(place, out.length - place - 4, true);
}
