/** Downloads that are cut, of files that change or are wrong: what is handed on is always one whole version, and nothing comes twice. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download } from '../../../src/platform/browser/download.ts';
import { hashOf, openModelStore, type ModelStore } from '../../../src/platform/browser/model-store.ts';
import { forgetStored, storedModels } from '../../../src/platform/browser/stored-models.ts';
import '../../helpers/drawSeed.ts';

interface Version {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tag: string | null;
}

interface Server {
  version: Version;
  /** Bytes after which each next answer is cut; undefined: none. */
  readonly cuts: (number | undefined)[];
  answersRanges: boolean;
  /** Bytes sent. */
  sent: number;
  readonly asked: (string | null)[];
}

const server = (version: Version): Server => ({ version, cuts: [], answersRanges: true, sent: 0, asked: [] });

/** An answer as a server of `Range` gives it, whose body breaks off where it is cut. */
function answer(of: Server, headers: Readonly<Record<string, string>>): Response {
  const { bytes, tag } = of.version;
  const [, start] = /^bytes=(\d+)-$/.exec(headers['Range'] ?? '') ?? [];
  of.asked.push(start ?? null);
  const named: Record<string, string> = tag === null ? {} : { ETag: tag };
  const from = start === undefined || !of.answersRanges ? 0 : Number(start);
  if (from > 0 && from >= bytes.length) return new Response(null, { status: 416, headers: named });
  const cut = of.cuts.shift();
  let at = from;
  const pull = (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void => {
    const end = Math.min(bytes.length, at + 7, cut === undefined ? Infinity : from + cut);
    if (end > at) controller.enqueue(bytes.slice(at, end));
    else if (at === bytes.length) controller.close();
    else controller.error(new TypeError('network error'));
    of.sent += end - at;
    at = end;
  };
  // What is sent ahead would be lost with the connection.
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull }, { highWaterMark: 0 });
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  return new Response(body, from > 0 ? { status: 206, headers: { ...named, 'Content-Range': range } } : { headers: named });
}

const of = (length: number, salt: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i * 31 + salt);

let url: string;
let store: ModelStore;
beforeEach(async () => {
  url = `https://models.example/${crypto.randomUUID()}/model.onnx`;
  const opened = await openModelStore();
  if (!opened) throw new Error('this browser has no private file system');
  store = opened;
});
afterEach(() => store.forget(url));

function fetchIt(
  from: Server,
  more: { bytes?: number; sha256?: string; signal?: AbortSignal; onBytes?: (read: number) => void; in?: null } = {},
) {
  const { bytes = from.version.bytes.length, sha256, signal = new AbortController().signal, onBytes = () => undefined } = more;
  const wanted = { url, path: 'model.onnx', bytes, ...(sha256 !== undefined && { sha256 }) };
  const ask = (headers: Readonly<Record<string, string>>): Promise<Response> => Promise.resolve(answer(from, headers));
  return download(wanted, more.in === null ? null : store, ask, onBytes, signal);
}

describe('a download that is cut', () => {
  it('goes on from where it was, and is kept whole', async () => {
    const from = server({ bytes: of(100, 1), tag: '"a"' });
    from.cuts.push(40, 30);
    const seen: number[] = [];
    expect(await fetchIt(from, { onBytes: (read) => seen.push(read) })).toEqual(of(100, 1));
    expect(from.asked).toEqual([null, '40', '70']);
    expect(from.sent).toBe(100);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await store.read(url)).toEqual(of(100, 1));
  });

  it('goes on another day', async () => {
    const from = server({ bytes: of(100, 1), tag: '"a"' });
    const ending = new AbortController();
    const cancelled = fetchIt(from, { signal: ending.signal, onBytes: (read) => read >= 49 && ending.abort() });
    await expect(cancelled).rejects.toThrow(/abort/i);
    const here = (await store.begun(url)).bytes;
    expect(here).toBeGreaterThanOrEqual(49);
    expect(await store.has(url)).toBe(false);
    // As after a reload: nothing but the store is left.
    store = (await openModelStore())!;
    expect(await fetchIt(from)).toEqual(of(100, 1));
    expect(from.asked).toEqual([null, String(here)]);
    expect(await store.list()).toContainEqual(expect.objectContaining({ url, bytes: 100, isWhole: true }));
  });

  it('says so when it is cut again and again, and keeps what came', async () => {
    const from = server({ bytes: of(100, 1), tag: '"a"' });
    from.cuts.push(40, ...Array.from({ length: 20 }, () => 0));
    await expect(fetchIt(from)).rejects.toThrow(
      'the connection was lost after 40 bytes (network error); asked again, it goes on from there where it can',
    );
    expect(await store.begun(url)).toEqual({ bytes: 40, tag: '"a"' });
  });

  it.each([
    ['whose server changed it', '"b"', true],
    ['whose server answers no ranges', '"a"', false],
    ['of which nobody can say whether it changed', null, true],
  ])('of a file %s begins anew', async (_, tag, answersRanges) => {
    const from = server({ bytes: of(100, 1), tag: tag === null ? null : '"a"' });
    from.cuts.push(40, undefined);
    const ask = (headers: Readonly<Record<string, string>>): Promise<Response> => {
      if (from.asked.length > 0) Object.assign(from, { version: { bytes: of(100, 2), tag }, answersRanges });
      return Promise.resolve(answer(from, headers));
    };
    const got = await download({ url, path: 'model.onnx', bytes: 100 }, store, ask, () => undefined, new AbortController().signal);
    expect(got).toEqual(of(100, 2));
    expect(await store.read(url)).toEqual(of(100, 2));
  });

  it('of a version without a name is gone on with where its hash is stated', async () => {
    const from = server({ bytes: of(100, 1), tag: null });
    from.cuts.push(40);
    expect(await fetchIt(from, { sha256: await hashOf(of(100, 1)) })).toEqual(of(100, 1));
    expect(from.asked).toEqual([null, '40']);
  });
});

