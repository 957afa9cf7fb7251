/**
 * Sessions in the simple trace format of the Hugging Face Hub (STS): a line that opens a session and names its harness, then one
 * message a line. https://huggingface.co/docs/hub/session-traces-format
 */
import { accept, defined, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { describe, get, getId, getString, isObject, type JsonObject } from './json.ts';
import { looseMessages } from './loose-messages.ts';
import { readMessages, readTime } from './messages.ts';
import { oneLine } from './together.ts';

function isHeader(value: unknown): boolean {
  return getString(value, 'type') === 'session' && getString(value, 'harness') !== undefined;
}

/** Lines of other harnesses have ids or times of their own. */
function isMessage(value: unknown): value is JsonObject {
  return getString(value, 'type') === 'message' && isObject(get(value, 'message')) && getId(value, 'id', 'uuid', 'timestamp') === undefined;
}

interface Session {
  readonly header: unknown;
  readonly messages: JsonObject[];
}

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const sessions: Session[] = [];
  const faults: { readonly line: LogLine; readonly complaint: Complaint }[] = [];
  for (const line of lines) {
    if (isHeader(line.value)) sessions.push({ header: line.value, messages: [] });
    else if (isMessage(line.value)) {
      if (sessions.length === 0) sessions.push({ header: undefined, messages: [] });
      const message = get(line.value, 'message');
      const timestamp = get(line.value, 'timestamp');
      sessions.at(-1)?.messages.push({ ...(isObject(message) ? message : {}), ...(timestamp === undefined ? {} : { timestamp }) });
    } else faults.push({ line, complaint: { code: 'unknown-line', expected: 'a session or a message', found: describe(line.value) } });
  }
  return { rollouts: sessions.map((session, index) => decodeSession(session, `${context.path}#${index}`)), faults };
}

function decodeSession({ header, messages }: Session, fallback: string): Decoded {
  const notes: Complaint[] = [];
  const read = readMessages(looseMessages(messages, 'user') ?? [], { name: 'messages', notes });
  if (!read.ok) return { ok: false, complaint: read.complaint };
  if (read.events.length === 0) return { ok: false, complaint: { code: 'empty', expected: 'messages of the session', found: 'none' } };
  const startedAt = readTime(get(header, 'timestamp')) ?? read.events[0]?.time;
  const id = getId(header, 'id') ?? fallback;
  const entry = accept(
    singleRollout({ id, reward: null, ...defined({ policy: getString(header, 'model'), startedAt }) }, read.events),
    notes,
  );
  return entry.ok ? { ...entry, fields: header } : entry;
}

export const sessionTraces: Format = {
  id: 'session-traces',
  label: 'Session traces of the Hugging Face Hub',
  beats: ['chat', 'pi'],
  detects: (record) => isHeader(record) || isMessage(record),
  decode: oneLine(together),
  together,
};
