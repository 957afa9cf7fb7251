/** Files of tensors in the safetensors format (https://github.com/huggingface/safetensors, "Format"). */

const TYPES = { F64: Float64Array, I64: BigInt64Array, F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;

export type TensorType = keyof typeof TYPES;

/** A tensor of one dimension, in parts that stand one behind the other. */
export interface Tensor {
  readonly name: string;
  readonly type: TensorType;
  readonly parts: readonly (Float64Array | BigInt64Array | Float32Array | Int32Array | Uint8Array)[];
}

/** The bytes of a file. Tensors stand by the size of their entries, the largest first, so that each is aligned; then by name. */
export function safetensors(tensors: readonly Tensor[]): Uint8Array {
  const sizeOf = (type: TensorType): number => TYPES[type].BYTES_PER_ELEMENT;
  const sorted = tensors.toSorted((a, b) => sizeOf(b.type) - sizeOf(a.type) || (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const { name, type, parts } of sorted) {
    const start = end;
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    end += length * sizeOf(type);
    header[name] = { dtype: type, shape: [length], data_offsets: [start, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Blanks may fill the header up.
  const headerSize = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + headerSize + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerSize), true);
  file.fill(0x20, 8, 8 + headerSize);
  file.set(text, 8);
  let at = 8 + headerSize;
  for (const { parts } of sorted) {
    for (const part of parts) {
      // Little-endian, as every machine that runs this is.
      file.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
      at += part.byteLength;
    }
  }
  return file;
}
