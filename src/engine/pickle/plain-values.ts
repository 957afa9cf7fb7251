/** What a pickle holds, as the JSON that a log would have for it: tensors become lists of numbers, objects of Python their state. */
import { MAX_EXPANSION, MAX_NESTING } from '../../base/bounds.ts';
import { expansionRoom } from '../../formats/expansion.ts';
import { toJson } from '../../formats/json.ts';
import { bytesText } from '../readers/table-values.ts';
import { DamagedPickle } from './damaged-pickle.ts';
import { numbersOf, numpyType, torchType } from './numbers.ts';
import { textWidth, textsOf } from './texts.ts';
import { PersistentId, PickledName, PickledObject } from './unpickle.ts';

/** Bytes of what stands outside of the pickle by its key, and how numbers in it lie; null where it is not there. */
export type Storages = (key: string) => Uint8Array | null;

/** Values that are written out at most: shared ones count each time. */
const MOST_VALUES = MAX_EXPANSION / 16;

/** The class of an object, as its member: the name that jsonpickle has for it. */
const CLASS = 'py/object';

/** Of a number, and of a list of numbers beside them. */
const NUMBER_BYTES = 8;
const ROW_BYTES = 16;

/**
 * Plain JSON, with typed arrays for numbers. Throws DamagedPickle.
 * @param size bytes that the value was read from: what it comes to once shared parts are written out is held to them
 */
export function plainValue(value: unknown, size = 0, storages: Storages = () => null): unknown {
  const room = expansionRoom(size);
  let values = 0;
  let numbers = 0;
  let written = 0;
  const bytesOfText = new Map<PickledObject, Uint8Array>();
  const textOfBytes = new Map<Uint8Array, string>();

  const charge = (bytes: number): void => {
    written += bytes;
    if (!(written <= room)) throw new DamagedPickle(`more than ${room.toLocaleString('en')} bytes once each value is written out`);
  };
  const charged = (text: string): string => {
    charge(text.length);
    return text;
  };
  const count = (more: number): void => {
    values += more;
    if (!(values <= MOST_VALUES)) throw new DamagedPickle(`more than ${MOST_VALUES.toLocaleString('en')} values once each is written out`);
  };

  const strided = (array: Parameters<typeof numbersOf>[0]): unknown => {
    const { rows, items } = sizesOf(array.shape);
    if (items > 0) charge(NUMBER_BYTES * items + ROW_BYTES * rows);
    numbers += items;
    return numbersOf(array, MAX_EXPANSION - numbers + items);
  };

  /** Bytes, also as protocols before 3 keep them; undefined where it is something else. */
  const bytesIn = (item: unknown): Uint8Array | undefined => {
    if (item instanceof Uint8Array) return item;
    if (!(item instanceof PickledObject)) return undefined;
    const known = bytesOfText.get(item);
    if (known !== undefined) return known;
    const bytes = encodedBytes(item);
    if (bytes !== undefined) bytesOfText.set(item, bytes);
    return bytes;
  };
  const textIn = (bytes: Uint8Array): string => {
    const text = textOfBytes.get(bytes) ?? bytesText(bytes);
    textOfBytes.set(bytes, text);
    return charged(text);
  };

  const tensor = (args: readonly unknown[]): unknown => {
    const [storage, offset, shape, strides, , , dtype] = args;
    const [, named, key] = storage instanceof PersistentId && Array.isArray(storage.id) ? (storage.id as unknown[]) : [];
    const name = dtype instanceof PickledName ? dtype.name : named instanceof PickledName ? named.name : '';
    const own = torchType(name);
    const bytes = storages(nameOf(key));
    if (own === undefined) throw new DamagedPickle(`a tensor of ${name === '' ? 'no type' : name}`);
    if (bytes === null) throw new DamagedPickle(`a tensor whose storage ${nameOf(key)} is not in the file`);
    return strided({ bytes, type: own, isLittle: true, offset: countOf(offset), shape: counts(shape), strides: counts(strides) });
  };

  /** @param axes of the array that the bytes were reshaped to, in the order of this one */
  const numpy = (shape: unknown, dtype: unknown, isFortran: boolean, data: unknown, depth: number, axes?: readonly number[]): unknown => {
    if (!(dtype instanceof PickledObject)) throw new DamagedPickle('a NumPy array without a type');
    const code = nameOf(dtype.args[0]);
    if (code.startsWith('O') && Array.isArray(data)) return plain(data, depth + 1);
    const own = numpyType(code);
    const width = textWidth(code);
    const bytes = bytesIn(data);
    if (own === undefined && width === undefined) throw new DamagedPickle(`a NumPy array of type ${code === '' ? 'no name' : code}`);
    if (bytes === undefined) throw new DamagedPickle('a NumPy array whose numbers are no bytes');
    const lengths = counts(shape);
    if (lengths.length > 32) throw new DamagedPickle(`an array of ${lengths.length} dimensions`);
    if (axes !== undefined && (axes.length !== lengths.length || lengths.some((_, i) => !axes.includes(i))))
      throw new DamagedPickle(`an array of ${lengths.length} dimensions in another order than of these`);
    const strides = new Array<number>(lengths.length).fill(1);
    const order = lengths.map((_, i) => (isFortran ? i : lengths.length - 1 - i));
    let stride = 1;
    for (const d of order) {
      strides[d] = stride;
      stride *= lengths[d]!;
    }
    const isLittle = !(Array.isArray(dtype.state) && dtype.state[1] === '>');
    const place = (list: readonly number[]): readonly number[] => axes?.map((axis) => list[axis] ?? 0) ?? list;
    const array = { bytes, isLittle, shape: place(lengths), strides: place(strides) };
    if (own !== undefined) return strided({ ...array, type: own, offset: 0 });
    const { rows, items } = sizesOf(array.shape);
    if (items === 0) return [];
    count(rows + items);
    charge(items * width!);
    return textsOf(array, code);
  };

  const object = (own: PickledObject, depth: number): unknown => {
    const { name, args, state, items, entries } = own;
    const bytes = bytesIn(own);
    if (bytes !== undefined) return textIn(bytes);
    switch (name) {
      case 'torch._utils._rebuild_tensor':
      case 'torch._utils._rebuild_tensor_v2':
      case 'torch._utils._rebuild_tensor_v3':
        return tensor(args);
      case 'torch._utils._rebuild_parameter':
        return plain(args[0], depth + 1);
      case 'torch._tensor._rebuild_from_type_v2':
        return args[0] instanceof PickledName && Array.isArray(args[2])
          ? object(new PickledObject(args[0].name, args[2]), depth + 1)
          : null;
      case 'numpy.core.multiarray._reconstruct':
      case 'numpy._core.multiarray._reconstruct':
        if (!Array.isArray(state)) throw new DamagedPickle('a NumPy array without a state');
        return numpy(state[1], state[2], state[3] === true, state[4], depth);
      case 'numpy.core.numeric._frombuffer':
      case 'numpy._core.numeric._frombuffer':
        return numpy(args[2], args[1], args[3] === 'F', args[0], depth, Array.isArray(args[4]) ? counts(args[4]) : undefined);
      case 'numpy.core.multiarray.scalar':
      case 'numpy._core.multiarray.scalar':
        return numpy([], args[0], false, args[1], depth);
      case 'builtins.set':
      case 'builtins.frozenset':
      case 'builtins.list':
      case 'builtins.tuple':
      case 'builtins.bytearray':
      case '__builtin__.bytearray':
      case '__builtin__.set':
      case '__builtin__.frozenset':
      case 'torch.Size':
      case 'collections.deque':
        return plain(items.length > 0 ? items : (args[0] ?? []), depth + 1);
      case 'collections.OrderedDict':
      case 'collections.defaultdict':
        return members([[...entries]], depth);
    }
    // State is a dict, or a dict and another of slots.
    const [first, slots] = Array.isArray(state) ? (state as unknown[]) : [state];
    const dicts = [first, slots].filter((each) => each instanceof Map).map((each) => [...each]);
    const rest: [unknown, unknown][] = [];
    if (args.length > 0) rest.push(['py/args', args]);
    if (items.length > 0) rest.push(['py/items', items]);
    if (state !== undefined && dicts.length === 0) rest.push(['py/state', state]);
    return members([[[CLASS, name]], [...entries], ...dicts, rest], depth);
  };

  const members = (dicts: readonly (readonly (readonly [unknown, unknown])[])[], depth: number): Record<string, unknown> => {
    const record: Record<string, unknown> = {};
    for (const dict of dicts)
      for (const [key, item] of dict) {
        const name = charged(typeof key === 'string' ? key : keyText(plain(key, depth + 1)));
        Object.defineProperty(record, name, { value: plain(item, depth + 1), enumerable: true, configurable: true, writable: true });
      }
    return record;
  };

  const plain = (item: unknown, depth: number): unknown => {
    count(1);
    if (depth > MAX_NESTING) throw new DamagedPickle(`more than ${MAX_NESTING} levels, or a value inside itself`);
    if (typeof item === 'bigint') return charged(String(item));
    if (typeof item === 'string') return charged(item);
    if (typeof item !== 'object' || item === null) return item ?? null;
    if (item instanceof Uint8Array) return textIn(item);
    if (item instanceof Map) return members([[...item]], depth);
    if (item instanceof PickledName) return { 'py/type': charged(item.name) };
    if (item instanceof PersistentId) return null;
    if (item instanceof PickledObject) return object(item, depth);
    return Array.isArray(item) ? item.map((each) => plain(each, depth + 1)) : null;
  };

  return plain(value, 0);
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? key : (toJson(key) ?? '');
}

