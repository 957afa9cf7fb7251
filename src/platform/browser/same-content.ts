/** Whether two files hold the same: by length, and by bytes at as many places as an opened file is known by. */

import type { RangeFile } from '../../core/source/range-file.ts';

/** Up to here all is compared; of longer ones so many parts, evenly spread from the first byte to the last. */
const WHOLE_BYTES = 1 << 20;
const PARTS = 16;
const PART_BYTES = WHOLE_BYTES / PARTS;

/** False too where one of them cannot be read any more. */
export async function sameContent(a: Blob | RangeFile, b: Blob | RangeFile): Promise<boolean> {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  // What lies at an address is told by it: nothing of it is read for this.
  if (!(a instanceof Blob) || !(b instanceof Blob)) return 'address' in a && 'address' in b && a.address === b.address && a.tag === b.tag;
  const parts = a.size <= WHOLE_BYTES ? 1 : PARTS;
  for (let part = 0; part < parts; part++) {
    const start = parts === 1 ? 0 : Math.floor((part / (parts - 1)) * (a.size - PART_BYTES));
    const end = parts === 1 ? a.size : start + PART_BYTES;
    try {
      const [x, y] = await Promise.all([a, b].map(async (blob) => new Uint8Array(await blob.slice(start, end).arrayBuffer())));
      if (!x || !y || x.some((byte, i) => byte !== y[i])) return false;
    } catch {
      return false;
    }
  }
  return true;
}
