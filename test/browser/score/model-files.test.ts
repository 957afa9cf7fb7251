/** Models from addresses: what is asked of the server, what is kept in the private file system, and what is refused. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadBundle } from '../../../src/engine/score/model-folder.ts';
import { folderAddress, openModel } from '../../../src/platform/browser/model-files.ts';

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
    return Promise.resolve(new Response(method === 'HEAD' ? null : new Blob([file]), { headers: { 'content-length': String(file.length) } }));
  });
  return asked;
}

afterEach(() => vi.restoreAllMocks());

describe('folderAddress', () => {
  it.each([
    ['https://huggingface.co/onnx-community/Some-Model', 'https://huggingface.co/onnx-community/Some-Model/resolve/main/'],
    ['https://huggingface.co/onnx-community/Some-Model/tree/v2/', 'https://huggingface.co/onnx-community/Some-Model/resolve/v2/'],
    ['https://huggingface.co/onnx-community/Some-Model/resolve/main/', 'https://huggingface.co/onnx-community/Some-Model/resolve/main/'],
    ['http://127.0.0.1:8000/models/mine', 'http://127.0.0.1:8000/models/mine/'],
    ['http://127.0.0.1:8000/models/mine/model.onnx?download=true', 'http://127.0.0.1:8000/models/mine/'],
  ])('%s', (address, folder) => {
    expect(folderAddress(address)).toBe(folder);
  });
});

describe('a model at an address', () => {
  const address = `https://models.example/${crypto.randomUUID()}/`;
  const { signal } = new AbortController();
  const files = { 'config.json': bytes('{}'), 'tokenizer.json': bytes('{"model": {}}'), 'onnx/model_q4.onnx': bytes('graph'), 'onnx/model_q4.onnx_data': bytes('weights') };

  it('is listed with its sizes before anything is read', async () => {
    const asked = serve(address, files);
    const folder = await openModel({ kind: 'url', url: address }, 'http://localhost/', signal);
    expect(folder.files.map(({ path, bytes: size }) => `${path} ${size}`).toSorted()).toEqual(['config.json 2', 'onnx/model_q4.onnx 5', 'onnx/model_q4.onnx_data 7', 'tokenizer.json 13']);
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

  it('says when the server does not answer as expected', async () => {
    serve(address, { ...files, 'tokenizer.json': bytes('') });
    const folder = await openModel({ kind: 'url', url: `${address}none/` }, 'http://localhost/', signal);
    const loaded = await loadBundle(folder, null, () => undefined, signal);
    expect(loaded.ok ? 'loaded' : loaded.reason).toBe('none: expected config.json in the model\'s folder, found no file');
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(openModel({ kind: 'url', url: address }, 'http://localhost/', signal)).rejects.toThrow(`${address} cannot be reached: Failed to fetch`);
  });

  it('stops when cancelled', async () => {
    serve(address, files);
    const controller = new AbortController();
    const folder = await openModel({ kind: 'url', url: address }, 'http://localhost/', controller.signal);
    controller.abort();
    await expect(loadBundle(folder, null, () => undefined, controller.signal)).rejects.toThrow(/abort/i);
  });
});
