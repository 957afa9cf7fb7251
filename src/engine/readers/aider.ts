/** Chat histories of Aider (Markdown): one record for each chat of the file, its text. */
import { MAX_TOGETHER_BYTES } from '../../base/bounds.ts';
import { bytesAt, type RecordAddress } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { readLines } from '../../core/source/lines.ts';
import { TRANSCRIPT } from '../../formats/aider-turns.ts';
import { DETECTION_RECORDS, type SeenRecord } from '../../formats/detect.ts';
import { decodeText } from '../../formats/json.ts';
import type { FoundRecord, RecordContent, RecordReader } from './reader.ts';

/** Aider begins each chat so. */
const HEAD = '# aider chat started at ';
/** What a person said is a heading of the fourth level, what Aider itself says a quotation. */
const ASKED = /^#### \S/m;
const CONSOLE = /^> (?:\$ ?)?aider\b/im;

export const aider: RecordReader = {
  id: 'aider',
  recognises(head) {
    const { text } = decodeText(head);
    return !/^\s*[[{]/.test(text) && (text.startsWith(HEAD) || text.includes(`\n${HEAD}`) || (ASKED.test(text) && CONSOLE.test(text)));
  },
  async plan(source, look) {
    const { starts, ends, lines } = await chatsOf(source);
    const seen: SeenRecord[] = [];
    for (let i = 0; i < Math.min(starts.length, DETECTION_RECORDS); i++) {
      const content = await contentAt(source, bytesAt(starts[i]!, ends[i]! - starts[i]!));
      const context = { name: look.name, path: look.path, index: starts[i]!, line: lines[i]! };
      if ('value' in content) seen.push({ record: content.value, context });
    }
    const spans = [{ start: 0, end: source.byteLength, firstIndex: 0 }];
    return { ok: true, plan: { spans, recognised: look.recognise(seen), first: seen[0]?.record, fault: null } };
  },
  async *read(source, span) {
    const { starts, ends, lines } = span.records ? { ...span.records, lines: [] } : await chatsOf(source);
    for (let i = 0; i < starts.length; i++) {
      const [start, end] = [starts[i]!, ends[i]!];
      const address = bytesAt(start, end - start);
      const content = await contentAt(source, address);
      const record: FoundRecord = { address, line: lines[i] ?? 0, index: start, torn: false, content };
      // The whole span is done with its last record; lines are counted from its beginning.
      const isLast = i === starts.length - 1;
      yield { records: [record], size: end - start + (i === 0 && !span.records ? start : 0), lines: isLast ? (lines[i] ?? 0) : 0 };
    }
  },
  readAgain: contentAt,
};

async function contentAt(source: ByteSource, { start, size }: RecordAddress): Promise<RecordContent> {
  if (size > MAX_TOGETHER_BYTES) return { value: { aider_chat: null } };
  return { value: { aider_chat: decodeText(await source.read(start, start + size)).text } };
}

/**
 * Where chats begin and end, and their first lines. What is before the first head is of the first chat where a page shows it, and
 * otherwise a record of its own: the rest of a chat whose beginning was cut off.
 */
async function chatsOf(source: ByteSource): Promise<{ starts: number[]; ends: number[]; lines: number[] }> {
  const starts: number[] = [];
  const lines: number[] = [];
  const head = new TextEncoder().encode(HEAD);
  let before: 'nothing' | 'text' | 'page' = 'nothing';
  for await (const batch of readLines(source))
    for (const { bytes, byteOffset, line } of batch.lines)
      if (head.every((byte, i) => bytes[i] === byte)) {
        starts.push(byteOffset);
        lines.push(line);
      } else if (starts.length === 0 && before !== 'page') {
        const { text } = decodeText(bytes);
        if (text.startsWith(TRANSCRIPT)) before = 'page';
        else if (text.trim() !== '') before = 'text';
      }
  if (starts.length === 0 || before === 'text') {
    starts.unshift(0);
    lines.unshift(1);
  } else if (before === 'page') [starts[0], lines[0]] = [0, 1];
  return { starts, ends: [...starts.slice(1), source.byteLength], lines };
}
