/** A YAML document as one record, such as the recorded requests of a test. Its parser is loaded when one comes. */
import { MAX_TOGETHER_BYTES } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { tooDeep } from '../../formats/format.ts';
import { decodeText, parseJson, toJson, type ParsedJson } from '../../formats/json.ts';
import type { InputFault, RecordReader } from './reader.ts';

/** A document that begins with a key on a line of its own, behind comments and the mark of a document. */
const OPENS = /^(?:[ \t]*#[^\n]*\n|---[^\n]*\n|[ \t\r]*\n)*[A-Za-z_][\w-]*:[ \t]*(?:\r?\n|[\w'"-])/;
/** The key of a cassette. Any text with a word and a colon is YAML: only what may be a log is parsed, which is whole. */
const CASSETTE = /^(?:http_)?interactions:/m;

export const yaml: RecordReader = {
  id: 'yaml',
  recognises(head) {
    const { text } = decodeText(head);
    return CASSETTE.test(text) && OPENS.test(text);
  },
  async plan(source, look) {
    const { name, path } = look;
    if (source.byteLength > MAX_TOGETHER_BYTES) return null;
    const parsed = await readValue(source, source.byteLength);
    if (!parsed.ok) return parsed.levels === undefined ? null : { ok: false, fault: deepFault(parsed.levels) };
    const recognised = look.recognise([{ record: parsed.value, context: { name, path, index: 0, line: 1 } }]);
    // Much other text is YAML too: whoever else reads text says what is wrong with it.
    if (recognised.format === null) return null;
    const spans = [{ start: 0, end: source.byteLength, firstIndex: 0 }];
    return { ok: true, plan: { spans, recognised, first: parsed.value, fault: null } };
  },
  async *read(source, { start, end }) {
    const size = end - start;
    const content = await contentOf(source, end);
    yield { records: [{ address: bytesAt(start, size), line: 1, index: 0, torn: false, content }], size, lines: 1 };
  },
  readAgain: (source, { start, size }) => contentOf(source, start + size),
};

async function contentOf(source: ByteSource, end: number): Promise<{ readonly value: unknown }> {
  const parsed = await readValue(source, end);
  return { value: parsed.ok ? parsed.value : null };
}

/** As plain JSON, with the bounds that hold for it. */
async function readValue(source: ByteSource, end: number): Promise<ParsedJson> {
  const { text } = decodeText(await source.read(0, end));
  const { parse } = await import('yaml');
  try {
    // Aliases are followed a few times only, so that a small text does not stand for a large one.
    const value: unknown = parse(text, { schema: 'core', maxAliasCount: 100, uniqueKeys: false, logLevel: 'silent' });
    return parseJson(toJson(value) ?? '');
  } catch (error) {
    return { ok: false, at: 0, message: error instanceof Error ? error.message : String(error) };
  }
}

function deepFault(levels: number): InputFault {
  return { line: 1, address: bytesAt(0), ...tooDeep(levels) };
}
