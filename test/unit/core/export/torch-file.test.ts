/** Files for torch: what was put in, whole and streamed, with sizes and checksums as ZIP wants them. */
import { crc32 as wanted } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '../../../../src/base/crc32.ts';
import { PyFloat, type Picklable } from '../../../../src/core/export/pickle.ts';
import { makeTorchFile } from '../../../../src/core/export/torch-file.ts';
import { readTorchFile, zipEntries } from '../../../helpers/torchFile.ts';

function written(members: readonly Picklable[]): Buffer {
  const file = makeTorchFile({ rollout_id: 3 }, 'samples');
  const parts = [file.head.slice(), ...members.map((member) => file.add(member).slice())];
  return Buffer.concat([...parts, file.end()]);
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const leaf = fc.oneof(fc.constant(null), fc.boolean(), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), text);
const value: fc.Arbitrary<Picklable> = fc.letrec<{ value: Picklable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

it('hold the values that were added, in their order', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (members) => {
      expect(readTorchFile(written(members))).toEqual({ rollout_id: 3, samples: members });
    }),
  );
});

it('hold columns as lists, and floats as floats', () => {
  const file = written([{ ids: Int32Array.of(0, 255, 256, -1), values: Float64Array.of(0, -0.5, 1e300), reward: new PyFloat(1) }]);
  expect(readTorchFile(file)).toEqual({ rollout_id: 3, samples: [{ ids: [0, 255, 256, -1], values: [0, -0.5, 1e300], reward: 1 }] });
  // A float has an opcode of its own: a whole one is no int for Python.
  expect(file.includes(Buffer.from([0x47, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]))).toBe(true);
  expect([...zipEntries(file).keys()]).toEqual(['train/data.pkl', 'train/byteorder', 'train/version']);
});

it('refuse numbers that Python would read as others', () => {
  expect(() => written([2 ** 31])).toThrow('32 bits');
  expect(() => written([0.5])).toThrow('32 bits');
});

it('have the checksum of ZIP, in parts as in one', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
      expect(crc32(bytes)).toBe(wanted(bytes));
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(wanted(bytes));
    }),
  );
});