it('gives up where a server without ranges brings no more than before', async () => {
  const from = server({ bytes: of(100, 1), tag: '"a"' });
  from.answersRanges = false;
  from.cuts.push(40, ...Array.from({ length: 20 }, (_, attempt) => (attempt % 2 === 0 ? 10 : 20)));
  await expect(fetchIt(from)).rejects.toThrow('the connection was lost');
  expect(from.asked).toHaveLength(6);
});

it('ends an answer that is longer than the list says, and keeps nothing of it', async () => {
  const from = server({ bytes: of(1000, 1), tag: '"a"' });
  await expect(fetchIt(from, { bytes: 100 })).rejects.toThrow('model.onnx: expected 100 bytes, found 105');
  expect(from.sent).toBe(105);
  expect(await store.begun(url)).toEqual({ bytes: 0, tag: null });
});

it('lets go of the body of a refusal', async () => {
  let isCancelled = false;
  const body = new ReadableStream({
    cancel() {
      isCancelled = true;
    },
  });
  const ask = (): Promise<Response> => Promise.resolve(new Response(body, { status: 503, statusText: 'Busy' }));
  const got = download({ url, path: 'model.onnx', bytes: 5 }, store, ask, () => undefined, new AbortController().signal);
  await expect(got).rejects.toThrow('the server answered 503 Busy');
  expect(isCancelled).toBe(true);
});

it('removes parts behind a gap, too', async () => {
  await store.begin(url, '"a"');
  for (const salt of [1, 2, 3]) await store.append(url, [of(10, salt)]);
  const key = await hashOf(new TextEncoder().encode(url));
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('espalier-models');
  await root.removeEntry(`${key}.1`);
  await store.forget(url);
  const left: string[] = [];
  for await (const name of root.keys()) if (name.startsWith(key)) left.push(name);
  expect(left).toEqual([]);
});

it('refuses what is not of the stated hash, and keeps nothing of it', async () => {
  const from = server({ bytes: of(100, 1), tag: '"a"' });
  const stated = await hashOf(of(100, 2));
  await expect(fetchIt(from, { sha256: stated })).rejects.toThrow(
    `model.onnx: expected a file of SHA-256 ${stated}, as the list says, found ${await hashOf(of(100, 1))}; nothing of it is kept`,
  );
  expect(await store.begun(url)).toEqual({ bytes: 0, tag: null });
});

it('asks a server that cannot be reached once', async () => {
  let asked = 0;
  const ask = (): Promise<Response> => {
    asked++;
    return Promise.reject(new TypeError('Failed to fetch'));
  };
  const got = download({ url, path: 'model.onnx', bytes: 5 }, store, ask, () => undefined, new AbortController().signal);
  await expect(got).rejects.toThrow('Failed to fetch');
  expect(asked).toBe(1);
});

