/** Where a record lies in its input, as the reader that found it counts: enough to read it once more. */

/** Survives structured clone. Addresses of one input are all of one unit. */
export interface RecordAddress {
  /** What `start` and `size` count: bytes of the (unpacked) file, or rows of a table. */
  readonly unit: 'bytes' | 'row';
  readonly start: number;
  readonly size: number;
  /** Position among the records that share this range (a line may hold a group). */
  readonly member: number;
}

/** Of bytes [start, start + size). */
export function bytesAt(start: number, size = 0, member = 0): RecordAddress {
  return { unit: 'bytes', start, size, member };
}

/** Negative where `a` lies before `b`, both of one input. */
export function compareAddresses(a: RecordAddress, b: RecordAddress): number {
  return a.start - b.start || a.member - b.member;
}

/** Where a record begins, in words: `byte 120`, `row 7`. */
export function addressText({ unit, start }: RecordAddress): string {
  return `${unit === 'bytes' ? 'byte' : 'row'} ${start}`;
}
