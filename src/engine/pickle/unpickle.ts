/**
 * Reads Python pickles of protocols 0 to 5 as data. Nothing is executed: a name of Python is a name, and what would be called is kept
 * as an object of that name with what it would be called with. Shared values are one value, as in Python.
 * https://docs.python.org/3/library/pickletools.html
 */
import { MAX_TEXT_BYTES } from '../../base/bounds.ts';
import { DamagedPickle } from './damaged-pickle.ts';

/** A class or function of Python that a pickle names. */
export class PickledName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** What Python would make by calling a name: never made here. */
export class PickledObject {
  readonly name: string;
  readonly args: readonly unknown[];
  /** Entries of a dict or list that it is, or is made from. */
  readonly items: unknown[] = [];
  readonly entries = new Map<unknown, unknown>();
  state: unknown = undefined;
  constructor(name: string, args: readonly unknown[]) {
    this.name = name;
    this.args = args;
  }
}

/** What stands outside of the pickle, by the id that it has in it. */
export class PersistentId {
  readonly id: unknown;
  constructor(id: unknown) {
    this.id = id;
  }
}

const utf8 = new TextDecoder();
const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** `outside`: all ids of what stands outside of it. `end`: where it ends. */
interface Unpickled {
  readonly value: unknown;
  readonly outside: readonly PersistentId[];
  readonly end: number;
}

