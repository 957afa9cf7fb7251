/** Telemetry of OpenClaw: an event a line, of which each end of an agent's run holds all messages of its session up to there. */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { refuse } from './envelope.ts';
import type { Complaint, Decoded, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { type JsonObject, get, getList, getNumber, getObject, getString, isObject } from './json.ts';
import { piMessage } from './pi-message.ts';
import { addUsage, makeTally, sessionEntry, sessionEvent } from './session.ts';
import { oneLine } from './together.ts';

const FAMILIES = new Set(['message', 'agent', 'tool', 'session', 'llm', 'diagnostic', 'webhook', 'queue', 'run', 'model', 'gateway']);

export const openclawTelemetry: Format = {
  id: 'openclaw-telemetry',
  label: 'OpenClaw telemetry',
  beats: ['chat', 'copilot-cli'],
  detects: (record) => isEvent(record),
  decode: oneLine(decodeEvents),
  together: decodeEvents,
};

function isEvent(record: unknown): boolean {
  const [family = '', name] = (getString(record, 'type') ?? '').split('.');
  return name !== undefined && FAMILIES.has(family) && getNumber(record, 'seq') !== undefined && getNumber(record, 'ts') !== undefined;
}

/** A rollout for each run. A later run of a session begins with the messages of those before it, which its tree shares. */
function decodeEvents(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const tally = makeTally(lines.length);
  const rollouts: Decoded[] = [];
  for (const line of lines) {
    const { value } = line;
    if (!isObject(value) || !isEvent(value)) tally.lost(line, 'an event of OpenClaw telemetry, with type, seq and ts');
    else if (getString(value, 'type') !== 'agent.end' || getList(value, 'messages') === undefined)
      tally.aside(getString(value, 'type') ?? '');
    else rollouts.push(decodeRun(value, context));
  }
  if (rollouts.length + tally.faults.length > 0) return { rollouts, faults: tally.faults };
  return { rollouts: [refuse('no-messages', 'an agent.end event with messages', `${lines.length} events without any`)], faults: [] };
}

function decodeRun(value: JsonObject, context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const events: RolloutEvent[] = [];
  const usage: Record<string, number> = {};
  const messages = getList(value, 'messages') ?? [];
  const tally = makeTally(messages.length);
  let last: unknown;
  for (const message of messages) {
    const read = isObject(message) ? piMessage(message) : undefined;
    if (!isObject(message) || read === undefined) {
      tally.aside(getString(message, 'role') ?? 'unknown');
      continue;
    }
    const sampled = read['role'] === 'assistant';
    if (sampled) {
      last = message;
      addUsage(usage, { ...getObject(message, 'usage'), cost: getNumber(getObject(getObject(message, 'usage'), 'cost'), 'total') });
    }
    const event = sessionEvent({ timestamp: get(message, 'timestamp'), ...read }, notes, sampled);
    if (event !== null) events.push(event);
  }
  const key = getString(value, 'sessionKey');
  const fields = {
    session: key,
    agent: getString(value, 'agentId'),
    model: getString(last, 'model'),
    provider: getString(last, 'provider'),
    durationMs: getNumber(value, 'durationMs'),
    success: get(value, 'success'),
    usage,
  };
  const id = `${key ?? context.path}#${getNumber(value, 'seq') ?? 0}`;
  return sessionEntry({ id, fields, status: getString(last, 'stopReason') }, [{ events }], tally, notes);
}
