/** A mapping as a file: with a checksum where Espalier wrote it, without one where a person did. */
import { sealed, sealFault, type Sha256 } from '../core/model/seal.ts';
import { newestVersion } from '../core/model/versions.ts';
import { get, isObject } from '../formats/json.ts';
import { MAPPING_FILE } from '../formats/mapping.ts';

/** From this version on a file ends in its checksum. */
const SEALED = 2;

/** The file of a mapping. @param mapping as `readMapping` takes it */
export function mappingText(mapping: object, sha256: Sha256): string {
  return `${sealed(JSON.stringify({ ...mapping, version: newestVersion(MAPPING_FILE) }, null, 2), sha256)}\n`;
}

/** What a file holds, for `readMapping` to check; or why it is not what was written. Throws where it is no JSON. */
export function openMapping(
  text: string,
  sha256: Sha256,
): { readonly ok: true; readonly mapping: unknown } | { readonly ok: false; readonly reason: string } {
  const value = JSON.parse(text) as unknown;
  const version = get(value, 'version');
  const isSealed = get(value, 'sha256') !== undefined || (typeof version === 'number' && version >= SEALED);
  if (!isObject(value) || !isSealed || (typeof version === 'number' && version > newestVersion(MAPPING_FILE)))
    return { ok: true, mapping: value };
  const fault = sealFault(new TextEncoder().encode(text), sha256);
  if (fault !== null)
    return {
      ok: false,
      reason: `A mapping of version ${SEALED} has ${fault.expected}; found ${fault.found}. One that is written by hand is of version 1.`,
    };
  const { sha256: _, ...mapping } = value;
  return { ok: true, mapping };
}
