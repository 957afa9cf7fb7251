/** Python pickles, and files of `torch.save` (a stored ZIP with a pickle and its tensors): each is one record. Nothing is executed. */
import { MAX_TEXT_BYTES } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { localHeader, zipEntries } from '../containers/zip-directory.ts';
import { DamagedPickle } from '../pickle/damaged-pickle.ts';
import type { PersistentId } from '../pickle/unpickle.ts';
import type { FoundRecord, RecordContent, RecordReader } from './reader.ts';

/** `torch.serialization.MAGIC_NUMBER`, which the form before torch 1.6 begins with. */
const OLD_FORM = 0x1950a86a20f9469cfc6cn;

/** What reads pickles, loaded with the first of them. */
async function pickles(): Promise<Pick<typeof import('../pickle/unpickle.ts'), 'unpickle'> & typeof import('../pickle/plain-values.ts')> {
  return { ...(await import('../pickle/unpickle.ts')), ...(await import('../pickle/plain-values.ts')) };
}

/** What both kinds of file have in common, given how the value of one is read. */
function wholeFile(id: string, recognises: RecordReader['recognises'], load: (source: ByteSource) => Promise<unknown>): RecordReader {
  const contentOf = async (source: ByteSource): Promise<RecordContent> => {
    try {
      if (source.byteLength > MAX_TEXT_BYTES) throw new DamagedPickle(`${source.byteLength.toLocaleString('en')} bytes`);
      return { value: await load(source) };
    } catch (error) {
      // A RangeError: of a text or list that no engine holds.
      if (!(error instanceof DamagedPickle || error instanceof RangeError)) throw error;
      const expected = `a pickle of data, of at most ${MAX_TEXT_BYTES.toLocaleString('en')} bytes`;
      return { fault: { code: 'damaged-pickle', expected, found: error.message } };
    }
  };
  return {
    id,
    isBinary: true,
    recognises,
    async plan(source, look) {
      const content = await contentOf(source);
      if ('fault' in content) return { ok: false, fault: { line: 0, address: bytesAt(0), ...content.fault } };
      const record = 'value' in content ? content.value : undefined;
      const recognised = look.recognise([{ record, context: { name: look.name, path: look.path, index: 0, line: 0 } }]);
      const spans = [{ start: 0, end: source.byteLength, firstIndex: 0 }];
      return { ok: true, plan: { spans, recognised, first: record, fault: null } };
    },
    async *read(source) {
      const size = source.byteLength;
      const record: FoundRecord = { address: bytesAt(0, size), line: 0, index: 0, torn: false, content: await contentOf(source) };
      yield { records: [record], size, lines: 0 };
    },
    readAgain: contentOf,
  };
}

export const pickle = wholeFile(
  'pickle',
  (head) => head[0] === 0x80 && (head[1] === 2 || head[1] === 3 || ((head[1] === 4 || head[1] === 5) && head[2] === 0x95)),
  async (source) => {
    const { plainValue, unpickle } = await pickles();
    const { value } = unpickle(await source.read(0, source.byteLength));
    if (value === OLD_FORM)
      throw new DamagedPickle('a file of torch.save in its old form: load it, and save it again with torch 1.6 or later');
    return plainValue(value, source.byteLength);
  },
);

const DATA = /(?:^|\/)data\.pkl$/;

export const torch = wholeFile(
  'torch',
  (head) => {
    if (head[0] !== 0x50 || head[1] !== 0x4b || head[2] !== 3 || head[3] !== 4) return false;
    const name = head.subarray(30, 30 + (head[26] ?? 0) + 256 * (head[27] ?? 0));
    return DATA.test(new TextDecoder().decode(name));
  },
  async (source) => {
    const members = new Map<string, { readonly at: number; readonly length: number; readonly isStored: boolean }>();
    let folder = '';
    for await (const { name, at, length, packed, method } of zipEntries(source)) {
      if (DATA.test(name)) folder = name.slice(0, -'data.pkl'.length);
      members.set(name, { at, length, isStored: method === 0 && packed === length });
    }
    const member = async (name: string): Promise<Uint8Array | null> => {
      const entry = members.get(folder + name);
      if (entry === undefined) return null;
      const header = entry.isStored ? await localHeader(source, entry.at) : null;
      const bytes = header === null ? null : await source.read(header.dataStart, header.dataStart + entry.length);
      if (bytes?.length !== entry.length) throw new DamagedPickle(`${name} in it cannot be read`);
      return bytes;
    };
    const order = await member('byteorder');
    if (order !== null && new TextDecoder().decode(order) !== 'little') throw new DamagedPickle('numbers with the highest byte first');
    const data = await member('data.pkl');
    if (data === null) throw new DamagedPickle('no data.pkl in it');
    const { plainValue, unpickle } = await pickles();
    const { value, outside } = unpickle(data);
    const storages = new Map<string, Uint8Array | null>();
    for (const persistent of outside) {
      const key = keyOf(persistent);
      if (!storages.has(key)) storages.set(key, await member(`data/${key}`));
    }
    return plainValue(value, source.byteLength, (key) => storages.get(key) ?? null);
  },
);

function keyOf({ id }: PersistentId): string {
  const [, , key]: readonly unknown[] = Array.isArray(id) ? id : [];
  return typeof key === 'string' || typeof key === 'number' ? String(key) : '';
}
