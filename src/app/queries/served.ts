/** The files that `espalier view PATH…` serves beside the page: what there is, and each of them as a file that is read by ranges. */
import type { RangeFile } from '../../core/source/range-file.ts';

/** A file as the server tells it. */
export interface ServedFile {
  readonly name: string;
  readonly file: RangeFile;
}

export interface Served {
  /** They are to be looked at again and again. */
  readonly follow: boolean;
  readonly files: readonly ServedFile[];
}

/** Where they are. */
export function servedFolder(token: string): URL {
  return new URL(`files/${encodeURIComponent(token)}/`, document.baseURI);
}

/** @param token that the server gave away with the page's address. Rejects with a sentence */
export async function servedFiles(token: string): Promise<Served> {
  const folder = servedFolder(token);
  const answer = await fetch(folder, { cache: 'no-store', credentials: 'omit' }).catch(() => null);
  if (answer === null) throw new Error('The server of this page does not answer: espalier view may have been stopped.');
  if (!answer.ok) throw new Error('The address names files of an espalier view that is not running any more.');
  const told: unknown = await answer.json();
  const follow = member(told, 'follow') === true;
  const listed = member(told, 'files');
  const files = (Array.isArray(listed) ? listed : []).flatMap((each: unknown): ServedFile[] => {
    const [id, name, size, tag] = ['id', 'name', 'size', 'tag'].map((key) => member(each, key));
    if (typeof id !== 'string' || typeof name !== 'string' || typeof size !== 'number' || typeof tag !== 'string') return [];
    return [{ name, file: { address: new URL(id, folder).href, size, tag, hosts: [] } }];
  });
  return { follow, files };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
}
