/** Whether a file of ours is what the manifest beside it says was written. */
import { bytesAt } from '../core/model/address.ts';
import type { Format } from '../formats/format.ts';
import { sha256 } from './export/hash.ts';
import type { InputFile } from './input-file.ts';
import type { InputFault } from './readers/reader.ts';

/** Lines have checksums of their own; that some are missing tells the file's. Null where all is well, or no manifest says. */
export async function writtenFault({ source, written }: InputFile, format: Format | null): Promise<InputFault | null> {
  if (written === undefined || !format?.isSealed || (await sha256(source)) === written) return null;
  return {
    line: 0,
    address: bytesAt(0),
    code: 'manifest',
    expected: 'the file that manifest.json beside it names by its SHA-256',
    found: 'another: it has been changed, or was cut off, since it was written',
  };
}