/** What stands for a name; a list is none, of which the text may have no end. */
function nameOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** What `bytes` and `codecs.encode` make, as protocols before 3 write bytes. */
function encodedBytes({ name, args }: PickledObject): Uint8Array | undefined {
  if (name === '__builtin__.bytes' || name === 'builtins.bytes') return args.length === 0 ? new Uint8Array(0) : undefined;
  if (name !== '_codecs.encode') return undefined;
  const [text, encoding = 'utf8'] = args;
  if (typeof text !== 'string') throw new DamagedPickle('bytes that are no text');
  const code = nameOf(encoding).toLowerCase().replace(/[-_]/g, '');
  if (code === 'utf8') return new TextEncoder().encode(text);
  if (code !== 'latin1' && code !== 'iso88591' && code !== 'ascii') throw new DamagedPickle(`bytes as ${code === '' ? 'no name' : code}`);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) throw new DamagedPickle('bytes above 255');
    bytes[i] = unit;
  }
  return bytes;
}

/** How many lists an array of this shape is, all together, and how many items. */
function sizesOf(shape: readonly number[]): { readonly rows: number; readonly items: number } {
  let rows = 0;
  let items = 1;
  for (const length of shape) {
    rows += items;
    items *= length;
  }
  return { rows, items };
}

function countOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new DamagedPickle('an array without a shape');
  return value;
}

function counts(value: unknown): number[] {
  const list = value instanceof PickledObject && value.name === 'torch.Size' ? value.args[0] : value;
  return Array.isArray(list) ? list.map(countOf) : [];
}
