/** Reads a safetensors file by the text of its format: tensors of one dimension as lists of numbers. */
const READ: Readonly<Record<string, readonly [size: number, read: (file: Buffer, at: number) => number]>> = {
  F64: [8, (file, at) => file.readDoubleLE(at)],
  I64: [8, (file, at) => Number(file.readBigInt64LE(at))],
  F32: [4, (file, at) => file.readFloatLE(at)],
  I32: [4, (file, at) => file.readInt32LE(at)],
  U8: [1, (file, at) => file.readUInt8(at)],
};

export function readSafetensors(file: Buffer): Record<string, number[]> {
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, start).toString('utf8')) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: number[] }
  >;
  const tensors: Record<string, number[]> = {};
  let end = 0;
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [size, read] = READ[dtype];
    if (offsets[0] !== end || offsets[1] - offsets[0] !== shape[0] * size || offsets[0] % size !== 0)
      throw new Error(`${name} at ${offsets.join()}`);
    end = offsets[1];
    tensors[name] = Array.from({ length: shape[0] }, (_, i) => read(file, start + offsets[0] + i * size));
  }
  if (file.length !== start + end) throw new Error(`${file.length} bytes, of which ${start + end} are named`);
  return tensors;
}
