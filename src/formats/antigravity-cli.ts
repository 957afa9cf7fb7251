/** Trajectories of Antigravity's command line agent: a step a line, with its source and type; what tools gave are steps, too. */
import { type JsonObject, get, getList, getNumber, getString, isObject } from './json.ts';
import { follows, sessionFormat } from './session-format.ts';

export const antigravityCli = sessionFormat({
  id: 'antigravity-cli',
  label: 'Antigravity CLI sessions',
  beats: ['chat'],
  expected: 'a step of an Antigravity session: step_index, source and type',
  detects: (line) =>
    getNumber(line, 'step_index') !== undefined && getString(line, 'source') !== undefined && getString(line, 'type') !== undefined,
  line(value, reading) {
    const type = getString(value, 'type');
    if (type === undefined || getNumber(value, 'step_index') === undefined) return null;
    const content = get(value, 'content');
    const timestamp = get(value, 'created_at');
    const status = getString(value, 'status');
    if (type === 'PLANNER_RESPONSE') {
      const thought = getString(value, 'thinking');
      const calls = (getList(value, 'tool_calls') ?? [])
        .filter(isObject)
        .map((call) => ({ name: get(call, 'name'), arguments: get(call, 'args') }));
      const message: JsonObject = { role: 'assistant', content: content ?? '', tool_calls: calls, timestamp };
      return follows(reading.event(thought === undefined ? message : { ...message, reasoning_content: thought }, true));
    }
    if (typeof content !== 'string' || content === '') return type;
    if (type === 'CHECKPOINT')
      return [{ id: undefined, parent: undefined, event: reading.event({ role: 'user', content, timestamp }, false), cut: 'compaction' }];
    if (type === 'USER_INPUT') return follows(reading.event({ role: 'user', content, timestamp }, false));
    if (getString(value, 'source') === 'SYSTEM') return follows(reading.event({ role: 'user', content, timestamp }, false));
    const failed = status === 'ERROR' ? { is_error: true } : {};
    return follows(reading.event({ role: 'tool', name: type.toLowerCase(), content, timestamp, ...failed }, false));
  },
});
