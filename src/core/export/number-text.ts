/**
 * Floats as JSON.stringify writes numbers, but whole ones with `.0` behind: loaders that find `0` first in a list take all of it
 * for integers and fail at the first fraction (pyarrow past 10 MB of a file). Columns are printed by a WebAssembly module
 * (number-text.c).
 */
import { hasExport, instantiate } from '../../base/wasm.ts';
import { NUMBER_TEXT } from './number-text.built.ts';
import { writeBytes, writeText, type ByteWriter } from './byte-writer.ts';

/** Addresses are in bytes of `memory`. */
interface TextModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** First address that is free. */
  room(): number;
  /** Prints entries until one is too large or too small for it; returns how many bytes were written. */
  print(values: number, count: number, sign: number, out: number): number;
  /** How many entries that were. */
  printed(): number;
}

const PAGE = 1 << 16;
/** Entries printed at a time. */
const BLOCK = 4096;
/** A sign, up to 23 characters and a comma. */
const LONGEST_ENTRY = 25;

let module: TextModule | null = null;

function prepare(): TextModule {
  const made = instantiate(NUMBER_TEXT, isTextModule);
  made.memory.grow(Math.ceil((BLOCK * (4 + LONGEST_ENTRY)) / PAGE));
  return made;
}

function isTextModule(exports: unknown): exports is TextModule {
  return hasExport(exports, 'printed');
}

/** A float with a decimal point or an exponent; `null` for what JSON has no number for. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  // From 1e21 on there is an exponent.
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

/** `sign * values[from .. to)` as entries of a list, a comma behind each: the shortest decimals that read as those doubles. */
export function writeFloats(writer: ByteWriter, values: Float32Array, from: number, to: number, sign: 1 | -1): void {
  const text = (module ??= prepare());
  const input = (text.room() + 3) & ~3;
  const output = input + 4 * BLOCK;
  const { buffer } = text.memory;
  const held = new Float32Array(buffer, input, BLOCK);
  const written = new Uint8Array(buffer, output, BLOCK * LONGEST_ENTRY);
  for (let at = from; at < to;) {
    const count = Math.min(BLOCK, to - at);
    held.set(values.subarray(at, at + count));
    writeBytes(writer, written, text.print(input, count, sign, output));
    at += text.printed();
    if (text.printed() < count) writeText(writer, `${floatText(sign * (values[at++] ?? 0))},`);
  }
}
