/**
 * The hash of JSON arguments straight from how they are written (canonical-arguments.c, in WebAssembly): to parse them only to write
 * them again was most of what an action's key took. What is rare (escapes by number, lone surrogates, names beyond ASCII or
 * given twice, values that may be a time, numbers that are not written as JavaScript writes them) and what is no JSON is left to
 * whoever parses.
 */
import { hashOfLanes } from '../../base/hash.ts';
import { hasExport, instantiate } from '../../base/wasm.ts';
import { CANONICAL_ARGUMENTS } from './canonical-arguments.built.ts';

interface ArgumentsModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** First address that is free. */
  room(): number;
  /**
   * Hashes the `head` units at `units` and behind them the canonical text of the `size` bytes at `text`, which a zero follows. 0: it is
   * left to others.
   */
  canonical(text: number, size: number, units: number, head: number): number;
  /** Address of Uint32: four lanes of the hash, units. */
  state(): number;
}

const PAGE = 1 << 16;
const BYTES_PER_UNIT = 3;
/** Units of the longest text that is taken. */
const LONGEST = 1 << 20;

const encoder = new TextEncoder();
let module: ArgumentsModule | null = null;
let bytes = new Uint8Array(0);
let units = new Uint16Array(0);
let lanes = new Uint32Array(0);

/** The hash of `head` and of the text's canonical arguments behind it; null: they are left to whoever parses. */
export function hashWritten(head: string, text: string): string | null {
  if (text.length > LONGEST || !text.isWellFormed()) return null;
  module ??= instantiate(CANONICAL_ARGUMENTS, isArgumentsModule);
  const base = (module.room() + 7) & ~7;
  const most = (BYTES_PER_UNIT * text.length + 8) & ~7;
  // The text, and behind it what is written, twice where members change places.
  const missing = base + most + 2 * head.length + 4 * text.length + 16 - module.memory.buffer.byteLength;
  if (missing > 0) module.memory.grow(Math.ceil(missing / PAGE));
  if (bytes.buffer !== module.memory.buffer) {
    bytes = new Uint8Array(module.memory.buffer);
    units = new Uint16Array(module.memory.buffer);
    lanes = new Uint32Array(module.memory.buffer, module.state(), 5);
  }
  const { written } = encoder.encodeInto(text, bytes.subarray(base, base + most));
  bytes[base + written] = 0;
  const out = base + most;
  for (let i = 0; i < head.length; i++) units[out / 2 + i] = head.charCodeAt(i);
  if (module.canonical(base, written, out, head.length) === 0) return null;
  return hashOfLanes(lanes[0], lanes[1], lanes[2], lanes[3], lanes[4]);
}

function isArgumentsModule(exports: unknown): exports is ArgumentsModule {
  return hasExport(exports, 'canonical');
}
