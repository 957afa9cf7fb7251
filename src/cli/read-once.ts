/** What is said of a file that was named by several paths or addresses. */
import { bytesAt } from '../core/model/address.ts';
import type { InputFault } from '../engine/readers/reader.ts';

const OTHERS_SHOWN = 3;

/** @param others where else it was named, in order */
export function readOnce(others: readonly string[]): InputFault {
  const shown = others.slice(0, OTHERS_SHOWN).join(', ');
  const more = others.length > OTHERS_SHOWN ? ` and ${(others.length - OTHERS_SHOWN).toLocaleString('en')} more` : '';
  return { line: 0, address: bytesAt(0), code: 'same-file', expected: 'each file once', found: `the same at ${shown}${more}: read once` };
}
