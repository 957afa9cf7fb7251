/** Whatever is packed comes out again: members by name and byte, in their order, however they are packed. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import type { Archive } from '../../../src/engine/containers/container.ts';
import { tar } from '../../../src/engine/containers/tar.ts';
import { zip } from '../../../src/engine/containers/zip.ts';
import { tarFile, type TarMember } from '../../helpers/tarFile.ts';
import { zipFile, type ZipMember } from '../../helpers/zipFile.ts';

interface Unpacked {
  readonly name: string | null;
  readonly content: string;
  readonly faults: readonly (string | null)[];
}

/** Members in an order of their own: each is read by itself. */
async function unpack(archive: Archive, bytes: Uint8Array<ArrayBuffer>): Promise<Unpacked[]> {
  expect(archive.recognises(bytes.subarray(0, 1 << 16))).toBe(bytes.some((byte) => byte !== 0));
  const members = [];
  for await (const member of archive.members(bytesSource('a', bytes))) members.push(member);
  const found: Unpacked[] = [];
  for (const { name, bytes: stream } of members.toReversed()) {
    const pieces: Uint8Array[] = [];
    const faults: string[] = [];
    for await (const { bytes: some, fault } of stream) {
      pieces.push(some);
      if (fault !== null) faults.push(fault);
    }
    found.push({ name, content: Buffer.concat(pieces).toString('base64'), faults });
  }
  return found.toReversed();
}

const path = fc.array(fc.stringMatching(/^[a-z0-9_é-]{1,40}$/), { minLength: 1, maxLength: 6 }).map((steps) => steps.join('/'));
const content = fc.oneof(fc.uint8Array({ maxLength: 3000 }), fc.constant(new Uint8Array(70_000).fill(7)));
const expected = (members: readonly (TarMember | ZipMember)[]): Unpacked[] =>
  members.map(({ name, content: bytes = '' }) => ({ name, content: Buffer.from(bytes).toString('base64'), faults: [] }));

it('of ZIP archives', async () => {
  const member = fc.record({
    name: path,
    content,
    method: fc.constantFrom(0, 8, 93),
    is64: fc.boolean(),
    isDescribedBehind: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 6 }), async (members) => {
      expect(await unpack(zip, zipFile(members))).toEqual(expected(members));
    }),
    { numRuns: 60 },
  );
});

it('of tar archives', async () => {
  const member = fc.record({
    name: path,
    content,
    as: fc.constantFrom('pax' as const, 'gnu' as const),
    size: fc.constantFrom('pax' as const, undefined),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 6 }), async (members) => {
      const given = members.map(({ size, ...rest }): TarMember => (size === undefined ? rest : { ...rest, size }));
      expect(await unpack(tar, tarFile(given))).toEqual(expected(given));
    }),
    { numRuns: 60 },
  );
});
