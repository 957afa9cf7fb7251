/**
 * Events that `opencode run --format json` writes, a line each: `{type, timestamp, sessionID, part}`. What the person asked is not among
 * them. Each session of a file is a rollout. https://opencode.ai/docs/cli
 */
import { type JsonObject, get, getNumber, getObject, getString } from './json.ts';
import { partMessages } from './opencode-parts.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

const TYPES = new Set(['step_start', 'step_finish', 'text', 'reasoning', 'tool_use', 'error']);

export const opencodeRun = sessionFormat({
  id: 'opencode-run',
  label: 'opencode run events',
  expected: 'an event of opencode: step_start, text, reasoning, tool_use, step_finish or error',
  detects: (record) =>
    TYPES.has(getString(record, 'type') ?? '') &&
    getString(record, 'sessionID') !== undefined &&
    (getString(getObject(record, 'part'), 'type') !== undefined || getObject(record, 'error') !== undefined),
  sessionOf: (value) => getString(value, 'sessionID'),
  line: eventLine,
});

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
