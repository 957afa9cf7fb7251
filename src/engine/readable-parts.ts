/** The parts of a file, also of one that cannot be read. */
import { bytesAt } from '../core/model/address.ts';
import { partsOf, type Part } from './parts.ts';
import { Unreadable } from './readable.ts';

/** Code of the issue that says so. */
export const UNREADABLE = 'unreadable-file';

/** `partsOf`, where a file that cannot be read is one part that says so. */
export async function* readableParts(...[file, unpack, onBytes, signal]: Parameters<typeof partsOf>): AsyncGenerator<Part> {
  try {
    yield* partsOf(file, unpack, onBytes, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Unreadable)) throw error;
    const from = { ...file };
    const fault = { line: 0, address: bytesAt(0), code: UNREADABLE, expected: 'a file that can be read', found: error.message };
    yield { from, member: null, file: from, sniffed: { kind: 'unreadable', fault }, damage: null, notes: [], left: 0 };
  }
}
