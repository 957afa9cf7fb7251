/** One file at an address, as its host lets it be read: by ranges, or whole. */
import type { RangeFile } from '../../core/source/range-file.ts';
import { AddressFault, reached } from './address-fault.ts';
import type { FetchFrom } from './fetch-from.ts';
import { sizeOf, stateNow, tagOf } from './range-source.ts';

/** What a host makes of the first question. */
export type AskedFile =
  /** It sends on to another address, and that was not to be followed. */
  | { readonly kind: 'redirect' }
  /** Short enough to be here already. */
  | { readonly kind: 'here'; readonly blob: Blob; readonly from: string }
  | { readonly kind: 'ranges'; readonly file: RangeFile; readonly from: string }
  /** No ranges: the answer has all of it. */
  | { readonly kind: 'whole'; readonly answer: Response; readonly from: string };

export interface AskHow {
  /** As of `FetchHow`. */
  readonly hosts: readonly string[];
  readonly redirect: 'follow' | 'manual';
  readonly signal: AbortSignal;
  /** By ranges even where it is short: it grows. */
  readonly isFollowed: boolean;
}

/** A file up to here is fetched whole; of a longer one this comes first, and tells whether its host answers ranges. */
const FIRST_BYTES = 1 << 20;

/** Rejects with AddressFault. */
export async function askFile(url: URL, { isFollowed, ...how }: AskHow, fetchFrom: FetchFrom): Promise<AskedFile> {
  if (url.username !== '' || url.password !== '')
    throw new AddressFault('Expected an address without a name and password in it, found one with them.');
  const get = (headers: Readonly<Record<string, string>>) => reached(url.host, fetchFrom(url, { ...how, headers }), how.signal);
  let fetched = await get({ Range: `bytes=0-${FIRST_BYTES - 1}` });
  if (fetched.isRedirect) return { kind: 'redirect' };
  if (fetched.answer.status === 206 && !fetched.answer.headers.has('content-encoding')) {
    const found = await rangesOf(url, how.hosts, fetched.answer, fetchFrom, isFollowed);
    const { from } = fetched;
    if (found instanceof Blob) return { kind: 'here', blob: found, from };
    if (found !== null) return { kind: 'ranges', file: found, from };
  }
  // What is empty has no range, and some hosts do not say of what a range is a part.
  if (fetched.answer.status === 206 || fetched.answer.status === 416) {
    void fetched.answer.body?.cancel();
    fetched = await get({});
  }
  const { answer, from } = fetched;
  if (!answer.ok) {
    void answer.body?.cancel();
    throw new AddressFault(`Expected the file, found status ${`${answer.status} ${answer.statusText}`.trim()} from ${url.host}.`);
  }
  return { kind: 'whole', answer, from };
}

/** A short file whole, a longer one as it is read by ranges; null: its host does not say how long it is. */
async function rangesOf(
  url: URL,
  hosts: readonly string[],
  first: Response,
  fetchFrom: FetchFrom,
  isFollowed: boolean,
): Promise<Blob | RangeFile | null> {
  const file: RangeFile = { address: url.href, size: 0, tag: tagOf(first), hosts };
  const size = sizeOf(first) ?? (await stateNow(file, fetchFrom).catch(() => null))?.byteLength ?? null;
  if (size !== null && size <= FIRST_BYTES && !isFollowed) {
    const blob = await first.blob();
    if (blob.size === size) return blob;
    // More than all of it: what was said of its length is wrong.
    return blob.size > size ? null : { ...file, size };
  }
  void first.body?.cancel();
  return size === null ? null : { ...file, size };
}

/** The last step of the path, else the host; a step that is no text stays as it is spelt. */
export function nameOf({ pathname, host }: URL): string {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || host;
  } catch {
    return last;
  }
}
