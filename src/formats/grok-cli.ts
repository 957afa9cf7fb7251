/** Chat histories of Grok CLI (`~/.grok/sessions/<project>/<session>/chat_history.jsonl`): messages and thoughts, a line each, no times. */
import { itemMessage } from './codex-items.ts';
import { type JsonObject, get, getList, getObject, getString, isObject } from './json.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';

export const grokCli = sessionFormat({
  id: 'grok-cli',
  label: 'Grok CLI sessions',
  beats: ['codex', 'claude-code', 'chat'],
  expected: 'a line of a Grok history: system, user, reasoning, assistant, tool_result or backend_tool_call',
  detects(line) {
    if (
      !isObject(line) ||
      get(line, 'message') !== undefined ||
      get(line, 'payload') !== undefined ||
      get(line, 'session_id') !== undefined
    )
      return false;
    const content = get(line, 'content');
    switch (getString(line, 'type')) {
      case 'system':
        return typeof content === 'string' && Object.keys(line).length <= 2;
      case 'user':
        return Array.isArray(content) && get(line, 'uuid') === undefined && get(line, 'timestamp') === undefined;
      case 'assistant':
        return typeof content === 'string' && (getString(line, 'model_id') !== undefined || getList(line, 'tool_calls') !== undefined);
      case 'tool_result':
        return typeof content === 'string' && getString(line, 'tool_call_id') !== undefined;
      case 'reasoning':
        return getList(line, 'summary') !== undefined;
      case 'backend_tool_call':
        return getObject(line, 'kind') !== undefined;
      default:
        return false;
    }
  },
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    const content = get(value, 'content');
    if (type === 'system' || type === 'user') return follows(reading.event({ role: type, content }));
    if (type === 'tool_result') return follows(reading.event({ role: 'tool', content, tool_call_id: get(value, 'tool_call_id') }));
    return reply(type, value, reading);
  },
});

/** A thought, what is said behind it, and calls that the server answers are one reply until something answers it. */
function reply(type: string, value: JsonObject, reading: SessionReading): LineRead {
  const { memory } = reading;
  const turn = Number(memory.get('turn') ?? 0) + Number(type === 'reasoning');
  memory.set('turn', turn);
  const says = (message: JsonObject): LineRead => follows(reading.event(message, true), { reply: `${turn}` });
  if (type === 'reasoning') return says(itemMessage(value, 'reasoning') ?? {});
  if (type === 'backend_tool_call') {
    const kind = getObject(value, 'kind');
    const call = { id: get(kind, 'id'), name: get(kind, 'tool_type') ?? 'tool', arguments: get(kind, 'action') ?? {} };
    return follows(reading.event({ role: 'assistant', content: '', tool_calls: [call] }, true));
  }
  if (type !== 'assistant') return null;
  memory.set('turn', turn + 1);
  reading.learn('model', get(value, 'model_id'));
  reading.learn('effort', get(value, 'reasoning_effort'));
  return says({ role: 'assistant', content: get(value, 'content'), tool_calls: get(value, 'tool_calls') });
}