it('goes on in memory where the disk is full', async () => {
  const from = server({ bytes: of(100, 1), tag: '"a"' });
  from.cuts.push(40, 30);
  let room = 50;
  const full: ModelStore = {
    ...store,
    append(to, pieces) {
      room -= pieces.reduce((sum, { length }) => sum + length, 0);
      return room < 0 ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : store.append(to, pieces);
    },
  };
  const ask = (headers: Readonly<Record<string, string>>): Promise<Response> => Promise.resolve(answer(from, headers));
  const got = await download({ url, path: 'model.onnx', bytes: 100 }, full, ask, () => undefined, new AbortController().signal);
  expect(got).toEqual(of(100, 1));
  expect(from.sent).toBe(100);
  expect(await store.has(url)).toBe(false);
  expect((await store.list()).some((file) => file.url === url)).toBe(false);
});

it('hands on one whole version, however it is cut and changed between sessions', async () => {
  const step = fc.record({ cut: fc.option(fc.nat(40), { nil: undefined }), changes: fc.boolean(), stops: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), fc.integer({ min: 1, max: 60 }), fc.boolean(), async (steps, length, isKept) => {
      await store.forget(url);
      let salt = 0;
      const from = server({ bytes: of(length, salt), tag: '"0"' });
      for (const { cut, changes, stops } of steps) {
        if (changes) from.version = { bytes: of(length, ++salt), tag: `"${salt}"` };
        from.cuts.splice(0, Infinity, cut);
        const ending = new AbortController();
        const onBytes = (read: number): void => void (stops && read > length / 2 && ending.abort());
        const got = await fetchIt(from, { signal: ending.signal, onBytes, ...(!isKept && { in: null }) }).catch(() => null);
        // A copy that is here is not asked for again, so it may be of an earlier version; but it is whole.
        if (got) expect(Array.from({ length: salt + 1 }, (_, each) => of(length, each))).toContainEqual(got);
      }
      from.cuts.length = 0;
      const last = await fetchIt(from, isKept ? {} : { in: null });
      expect(Array.from({ length: salt + 1 }, (_, each) => of(length, each))).toContainEqual(last);
      expect(from.asked.length).toBeLessThanOrEqual(3 * steps.length + 2);
    }),
    { numRuns: 25 },
  );
});

describe('the list of what is kept', () => {
  const name = crypto.randomUUID();
  const folder = `https://models.example/${name}/`;
  const mine = async (address: string | null) => (await storedModels()).find((each) => each.address === address);

  it('has models by their folder, with all of their files, and removes each alone', async () => {
    const other = `https://models.example/other-${name}/`;
    await store.write(`${folder}#files`, new TextEncoder().encode(JSON.stringify([{ path: 'onnx/model.onnx', bytes: 40 }])));
    await store.write(`${folder}config.json`, of(10, 1));
    await store.write(`${other}model.onnx`, of(5, 1));
    expect(await mine(folder)).toMatchObject({ name, bytes: 10, isPartial: false });
    await store.begin(`${folder}onnx/model.onnx`, '"a"');
    await store.append(`${folder}onnx/model.onnx`, [of(30, 1)]);
    expect(await mine(folder)).toMatchObject({ name, bytes: 40, isPartial: true });
    await forgetStored(folder);
    expect(await mine(folder)).toBeUndefined();
    expect((await store.begun(`${folder}onnx/model.onnx`)).bytes).toBe(0);
    expect(await mine(other)).toMatchObject({ bytes: 5 });
    await forgetStored(other);
  });

  it('leaves models alone whose address only begins alike', async () => {
    const longer = `https://models.example/${name}-instruct/`;
    await store.write(`${folder}model.onnx`, of(5, 1));
    await store.write(`${longer}model.onnx`, of(6, 1));
    await forgetStored(folder.slice(0, -1));
    expect(await mine(folder)).toBeUndefined();
    expect(await mine(longer)).toMatchObject({ bytes: 6 });
    await forgetStored(longer);
  });

  it('has copies of versions that did not note their address, which are still read', async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('espalier-models');
    const key = await hashOf(new TextEncoder().encode(url));
    for (const [file, content] of [
      [key, of(20, 1)],
      [`${key}.sha256`, await hashOf(of(20, 1))],
    ] as const) {
      const stream = await (await root.getFileHandle(file, { create: true })).createWritable();
      await stream.write(content);
      await stream.close();
    }
    expect(await mine(null)).toMatchObject({ name: 'copies of an earlier version', bytes: 20, isPartial: false });
    expect(await store.read(url)).toEqual(of(20, 1));
    // Now it is known what it is.
    expect(await mine(new URL('.', url).href)).toMatchObject({ bytes: 20 });
    expect(await mine(null)).toBeUndefined();
  });
});
