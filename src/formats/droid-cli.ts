/** What `droid exec --output-format stream-json` (Factory) writes: an event a line, all of one session. */
import { get, getString, toJson } from './json.ts';
import { follows, sessionFormat } from './session-format.ts';

const TYPES = new Set(['system', 'message', 'tool_call', 'tool_result', 'completion']);

export const droidCli = sessionFormat({
  id: 'droid-cli',
  label: 'Droid stream-json',
  beats: ['claude-code', 'chat'],
  expected: 'an event of a Droid session: system, message, tool_call, tool_result or completion',
  detects(line) {
    const type = getString(line, 'type') ?? '';
    if (getString(line, 'session_id') === undefined || get(line, 'message') !== undefined) return false;
    if (type === 'message') return getString(line, 'text') !== undefined && getString(line, 'role') !== undefined;
    if (type === 'tool_call' || type === 'tool_result')
      return getString(line, 'toolCallId') !== undefined || getString(line, 'id') !== undefined;
    return type === 'completion'
      ? getString(line, 'finalText') !== undefined
      : type === 'system' && getString(line, 'subtype') === undefined;
  },
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    if (!TYPES.has(type)) return null;
    for (const [field, key] of [
      ['session', 'session_id'],
      ['model', 'model'],
      ['cwd', 'cwd'],
    ] as const)
      reading.learn(field, get(value, key));
    const timestamp = get(value, 'timestamp');
    const id = get(value, 'toolCallId');
    const { memory } = reading;
    if (type === 'message') {
      const text = getString(value, 'text') ?? '';
      memory.set('said', text);
      return follows(reading.event({ role: get(value, 'role'), content: text, timestamp }), replyOf(value, memory));
    }
    if (type === 'tool_call') {
      const call = { id, name: get(value, 'toolName'), arguments: get(value, 'parameters') ?? {} };
      return follows(reading.event({ role: 'assistant', content: '', tool_calls: [call], timestamp }, true), replyOf(value, memory));
    }
    if (type === 'tool_result') {
      const result = get(value, 'value') ?? get(value, 'error');
      const failed = get(value, 'isError') === true ? { is_error: true } : {};
      const content = typeof result === 'string' ? result : (toJson(result) ?? '');
      memory.set('turn', Number(memory.get('turn') ?? 0) + 1);
      return follows(reading.event({ role: 'tool', tool_call_id: id, content, timestamp, ...failed }, false));
    }
    if (type !== 'completion') return type;
    reading.status = 'completed';
    // The last message once more, where it was one.
    const text = getString(value, 'finalText') ?? '';
    return memory.get('said') === text ? type : follows(reading.event({ role: 'assistant', content: text, timestamp }, true));
  },
});

/** What the model says and the calls behind it are one reply until something answers it. */
function replyOf(value: unknown, memory: Map<string, unknown>): { readonly reply?: string } {
  const turn = Number(memory.get('turn') ?? 0);
  if (getString(value, 'role') !== 'user') return { reply: `${turn}` };
  memory.set('turn', turn + 1);
  return {};
}
