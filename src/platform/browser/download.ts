/**
 * A file from a server, into the store of models as it comes: what was cut is gone on with by range, now or another day, where the file is
 * still the same. Its SHA-256 is checked where the server's list states one.
 */
import type { ListedFile } from '../../engine/score/model-config.ts';
import { hashOf, type ModelStore } from './model-store.ts';

/** Bytes that are lost at most where the page is closed. */
const PART_BYTES = 16 << 20;
/** Attempts in a row that bring nothing. */
const MOST_FAILURES = 5;
const FIRST_WAIT_MS = 250;

type Ask = (headers: Readonly<Record<string, string>>) => Promise<Response>;

interface Wanted extends Pick<ListedFile, 'path' | 'bytes' | 'sha256'> {
  readonly url: string;
}

/** What has come so far: in the store, or in memory where there is none or where it is full. */
interface Sink {
  readonly length: number;
  readonly tag: string | null;
  begin(tag: string | null): Promise<void>;
  add(piece: Uint8Array<ArrayBuffer>): Promise<void>;
  /** So that what came is there another day. */
  flush(): Promise<void>;
  whole(): Promise<Uint8Array<ArrayBuffer>>;
  end(sha256: string): Promise<void>;
  forget(): Promise<void>;
}

/** One download of an address at a time, in all tabs. Rejects with a sentence; what came is kept but where it is wrong. */
export async function download(
  wanted: Wanted,
  store: ModelStore | null,
  ask: Ask,
  onBytes: (read: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (store === null) return fetchWhole(wanted, await makeSink(wanted.url, null), ask, onBytes, signal);
  return navigator.locks.request(`espalier-model ${wanted.url}`, { signal }, async () => {
    // Another tab may have brought it meanwhile.
    const kept = await store.read(wanted.url);
    return kept ?? fetchWhole(wanted, await makeSink(wanted.url, store), ask, onBytes, signal);
  });
}

async function fetchWhole(
  wanted: Wanted,
  sink: Sink,
  ask: Ask,
  onBytes: (read: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  let [failures, most, tag] = [0, sink.length, sink.tag];
  for (;;) {
    try {
      await take(wanted, sink, ask, onBytes, signal);
      break;
    } catch (error) {
      await sink.flush();
      signal.throwIfAborted();
      // Of another version all is new.
      if (sink.tag !== tag) [most, tag] = [0, sink.tag];
      failures = sink.length > most ? 0 : failures + 1;
      most = Math.max(most, sink.length);
      if (!(error instanceof Cut) || failures === MOST_FAILURES) throw error;
      await wait(FIRST_WAIT_MS * 2 ** failures, signal);
    }
  }
  const bytes = await sink.whole();
  if (wanted.bytes > 0 && bytes.length !== wanted.bytes) {
    await sink.forget();
    throw new Error(`${wanted.path}: expected ${wanted.bytes} bytes, found ${bytes.length}`);
  }
  const found = await hashOf(bytes);
  if (wanted.sha256 !== undefined && found !== wanted.sha256) {
    await sink.forget();
    throw new Error(`${wanted.path}: expected a file of SHA-256 ${wanted.sha256}, as the list says, found ${found}; nothing of it is kept`);
  }
  await sink.end(found);
  return bytes;
}

/** The connection ended before the file did; asking again may help. */
class Cut extends Error {}

/** From where the sink ends to the end of the file, or as far as the connection lasts. */
async function take(wanted: Wanted, sink: Sink, ask: Ask, onBytes: (read: number) => void, signal: AbortSignal): Promise<void> {
  // Without a name of the version nobody can say whether it is still the same file; a stated hash can, in the end.
  if (sink.length > 0 && sink.tag === null && wanted.sha256 === undefined) await sink.begin(null);
  if (wanted.bytes > 0 && sink.length === wanted.bytes) return;
  const isLater = sink.length > 0;
  // Not If-Range: the hub lets no page of another origin send it. The answer is compared here instead.
  const answer = await ask(isLater ? { Range: `bytes=${sink.length}-` } : {}).catch((error: unknown) => {
    throw isLater ? new Cut(lost(sink, error), { cause: error }) : error;
  });
  const goesOn = isLater && answer.status === 206 && isSame(answer, sink, wanted);
  if (isLater && !goesOn) {
    if (answer.status !== 200) {
      await answer.body?.cancel();
      if (answer.status !== 206 && answer.status !== 416) throw new Error(said(answer));
      await sink.begin(null);
      return take(wanted, sink, ask, onBytes, signal);
    }
  }
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    throw new Error(said(answer));
  }
  if (!goesOn) await sink.begin(tagOf(answer));
  onBytes(sink.length);
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new Cut(lost(sink, error), { cause: error });
    });
    if (done) break;
    await sink.add(value);
    onBytes(sink.length);
    if (wanted.bytes > 0 && sink.length > wanted.bytes) {
      // Another file than the one that is listed: its length will say so.
      await reader.cancel();
      break;
    }
    if (signal.aborted) {
      await reader.cancel();
      signal.throwIfAborted();
    }
  }
  if (wanted.bytes > 0 && sink.length < wanted.bytes) throw new Cut(lost(sink, null));
}

