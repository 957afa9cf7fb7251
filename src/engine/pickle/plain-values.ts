/** What a pickle holds, as the JSON that a log would have for it: tensors become lists of numbers, objects of Python their state. */
import { MAX_EXPANSION, MAX_NESTING } from '../../base/bounds.ts';
import { toJson } from '../../formats/json.ts';
import { bytesText } from '../readers/table-values.ts';
import { DamagedPickle } from './damaged-pickle.ts';
import { numbersOf, numpyType, torchType } from './numbers.ts';
import { PersistentId, PickledName, PickledObject } from './unpickle.ts';

/** Bytes of what stands outside of the pickle by its key, and how numbers in it lie; null where it is not there. */
export type Storages = (key: string) => Uint8Array | null;

/** Values that are written out at most: shared ones count each time. */
const MOST_VALUES = MAX_EXPANSION / 16;

/** The class of an object, as its member: the name that jsonpickle has for it. */
const CLASS = 'py/object';

/** Plain JSON, with typed arrays for numbers. Throws DamagedPickle. */
export function plainValue(value: unknown, storages: Storages = () => null): unknown {
  let values = 0;
  let numbers = 0;

  const strided = (array: Parameters<typeof numbersOf>[0]): unknown => {
    numbers += array.shape.reduce((product, length) => product * length, 1);
    return numbersOf(array, MAX_EXPANSION - numbers + array.shape.reduce((product, length) => product * length, 1));
  };

  const tensor = (args: readonly unknown[]): unknown => {
    const [storage, offset, shape, strides, , , dtype] = args;
    const [, named, key] = storage instanceof PersistentId && Array.isArray(storage.id) ? (storage.id as unknown[]) : [];
    const name = dtype instanceof PickledName ? dtype.name : named instanceof PickledName ? named.name : '';
    const own = torchType(name);
    const bytes = storages(String(key));
    if (own === undefined) throw new DamagedPickle(`a tensor of ${name === '' ? 'no type' : name}`);
    if (bytes === null) throw new DamagedPickle(`a tensor whose storage ${String(key)} is not in the file`);
    return strided({ bytes, type: own, isLittle: true, offset: countOf(offset), shape: counts(shape), strides: counts(strides) });
  };

  const numpy = (shape: unknown, dtype: unknown, isFortran: boolean, bytes: unknown, depth: number): unknown => {
    if (!(dtype instanceof PickledObject)) throw new DamagedPickle('a NumPy array without a type');
    const own = numpyType(String(dtype.args[0]));
    if (own === undefined || !(bytes instanceof Uint8Array)) return Array.isArray(bytes) ? plain(bytes, depth + 1) : null;
    const lengths = counts(shape);
    const strides = new Array<number>(lengths.length).fill(1);
    const order = lengths.map((_, i) => (isFortran ? i : lengths.length - 1 - i));
    let stride = 1;
    for (const d of order) {
      strides[d] = stride;
      stride *= lengths[d]!;
    }
    const isLittle = !(Array.isArray(dtype.state) && dtype.state[1] === '>');
    return strided({ bytes, type: own, isLittle, offset: 0, shape: lengths, strides });
  };

  const object = (own: PickledObject, depth: number): unknown => {
    const { name, args, state, items, entries } = own;
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
        return Array.isArray(state) ? numpy(state[1], state[2], state[3] === true, state[4], depth) : null;
      case 'numpy.core.multiarray.scalar':
      case 'numpy._core.multiarray.scalar':
        return numpy([], args[0], false, args[1], depth);
      case '_codecs.encode':
        return typeof args[0] === 'string' ? bytesText(Uint8Array.from(args[0], (unit) => unit.charCodeAt(0))) : null;
      case 'builtins.set':
      case 'builtins.frozenset':
      case 'builtins.list':
      case 'builtins.tuple':
      case 'builtins.bytearray':
      case '__builtin__.set':
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
        const name = typeof key === 'string' ? key : keyText(plain(key, depth + 1));
        Object.defineProperty(record, name, { value: plain(item, depth + 1), enumerable: true, configurable: true, writable: true });
      }
    return record;
  };

  const plain = (item: unknown, depth: number): unknown => {
    if (++values > MOST_VALUES) throw new DamagedPickle(`more than ${MOST_VALUES.toLocaleString('en')} values once each is written out`);
    if (depth > MAX_NESTING) throw new DamagedPickle(`more than ${MAX_NESTING} levels, or a value inside itself`);
    if (typeof item === 'bigint') return String(item);
    if (typeof item !== 'object' || item === null) return item ?? null;
    if (item instanceof Uint8Array) return bytesText(item);
    if (item instanceof Map) return members([[...item]], depth);
    if (item instanceof PickledName) return { 'py/type': item.name };
    if (item instanceof PersistentId) return null;
    if (item instanceof PickledObject) return object(item, depth);
    return Array.isArray(item) ? item.map((each) => plain(each, depth + 1)) : null;
  };

  return plain(value, 0);
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? key : (toJson(key) ?? '');
}

function countOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new DamagedPickle('an array without a shape');
  return value;
}

function counts(value: unknown): number[] {
  const list = value instanceof PickledObject && value.name === 'torch.Size' ? value.args[0] : value;
  return Array.isArray(list) ? list.map(countOf) : [];
}
