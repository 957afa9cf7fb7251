/**
 * Events that `opencode run --format json` writes, a line each: `{type, timestamp, sessionID, part}`. What the person asked is not among
 * them. Each session of a file is a rollout. https://opencode.ai/docs/cli
 */
import type { DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { type JsonObject, get, getNumber, getObject, getString } from './json.ts';
import { partMessages } from './opencode-parts.ts';
import { decodeSession, follows, type LineRead, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';
import { oneLine } from './together.ts';

const TYPES = new Set(['step_start', 'step_finish', 'text', 'reasoning', 'tool_use', 'error']);

const KIND = { expected: 'an event of opencode: step_start, text, reasoning, tool_use, step_finish or error', line: eventLine };

export const opencodeRun: Format = {
  id: 'opencode-run',
  label: 'opencode run events',
  detects: (record) =>
    TYPES.has(getString(record, 'type') ?? '') &&
    getString(record, 'sessionID') !== undefined &&
    (getString(getObject(record, 'part'), 'type') !== undefined || getObject(record, 'error') !== undefined),
  decode: oneLine(together),
  together,
};

/** Lines that name no session are of the one before them. */
function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const sessions = new Map<string, LogLine[]>();
  let session = lines.map(({ value }) => getString(value, 'sessionID')).find((id) => id !== undefined) ?? '';
  for (const line of lines) {
    session = getString(line.value, 'sessionID') ?? session;
    const own = sessions.get(session);
    if (own === undefined) sessions.set(session, [line]);
    else own.push(line);
  }
  const read = [...sessions.values()].map((own) => decodeSession(KIND, own, context));
  return { rollouts: read.flatMap(({ rollouts }) => rollouts), faults: read.flatMap(({ faults }) => faults) };
}

function eventLine(value: JsonObject, reading: SessionReading): LineRead {
  const type = getString(value, 'type') ?? '';
  const session = getString(value, 'sessionID');
  if (session === undefined || !TYPES.has(type)) return null;
  reading.learn('session', session);
  if (type === 'error') {
    const error = getObject(value, 'error');
    reading.status = getString(error, 'name') ?? 'error';
    reading.learn('error', get(getObject(error, 'data'), 'message'), get(error, 'message'));
    return type;
  }
  const part = getObject(value, 'part');
  if (part === undefined) return null;
  const message = getString(part, 'messageID') ?? '';
  const { memory } = reading;
  // One message may be several calls of the model, each from a step_start on.
  const step = Number(memory.get(message) ?? 0) + Number(type === 'step_start');
  memory.set(message, step);
  if (type === 'step_start') return type;
  if (type === 'step_finish') {
    reading.status = getString(part, 'reason') ?? reading.status;
    reading.spend(getObject(part, 'tokens'));
    reading.spend({ cost: getNumber(part, 'cost') });
    return type;
  }
  let other = '';
  const said = partMessages('assistant', [part], { aside: (kind) => void (other = kind) });
  const timestamp = get(value, 'timestamp');
  const nodes = said.flatMap(({ reply, ...each }): readonly SessionNode[] =>
    reply === undefined
      ? follows(reading.event({ timestamp, ...each }))
      : follows(reading.event({ timestamp, ...each }, true), { reply: `${message} ${step}` }),
  );
  return other === '' ? nodes : other;
}
