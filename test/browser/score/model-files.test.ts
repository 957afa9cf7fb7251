/** Models from addresses: what is asked of the server, what is kept in the private file system, and what is refused. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadBundle } from '../../../src/engine/score/model-folder.ts';
import { modelAddress } from '../../../src/platform/browser/model-address.ts';
import { forgetModel, openModel } from '../../../src/platform/browser/model-files.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A server with these files, that counts what it is asked for. */
function serve(address: string, files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): string[] {
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = init?.method ?? 'GET';
    const file = files[url.slice(address.length)];
    if (method === 'GET') asked.push(url.slice(address.length));
    if (!url.startsWith(address) || !file) return Promise.resolve(new Response('no such file', { status: 404, statusText: 'Not Found' }));
    return Promise.resolve(
      new Response(method === 'HEAD' ? null : new Blob([file]), { headers: { 'content-length': String(file.length) } }),
    );
  });
  return asked;
}

afterEach(() => vi.restoreAllMocks());

describe('modelAddress', () => {
  const repository = {
    listing: 'https://huggingface.co/api/models/onnx-community/Some-Model/tree/main?recursive=true',
    folder: 'https://huggingface.co/onnx-community/Some-Model/resolve/main/',
    name: 'Some-Model',
  };
  const v2 = {
    listing: 'https://huggingface.co/api/models/onnx-community/Some-Model/tree/v2?recursive=true',
    folder: 'https://huggingface.co/onnx-community/Some-Model/resolve/v2/',
    name: 'Some-Model',
  };
  it.each([
    ['https://huggingface.co/onnx-community/Some-Model', repository],
    ['https://huggingface.co/onnx-community/Some-Model/', repository],
    ['https://huggingface.co/onnx-community/Some-Model?library=onnx#usage', repository],
    ['https://huggingface.co/onnx-community/Some-Model/resolve/main/', repository],
    ['https://huggingface.co/onnx-community/Some-Model/tree/main/onnx', repository],
    ['https://huggingface.co/onnx-community/Some-Model/blob/main/onnx/model_q4.onnx', repository],
    ['https://huggingface.co/onnx-community/Some-Model/tree/v2/', v2],
    ['https://huggingface.co/onnx-community/Some-Model/resolve/v2/onnx/model.onnx?download=true', v2],
    ['http://127.0.0.1:8000/models/mine', { listing: null, folder: 'http://127.0.0.1:8000/models/mine/', name: 'mine' }],
    [
      'http://127.0.0.1:8000/models/mine/model.onnx?download=true',
      { listing: null, folder: 'http://127.0.0.1:8000/models/mine/', name: 'mine' },
    ],
    [
      'https://mirror.example/onnx-community/Some-Model/resolve/main',
      { listing: null, folder: 'https://mirror.example/onnx-community/Some-Model/resolve/main/', name: 'Some-Model' },
    ],
    ['http://127.0.0.1:8000', { listing: null, folder: 'http://127.0.0.1:8000/', name: '127.0.0.1:8000' }],
  ])('%s', (address, meant) => {
    expect(modelAddress(address)).toMatchObject(meant);
  });

  it('allows its own host, and with the hub those that the hub sends on to; a name and password go nowhere', () => {
    expect(modelAddress('http://me:secret@127.0.0.1:8000/a')).toEqual({
      folder: 'http://127.0.0.1:8000/a/',
      listing: null,
      name: 'a',
      hosts: ['http://127.0.0.1:8000'],
    });
    const { hosts } = modelAddress('https://huggingface.co/a/b');
    expect(hosts).toEqual(['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co']);
  });

  it('takes another hub by its origin', () => {
    expect(modelAddress('http://127.0.0.1:8000/a/b', 'http://127.0.0.1:8000').listing).toBe(
      'http://127.0.0.1:8000/api/models/a/b/tree/main?recursive=true',
    );
  });
});

describe('a repository of the hub', () => {
  const page = `https://huggingface.co/onnx-community/${crypto.randomUUID()}`;
  const { signal } = new AbortController();
  const answer = (value: unknown, status = 200): void => {
    vi.spyOn(globalThis, 'fetch').mockImplementation((input) =>
      Promise.resolve(
        (input instanceof Request ? input.url : String(input)).includes('/api/models/')
          ? new Response(JSON.stringify(value), { status })
          : new Response('no', { status: 500 }),
      ),
    );
  };

  it('is listed by the hub, with the sizes of what its pointers stand for', async () => {
    answer([
      { type: 'directory', path: 'onnx', size: 0 },
      { type: 'file', path: 'config.json', size: 20 },
      { type: 'file', path: 'tokenizer.json', size: 30 },
      { type: 'file', path: 'onnx/model_q4.onnx', size: 134, lfs: { size: 5000, oid: 'x' } },
      { type: 'file', path: 'onnx/model_fp16.onnx_data', size: 7000 },
    ]);
    const folder = await openModel({ kind: 'url', url: page }, 'http://localhost/', signal);
    expect(folder.name).toBe(page.slice(page.lastIndexOf('/') + 1));
    expect(folder.files.map(({ path, bytes: size }) => `${path} ${size}`)).toEqual([
      'config.json 20',
      'tokenizer.json 30',
      'onnx/model_q4.onnx 5000',
      'onnx/model_fp16.onnx_data 7000',
    ]);
  });

  it('that is not there or not open is told as such', async () => {
    answer({ error: 'Repository not found' }, 401);
    await expect(openModel({ kind: 'url', url: `${page}-private` }, 'http://localhost/', signal)).rejects.toThrow(
      /cannot be read: the hub has no such repository, or asks for a login \(status 401\)$/,
    );
    answer({ error: 'nothing' });
    await expect(openModel({ kind: 'url', url: `${page}-odd` }, 'http://localhost/', signal)).rejects.toThrow(
      /cannot be read: expected the hub's list of files, found status 200$/,
    );
  });
});

