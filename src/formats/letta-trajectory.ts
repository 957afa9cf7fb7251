/**
 * Trajectories of Letta (v1, https://letta.ai/schemas/trajectory/v1.json), which it makes of sessions of other agents too: one list of
 * records, of which the first says where the session ran. Of a turn, thoughts, what is said and calls stand in records of their own.
 */
import { get, getList, getString, isObject, type JsonObject } from './json.ts';
import { follows, sessionFormat, type LineRead } from './session-format.ts';

const ABOUT = ['source', 'model', 'cwd', 'git_branch'];
/** Results of many logs are called so; of these it is one by its time, and by having nothing else. */
const RESULT = ['role', 'tool_call_id', 'content', 'timestamp', 'ok'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

export const lettaTrajectory = sessionFormat({
  id: 'letta-trajectory',
  label: 'Letta trajectories',
  beats: ['chat', 'message-lines'],
  expected: 'a record of a Letta trajectory: meta, user, reasoning, assistant or tool',
  detects(record) {
    if (!isObject(record)) return false;
    const isText = getString(record, 'content') !== undefined;
    switch (getString(record, 'role')) {
      case 'meta':
        return getString(record, 'source') !== undefined;
      case 'reasoning':
        return isText;
      case 'assistant':
        return callsOf(record).length > 0;
      case 'tool':
        return isText && isResult(record);
      default:
        return false;
    }
  },
  line(record, reading) {
    const { memory } = reading;
    const turn = Number(memory.get('turn') ?? 0);
    const timestamp = get(record, 'timestamp');
    const content = get(record, 'content');
    // A reply goes on until somebody answers.
    const says = (message: JsonObject): LineRead => follows(reading.event({ timestamp, ...message }, true), { reply: `${turn}` });
    const heard = (message: JsonObject): LineRead => {
      memory.set('turn', turn + 1);
      return follows(reading.event({ timestamp, ...message }));
    };
    switch (getString(record, 'role')) {
      case 'meta':
        for (const field of ABOUT) reading.learn(field, get(record, field));
        return 'meta';
      case 'user':
        return heard({ role: 'user', content });
      case 'tool':
        return heard({ role: 'tool', content, tool_call_id: get(record, 'tool_call_id') });
      case 'reasoning':
        return says({ role: 'assistant', content: [{ type: 'thinking', thinking: content }] });
      case 'assistant': {
        const calls = callsOf(record).map((call) => ({ id: get(call, 'id'), name: get(call, 'name'), arguments: get(call, 'args') }));
        return says({ role: 'assistant', content, tool_calls: calls.length > 0 ? calls : get(record, 'tool_calls') });
      }
      default:
        return null;
    }
  },
});

function isResult(record: JsonObject): boolean {
  if (getString(record, 'tool_call_id') === undefined || !TIME.test(getString(record, 'timestamp') ?? '')) return false;
  return Object.keys(record).every((key) => RESULT.includes(key));
}

/** Calls whose arguments are `args`: in no other log they are beside a `role`. */
function callsOf(record: JsonObject): readonly unknown[] {
  const calls = getList(record, 'tool_calls') ?? [];
  return calls.every((call) => getString(call, 'name') !== undefined && get(call, 'args') !== undefined) ? calls : [];
}
