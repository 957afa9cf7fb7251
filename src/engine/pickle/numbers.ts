/** Arrays of numbers out of the bytes that torch and NumPy keep them in: any offset and strides, one storage for several of them. */
import { MAX_EXPANSION } from '../../base/bounds.ts';
import { halfToFloat } from '../../base/half.ts';
import { DamagedPickle } from './damaged-pickle.ts';

/** How one number is stored. */
export interface NumberType {
  readonly bytes: number;
  readonly kind: 'integer' | 'float' | 'boolean';
  read(view: DataView, at: number, isLittle: boolean): number;
}

const type = (bytes: number, kind: NumberType['kind'], read: NumberType['read']): NumberType => ({ bytes, kind, read });

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);
const TYPES = {
  f8: type(8, 'float', (view, at, isLittle) => view.getFloat64(at, isLittle)),
  f4: type(4, 'float', (view, at, isLittle) => view.getFloat32(at, isLittle)),
  f2: type(2, 'float', (view, at, isLittle) => halfToFloat(view.getUint16(at, isLittle))),
  // The upper half of a float: https://github.com/pytorch/pytorch/blob/main/c10/util/BFloat16.h
  bf2: type(2, 'float', (view, at, isLittle) => {
    words[0] = view.getUint16(at, isLittle) << 16;
    return floats[0]!;
  }),
  i8: type(8, 'integer', (view, at, isLittle) => Number(view.getBigInt64(at, isLittle))),
  u8: type(8, 'integer', (view, at, isLittle) => Number(view.getBigUint64(at, isLittle))),
  i4: type(4, 'integer', (view, at, isLittle) => view.getInt32(at, isLittle)),
  u4: type(4, 'integer', (view, at, isLittle) => view.getUint32(at, isLittle)),
  i2: type(2, 'integer', (view, at, isLittle) => view.getInt16(at, isLittle)),
  u2: type(2, 'integer', (view, at, isLittle) => view.getUint16(at, isLittle)),
  i1: type(1, 'integer', (view, at) => view.getInt8(at)),
  u1: type(1, 'integer', (view, at) => view.getUint8(at)),
  b1: type(1, 'boolean', (view, at) => view.getUint8(at)),
} as const;

const BY_TORCH: Readonly<Record<string, keyof typeof TYPES>> = {
  DoubleStorage: 'f8',
  FloatStorage: 'f4',
  HalfStorage: 'f2',
  BFloat16Storage: 'bf2',
  LongStorage: 'i8',
  IntStorage: 'i4',
  ShortStorage: 'i2',
  CharStorage: 'i1',
  ByteStorage: 'u1',
  BoolStorage: 'b1',
  float64: 'f8',
  float32: 'f4',
  float16: 'f2',
  bfloat16: 'bf2',
  int64: 'i8',
  int32: 'i4',
  int16: 'i2',
  int8: 'i1',
  uint8: 'u1',
  bool: 'b1',
};

/** By the name of a storage's class or of a dtype, `torch.` in front or not. */
export function torchType(name: string): NumberType | undefined {
  const own = BY_TORCH[name.slice(name.lastIndexOf('.') + 1)];
  return own === undefined ? undefined : TYPES[own];
}

/** By NumPy's code, such as `i8`. */
export function numpyType(code: string): NumberType | undefined {
  const own = Object.entries(TYPES).find(([name]) => name === code && name !== 'bf2');
  return own?.[1];
}

export interface Strided {
  readonly bytes: Uint8Array;
  readonly type: NumberType;
  readonly isLittle: boolean;
  /** Of the first number, and from one to the next in each dimension: in numbers. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/**
 * Lists in lists, of which the innermost are typed: Int32Array where all are such integers, Uint8Array of truth values, else
 * Float64Array; a number where there is no dimension. Throws DamagedPickle where a number lies outside of the bytes.
 * @param room how many numbers may be written out
 */
export function numbersOf(strided: Strided, room: number): unknown {
  const { bytes, type: own, isLittle, offset, shape, strides } = strided;
  if (shape.length !== strides.length || shape.length > 32) throw new DamagedPickle(`an array of ${shape.length} dimensions`);
  const count = shape.reduce((product, length) => product * length, 1);
  if (!(count <= Math.min(room, MAX_EXPANSION))) throw new DamagedPickle(`${count.toLocaleString('en')} numbers in one file`);
  if (count === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (at: number): number => {
    const place = at * own.bytes;
    if (!(place >= 0 && place + own.bytes <= bytes.length)) throw new DamagedPickle('an array that reaches beyond its storage');
    return own.read(view, place, isLittle);
  };
  const level = (depth: number, at: number): unknown => {
    const length = shape[depth];
    if (length === undefined) return own.kind === 'boolean' ? read(at) !== 0 : read(at);
    const stride = strides[depth]!;
    if (depth < shape.length - 1) return Array.from({ length }, (_, i) => level(depth + 1, at + i * stride));
    const values = Float64Array.from({ length }, (_, i) => read(at + i * stride));
    if (own.kind === 'float') return values;
    if (own.kind === 'boolean') return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
    return values.every((value) => value === (value | 0)) ? Int32Array.from(values) : values;
  };
  return level(0, offset);
}
