/**
 * Objects in the lists of a record (the messages of a conversation), made once for equal bytes: rollouts of a task repeat
 * one another's messages. A WebAssembly module (listed-objects.c) finds them and numbers them by their bytes, before anything
 * is decoded; a number found was given to equal bytes, never only to an equal hash.
 */
import { hasExport, instantiate } from '../../base/wasm.ts';
import { LISTED_OBJECTS } from './listed-objects.built.ts';

interface ObjectsModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** First address that is free: the record's. */
  room(): number;
  /** Numbers the objects of the record of `size` bytes, and writes its outline to `out`. 0: it has none, or is not for this. */
  look(size: number, out: number): number;
  /** Address of Uint32, of each object: start, end, number, the number it had until now. */
  itemsFound(): number;
  /** Address of Uint32, of each list: its bracket, objects. */
  listsFound(): number;
  /** Address of Uint32: objects, lists, commas between the members of the record, generation, bytes of the outline. */
  state(): number;
}

/** Bytes of the longest record that is taken; two generations of so many are remembered. */
const GENERATION_BYTES = 3 << 20;
/** Numbers of a generation. */
const ENTRIES = 1 << 15;
const NONE = 0xffffffff;
const PAGE = 1 << 16;
const MARGIN = 128;

export interface Listed<V> {
  /** The record with a zero in the place of each object. Holds until the next record is looked at. */
  readonly outline: Uint8Array;
  /** Lists of objects that are members of the record: where the bracket stands, and what the objects are. */
  readonly lists: readonly { readonly at: number; readonly values: readonly V[] }[];
  /** Members of the record, each counted as often as it is written. */
  readonly members: number;
}

export interface ListedObjects<V> {
  /** What is made of a record's objects, if anything: `make` is asked where their bytes were not met of late. */
  recall(record: Uint8Array, make: (bytes: Uint8Array) => V): Listed<V> | null;
}

/** May stand beside an entry of a list: a blank, a comma, a bracket. Any other would join with the outline's zero. */
function isEdge(byte: number): boolean {
  return byte <= 0x20 || byte === 0x2c || byte === 0x5b || byte === 0x5d;
}

export function makeListedObjects<V>(): ListedObjects<V> {
  const module = instantiate(LISTED_OBJECTS, isObjectsModule);
  const { memory } = module;
  const base = module.room();
  let generation = 0;
  /** Number -> what was made. */
  const made: (V | undefined)[] = [];

  return {
    recall(record, make) {
      const size = record.length;
      if (size > GENERATION_BYTES) return null;
      const out = base + size + MARGIN;
      const missing = out + size - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      const held = new Uint8Array(memory.buffer, base, size + MARGIN);
      held.set(record);
      held.fill(0, size);
      if (module.look(size, out) === 0) return null;
      const [items, lists, commas, young, outline] = new Uint32Array(memory.buffer, module.state(), 5);
      if (young !== generation) made.fill(undefined, young * ENTRIES, (young + 1) * ENTRIES);
      generation = young;
      const rows = new Uint32Array(memory.buffer, module.itemsFound(), 4 * items);
      for (let row = 0; row < rows.length; row += 4) if (!isEdge(record[rows[row] - 1]) || !isEdge(record[rows[row + 1]])) return null;
      const values: V[] = [];
      for (let row = 0; row < rows.length; row += 4) {
        const was = rows[row + 3];
        const known = was === NONE ? undefined : made[was];
        values.push((made[rows[row + 2]] = known ?? make(record.subarray(rows[row], rows[row + 1]))));
      }
      const found = new Uint32Array(memory.buffer, module.listsFound(), 2 * lists);
      let next = 0;
      return {
        outline: new Uint8Array(memory.buffer, out, outline),
        lists: Array.from({ length: lists }, (_, i) => ({
          at: found[2 * i],
          values: values.slice(next, (next += found[2 * i + 1])),
        })),
        members: commas + 1,
      };
    },
  };
}

function isObjectsModule(exports: unknown): exports is ObjectsModule {
  return hasExport(exports, 'look');
}