describe('a model at an address', () => {
  const address = `https://models.example/${crypto.randomUUID()}/`;
  const { signal } = new AbortController();
  const files = {
    'config.json': bytes('{}'),
    'tokenizer.json': bytes('{"model": {}}'),
    'onnx/model_q4.onnx': bytes('graph'),
    'onnx/model_q4.onnx_data': bytes('weights'),
  };

  it('is listed with its sizes before anything is read', async () => {
    const asked = serve(address, files);
    const folder = await openModel({ kind: 'url', url: address }, 'http://localhost/', signal);
    expect(folder.files.map(({ path, bytes: size }) => `${path} ${size}`).toSorted()).toEqual([
      'config.json 2',
      'onnx/model_q4.onnx 5',
      'onnx/model_q4.onnx_data 7',
      'tokenizer.json 13',
    ]);
    expect(asked).toEqual([]);
  });

  it('is downloaded once, and read from the private file system afterwards', async () => {
    const asked = serve(address, files);
    const folder = await openModel({ kind: 'url', url: address }, 'http://localhost/', signal);
    const seen: number[] = [];
    expect(await folder.read('onnx/model_q4.onnx_data', (read) => seen.push(read), signal)).toEqual(files['onnx/model_q4.onnx_data']);
    expect(seen.at(-1)).toBe(7);
    expect(await folder.read('onnx/model_q4.onnx_data', () => undefined, signal)).toEqual(files['onnx/model_q4.onnx_data']);
    expect(asked).toEqual(['onnx/model_q4.onnx_data']);
  });

  it('asks its server for nothing once its graph is here, and anew when it is forgotten', async () => {
    const asked = serve(address, files);
    const folder = await openModel({ kind: 'url', url: address }, 'http://localhost/', signal);
    await folder.read('onnx/model_q4.onnx', () => undefined, signal);
    vi.restoreAllMocks();
    const none = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    const again = await openModel({ kind: 'url', url: address }, 'http://localhost/', signal);
    expect(
      again.files
        .filter(({ kept }) => kept)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['onnx/model_q4.onnx', 'onnx/model_q4.onnx_data']);
    expect(again.files.map(({ path, bytes: size }) => `${path} ${size}`).toSorted()).toEqual([
      'config.json 2',
      'onnx/model_q4.onnx 5',
      'onnx/model_q4.onnx_data 7',
      'tokenizer.json 13',
    ]);
    expect(await again.read('onnx/model_q4.onnx', () => undefined, signal)).toEqual(files['onnx/model_q4.onnx']);
    expect(none).not.toHaveBeenCalled();
    await forgetModel(address);
    await expect(openModel({ kind: 'url', url: address }, 'http://localhost/', signal)).rejects.toThrow('cannot be read');
    expect(asked).toEqual(['onnx/model_q4.onnx']);
  });

  it('says when the server does not answer as expected', async () => {
    serve(address, { ...files, 'tokenizer.json': bytes('') });
    const folder = await openModel({ kind: 'url', url: `${address}none/` }, 'http://localhost/', signal);
    const loaded = await loadBundle(folder, null, () => undefined, signal);
    expect(loaded.ok ? 'loaded' : loaded.reason).toBe("none: expected config.json in the model's folder, found no file");
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(openModel({ kind: 'url', url: `${address}other/` }, 'http://localhost/', signal)).rejects.toThrow(
      `${address}other/ cannot be read: either no server answers there, or it does not let pages of ` +
        `other origins read it (CORS). Download the folder and choose it as files instead (Failed to fetch)`,
    );
  });

  it('stops when cancelled', async () => {
    serve(address, files);
    const controller = new AbortController();
    const folder = await openModel({ kind: 'url', url: address }, 'http://localhost/', controller.signal);
    controller.abort();
    await expect(loadBundle(folder, null, () => undefined, controller.signal)).rejects.toThrow(/abort/i);
  });
});
