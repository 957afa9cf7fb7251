/**
 * Results of the Berkeley Function Calling Leaderboard that keep what was said (`inference_log` of its multi-turn tasks): for each turn of
 * the user the steps of the model, with the results of its calls.
 * https://github.com/ShishirPatil/gorilla/tree/main/berkeley-function-call-leaderboard
 */
import { accept, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { describe, get, getId, getList, getString, isList, isObject, toJson, type JsonObject } from './json.ts';
import { readMessages } from './messages.ts';

export const bfclResults: Format = {
  id: 'bfcl-results',
  label: 'BFCL results',
  beats: ['chat'],
  detects: (record) => getId(record, 'id') !== undefined && get(record, 'result') !== undefined && isLog(get(record, 'inference_log')),
  decode(record, context) {
    const log = getList(record, 'inference_log');
    if (log === undefined) return [refuse('shape', 'turns at inference_log', describe(get(record, 'inference_log')))];
    const notes: Complaint[] = [];
    const messages = log.flatMap((turn) => (isObject(turn) ? messagesOf(turn) : []));
    if (messages.length === 0) return [refuse('empty', 'a turn with messages in inference_log', `${log.length} entries without`)];
    const read = readMessages(messages, { name: 'inference_log', notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const task = getId(record, 'id') ?? String(context.index);
    return [accept(singleRollout({ id: `${context.path}#${task}`, reward: null }, read.events, task), notes)];
  },
};

function isLog(value: unknown): boolean {
  return isList(value) && value.some((turn) => isObject(turn) && Object.keys(turn).some((key) => key.startsWith('begin_of_turn_query')));
}

/** Turns and steps are in the order of their keys; states of the environment and remarks of the harness are no messages. */
function messagesOf(turn: JsonObject): readonly JsonObject[] {
  return Object.keys(turn).flatMap((key) =>
    (getList(turn, key) ?? []).flatMap((entry): readonly JsonObject[] => {
      const role = getString(entry, 'role');
      if (!isObject(entry) || role === undefined || /^(?:handler_log|inference_input|state_info)/.test(role)) return [];
      return role === 'assistant' ? [replyOf(entry)] : [entry];
    }),
  );
}

/** Calls by the model's own interface are a list of `{name: arguments}`; others stand in its words. */
function replyOf(entry: JsonObject): JsonObject {
  const content = get(entry, 'content');
  if (!isList(content) || !content.every((call) => isObject(call) && Object.keys(call).length === 1)) return entry;
  const calls = content.flatMap((call) =>
    Object.entries(isObject(call) ? call : {}).map(([name, args]) => ({
      name,
      arguments: typeof args === 'string' ? args : (toJson(args) ?? ''),
    })),
  );
  return { ...entry, content: '', tool_calls: calls };
}
