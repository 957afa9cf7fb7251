/** What a model hub says of a repository's files. https://huggingface.co/docs/hub/api */
import { get, getNumber, getString, isList } from '../../formats/json.ts';
import type { ListedFile } from './model-config.ts';

/** @param answer of `/api/models/OWNER/NAME/tree/REVISION?recursive=true`; null where it is no such list */
export function hubFiles(answer: unknown): ListedFile[] | null {
  if (!isList(answer)) return null;
  const files: ListedFile[] = [];
  for (const entry of answer) {
    const path = getString(entry, 'path');
    if (path === undefined || getString(entry, 'type') !== 'file') continue;
    // A large file stands there as a pointer to it.
    const pointer = get(entry, 'lfs');
    files.push({ path, bytes: getNumber(pointer, 'size') ?? getNumber(entry, 'size') ?? 0, ...hashIn(pointer, 'oid') });
  }
  return files;
}

/** A listing as it was kept; null where it is not one. */
export function keptListing(value: unknown): ListedFile[] | null {
  if (!isList(value)) return null;
  const files = value.flatMap((entry) => {
    const [path, bytes] = [getString(entry, 'path'), getNumber(entry, 'bytes')];
    return path === undefined || bytes === undefined ? [] : [{ path, bytes, ...hashIn(entry, 'sha256') }];
  });
  return files.length === value.length ? files : null;
}

/** A SHA-256 under a name, where it is one. */
function hashIn(value: unknown, name: string): Pick<ListedFile, 'sha256'> {
  const sha256 = getString(value, name);
  return sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : {};
}
