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
    files.push({ path, bytes: getNumber(get(entry, 'lfs'), 'size') ?? getNumber(entry, 'size') ?? 0 });
  }
  return files;
}

/** A listing as it was kept; null where it is not one. */
export function keptListing(value: unknown): ListedFile[] | null {
  if (!isList(value)) return null;
  const files = value.flatMap((entry) => {
    const [path, bytes] = [getString(entry, 'path'), getNumber(entry, 'bytes')];
    return path === undefined || bytes === undefined ? [] : [{ path, bytes }];
  });
  return files.length === value.length ? files : null;
}