/** The value of a pickle. Dicts are Maps, tuples and sets lists, bytes Uint8Arrays. Throws DamagedPickle. */
export function unpickle(bytes: Uint8Array, from = 0): Unpickled {
  if (bytes.length > MAX_TEXT_BYTES) throw new DamagedPickle(`a pickle of ${bytes.length.toLocaleString('en')} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: unknown[] = [];
  const marks: number[] = [];
  const memo = new Map<number, unknown>();
  const outside: PersistentId[] = [];
  let at = from;

  const take = (count: number): number => {
    if (!(count >= 0) || at + count > bytes.length) throw new DamagedPickle(`the pickle ends inside a value at byte ${at}`);
    at += count;
    return at - count;
  };
  const slice = (count: number): Uint8Array => {
    const start = take(count);
    return bytes.subarray(start, start + count);
  };
  const size = (width: 1 | 4 | 8): number => {
    const start = take(width);
    if (width === 8) return Number(view.getBigUint64(start, true));
    return width === 1 ? bytes[start]! : view.getUint32(start, true);
  };
  const line = (decode: (bytes: Uint8Array) => string = (some) => utf8.decode(some)): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw new DamagedPickle(`a line without an end at byte ${at}`);
    const text = decode(bytes.subarray(at, end));
    at = end + 1;
    return text.replace(/\r$/, '');
  };
  const pop = (): unknown => {
    if (stack.length <= (marks.at(-1) ?? 0)) throw new DamagedPickle(`nothing to take at byte ${at - 1}`);
    return stack.pop();
  };
  const popToMark = (): unknown[] => {
    const mark = marks.pop();
    if (mark === undefined) throw new DamagedPickle(`no mark before byte ${at - 1}`);
    return stack.splice(mark);
  };
  const top = (): unknown => stack.at(-1);
  const get = (key: number): void => {
    if (!memo.has(key)) throw new DamagedPickle(`no value is remembered as ${key} at byte ${at}`);
    stack.push(memo.get(key));
  };
  const named = (name: unknown): string => (name instanceof PickledName ? name.name : 'unknown');
  const listOf = (args: unknown): readonly unknown[] => (Array.isArray(args) ? args : [args]);
  const persist = (id: unknown): void => {
    const persistent = new PersistentId(id);
    outside.push(persistent);
    stack.push(persistent);
  };
  const append = (target: unknown, values: readonly unknown[]): void => {
    const list = target instanceof PickledObject ? target.items : target;
    if (!Array.isArray(list)) throw new DamagedPickle(`something is appended to no list at byte ${at - 1}`);
    for (const value of values) list.push(value);
  };
  const set = (target: unknown, values: readonly unknown[]): void => {
    const map = target instanceof PickledObject ? target.entries : target;
    if (!(map instanceof Map) || values.length % 2 !== 0) throw new DamagedPickle(`entries of no dict at byte ${at - 1}`);
    for (let i = 0; i < values.length; i += 2) map.set(values[i], values[i + 1]);
  };
  const made = (name: unknown, args: unknown, second?: unknown): void => {
    if (second instanceof Map) stack.push(Object.assign(new PickledObject(named(name), listOf(args)), { state: second }));
    else stack.push(new PickledObject(named(name), listOf(args)));
  };

  for (;;) {
    const code = String.fromCharCode(bytes[take(1)]!);
    switch (code) {
      case '\x80': // PROTO
        if (size(1) > 5) throw new DamagedPickle('a pickle of a later protocol than 5');
        break;
      case '\x95': // FRAME
        take(8);
        break;
      case '.':
        return { value: pop(), outside, end: at };
      case '(':
        marks.push(stack.length);
        break;
      case '0':
        if (stack.length === marks.at(-1)) marks.pop();
        else pop();
        break;
      case '1':
        popToMark();
        break;
      case '2':
        stack.push(top());
        break;
      case 'N':
        stack.push(null);
        break;
      case '\x88':
      case '\x89':
        stack.push(code === '\x88');
        break;
      case 'I': {
        const text = line();
        stack.push(text === '00' ? false : text === '01' ? true : integer(text));
        break;
      }
      case 'L':
        stack.push(integer(line().replace(/L$/, '')));
        break;
      case 'J':
        stack.push(view.getInt32(take(4), true));
        break;
      case 'K':
        stack.push(size(1));
        break;
      case 'M':
        stack.push(view.getUint16(take(2), true));
        break;
      case '\x8a':
      case '\x8b':
        stack.push(long(slice(size(code === '\x8a' ? 1 : 4))));
        break;
      case 'F':
        stack.push(Number(line().replace(/^([+-]?)inf$/, '$1Infinity')));
        break;
      case 'G':
        stack.push(view.getFloat64(take(8), false));
        break;
      case 'S':
        stack.push(line(latin1).slice(1, -1));
        break;
      case 'V':
        stack.push(line(latin1).replace(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))));
        break;
      case 'T':
        stack.push(latin1(slice(size(4))));
        break;
      case 'U':
        stack.push(latin1(slice(size(1))));
        break;
      case '\x8c':
        stack.push(utf8.decode(slice(size(1))));
        break;
      case 'X':
        stack.push(utf8.decode(slice(size(4))));
        break;
      case '\x8d':
        stack.push(utf8.decode(slice(size(8))));
        break;
      case 'C':
        stack.push(slice(size(1)));
        break;
      case 'B':
        stack.push(slice(size(4)));
        break;
      case '\x8e':
      case '\x96': // BINBYTES8, BYTEARRAY8
        stack.push(slice(size(8)));
        break;
      case ']':
      case ')':
      case '\x8f':
        stack.push([]);
        break;
      case '}':
        stack.push(new Map());
        break;
      case 'l':
      case 't':
      case '\x91': // FROZENSET
        stack.push(popToMark());
        break;
      case 'd': {
        const values = popToMark();
        const map = new Map();
        set(map, values);
        stack.push(map);
        break;
      }
      case '\x85':
      case '\x86':
      case '\x87': {
        const values = Array.from({ length: code.charCodeAt(0) - 0x84 }, pop);
        stack.push(values.toReversed());
        break;
      }
      case 'a': {
        const value = pop();
        append(top(), [value]);
        break;
      }
      case 'e':
      case '\x90': {
        // APPENDS, ADDITEMS
        const values = popToMark();
        append(top(), values);
        break;
      }
      case 's': {
        const value = pop();
        const key = pop();
        set(top(), [key, value]);
        break;
      }
      case 'u': {
        const values = popToMark();
        set(top(), values);
        break;
      }
      case 'p':
        memo.set(Number(line()), top());
        break;
      case 'q':
        memo.set(size(1), top());
        break;
      case 'r':
        memo.set(size(4), top());
        break;
      case '\x94':
        memo.set(memo.size, top());
        break;
      case 'g':
        get(Number(line()));
        break;
      case 'h':
        get(size(1));
        break;
      case 'j':
        get(size(4));
        break;
      case 'c': {
        const module = line();
        stack.push(new PickledName(`${module}.${line()}`));
        break;
      }
      case '\x93': {
        const name = pop();
        const module = pop();
        if (typeof name !== 'string' || typeof module !== 'string') throw new DamagedPickle(`a name that is no text at byte ${at - 1}`);
        stack.push(new PickledName(`${module}.${name}`));
        break;
      }
      case 'i': {
        const module = line();
        const name = new PickledName(`${module}.${line()}`);
        made(name, popToMark());
        break;
      }
      case 'o': {
        const [name, ...args] = popToMark();
        made(name, args);
        break;
      }
      case 'R':
      case '\x81': {
        // REDUCE, NEWOBJ
        const args = pop();
        made(pop(), args);
        break;
      }
      case '\x92': {
        const keywords = pop();
        const args = pop();
        made(pop(), args, keywords);
        break;
      }
      case 'b': {
        const state = pop();
        const target = top();
        if (target instanceof PickledObject) target.state = state;
        else if (target instanceof Map && state instanceof Map) for (const [key, value] of state) target.set(key, value);
        break;
      }
      case 'P':
        persist(line());
        break;
      case 'Q':
        persist(pop());
        break;
      default: {
        const byte = code.charCodeAt(0).toString(16).padStart(2, '0');
        throw new DamagedPickle(`byte 0x${byte} at ${at - 1}, which is no step of a pickle that holds data`);
      }
    }
  }
}

function integer(text: string): number | bigint {
  if (!/^[+-]?\d{1,4300}$/.test(text)) throw new DamagedPickle('an integer without digits');
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** Two's complement, the lowest byte first. */
function long(bytes: Uint8Array): number | bigint {
  if (bytes.length > 1024) throw new DamagedPickle(`an integer of ${bytes.length} bytes`);
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  if ((bytes.at(-1) ?? 0) >= 0x80) value -= 1n << BigInt(8 * bytes.length);
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