const said = ({ status, statusText }: Response): string => `the server answered ${status} ${statusText}`;

function lost({ length }: Sink, error: unknown): string {
  const why = error instanceof Error ? error.message : 'the answer ended';
  return `the connection was lost after ${length} bytes (${why}); asked again, it goes on from there where it can`;
}

/** What names this version of a file: a strong ETag, else the time of its last change. Servers may hide both from other origins. */
function tagOf({ headers }: Response): string | null {
  const tag = headers.get('etag');
  return tag !== null && !tag.startsWith('W/') ? tag : headers.get('last-modified');
}

/** Whether a part belongs behind what is here. */
function isSame(answer: Response, sink: Sink, { bytes, sha256 }: Wanted): boolean {
  const [, from, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get('content-range') ?? '') ?? [];
  if (from !== undefined && Number(from) !== sink.length) return false;
  if (size !== undefined && size !== '*' && bytes > 0 && Number(size) !== bytes) return false;
  const tag = tagOf(answer);
  return tag === null || sink.tag === null ? sha256 !== undefined : tag === sink.tag;
}

/** Over sooner where nobody waits any more; then it rejects. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  signal.throwIfAborted();
}

/** @param store null: memory */
async function makeSink(url: string, store: ModelStore | null): Promise<Sink> {
  let kept = store;
  let { bytes: stored, tag } = (await kept?.begun(url)) ?? { bytes: 0, tag: null };
  let [pieces, held]: [Uint8Array<ArrayBuffer>[], number] = [[], 0];
  /** The disk is full: all of it goes on in memory, and there will be no copy. */
  async function giveUp(from: ModelStore): Promise<void> {
    kept = null;
    const before = await from.appended(url);
    pieces.unshift(before);
    held += before.length;
    stored = 0;
    await from.forget(url);
  }
  const sink: Sink = {
    get length() {
      return stored + held;
    },
    get tag() {
      return tag;
    },
    async begin(now) {
      [pieces, held, stored, tag] = [[], 0, 0, now];
      if (kept) await kept.begin(url, now).catch(() => (kept = null));
    },
    async add(piece) {
      pieces.push(piece);
      held += piece.length;
      if (held >= PART_BYTES) await sink.flush();
    },
    async flush() {
      if (!kept || held === 0) return;
      try {
        await kept.append(url, pieces);
        [pieces, held, stored] = [[], 0, stored + held];
      } catch {
        await giveUp(kept);
      }
    },
    async whole() {
      await sink.flush();
      return kept ? kept.appended(url) : new Uint8Array(await new Blob(pieces).arrayBuffer());
    },
    async end(sha256) {
      const last = kept;
      await last?.finish(url, sha256).catch(() => last.forget(url));
    },
    forget: async () => kept?.forget(url),
  };
  return sink;
}
