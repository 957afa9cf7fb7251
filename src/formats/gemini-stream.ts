/**
 * What `gemini --output-format stream-json` writes: a head, messages in pieces, calls and results, a line each.
 * https://geminicli.com/docs/cli/headless
 */
import type { LogLine } from './format.ts';
import { type JsonObject, get, getObject, getString, isObject, toJson } from './json.ts';
import { joinDeltas } from './join-deltas.ts';
import { follows, sessionFormat } from './session-format.ts';

export const geminiStream = sessionFormat({
  id: 'gemini-stream',
  label: 'Gemini CLI stream-json',
  beats: ['chat', 'droid-cli'],
  expected: 'an event of Gemini CLI: init, message, tool_use, tool_result, error or result',
  detects(line) {
    if (get(line, 'message') !== undefined || get(line, 'uuid') !== undefined) return false;
    switch (getString(line, 'type')) {
      case 'init':
        return getString(line, 'session_id') !== undefined && getString(line, 'model') !== undefined;
      case 'message':
        return (
          typeof get(line, 'content') === 'string' && getString(line, 'role') !== undefined && getString(line, 'timestamp') !== undefined
        );
      case 'tool_use':
        return getString(line, 'tool_name') !== undefined && getString(line, 'tool_id') !== undefined;
      case 'tool_result':
        return getString(line, 'tool_id') !== undefined && getString(line, 'status') !== undefined;
      case 'result':
        return getObject(line, 'stats') !== undefined;
      default:
        return false;
    }
  },
  sessionOf: (value) => getString(value, 'session_id'),
  settle: whole,
  line(value, reading) {
    const timestamp = get(value, 'timestamp');
    const { memory } = reading;
    const turn = Number(memory.get('turn') ?? 0);
    const says = (message: JsonObject) => follows(reading.event({ timestamp, ...message }, true), { reply: `${turn}` });
    switch (getString(value, 'type')) {
      case 'init':
        reading.learn('session', get(value, 'session_id'));
        reading.learn('model', get(value, 'model'));
        return 'init';
      case 'message':
        if (getString(value, 'role') === 'assistant') return says({ role: 'assistant', content: get(value, 'content') });
        memory.set('turn', turn + 1);
        return follows(reading.event({ timestamp, role: get(value, 'role'), content: get(value, 'content') }, false));
      case 'tool_use': {
        const call = { id: get(value, 'tool_id'), name: get(value, 'tool_name'), arguments: get(value, 'parameters') ?? {} };
        return says({ role: 'assistant', content: '', tool_calls: [call] });
      }
      case 'tool_result': {
        memory.set('turn', turn + 1);
        const failed = getString(value, 'status') === 'error' ? { is_error: true } : {};
        return follows(reading.event({ timestamp, role: 'tool', tool_call_id: get(value, 'tool_id'), content: given(value), ...failed }));
      }
      case 'error':
        reading.status ??= getString(value, 'message');
        return 'error';
      case 'result':
        reading.status = getString(value, 'status') ?? reading.status;
        reading.spend(get(value, 'stats'));
        return 'result';
      default:
        return null;
    }
  },
});

function given(value: JsonObject): string {
  const told = get(value, 'output') ?? '';
  const output = told === '' ? (getString(getObject(value, 'error'), 'message') ?? '') : told;
  return typeof output === 'string' ? output : (toJson(output) ?? '');
}

/** Pieces of one message that follow each other, as one line. */
function whole(lines: readonly LogLine[]): readonly LogLine[] {
  return joinDeltas(lines, {
    keys: lines.map(({ value }) => (get(value, 'delta') === true && getString(value, 'content') !== undefined ? 'message' : undefined)),
    textOf: (value) => getString(value, 'content') ?? '',
    withText: (value, content) => (isObject(value) ? { ...value, content } : value),
  });
}
