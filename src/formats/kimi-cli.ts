/** Wire logs of Kimi CLI (`~/.kimi/sessions/<project>/<session>/wire.jsonl`): what the model's context is made of, and much around it. */
import { type JsonObject, get, getList, getObject, getString, toJson } from './json.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';

/** Families of lines that are about the session. */
const ABOUT = /^(?:metadata$|(?:config|tools|turn|llm|usage|permission|plan_mode|full_compaction|plugin|runtime|token_counting|profile)\.)/;

export const kimiCli = sessionFormat({
  id: 'kimi-cli',
  label: 'Kimi CLI sessions',
  beats: ['chat'],
  expected: 'a line of a Kimi wire log: context.append_message, context.append_loop_event, or about the session',
  detects(line) {
    const type = getString(line, 'type') ?? '';
    if (type === 'metadata') return getString(line, 'protocol_version') !== undefined;
    if (get(line, 'time') === undefined) return false;
    return /^context\.(?:append_|apply_)/.test(type) || (type.includes('.') && ABOUT.test(type) && get(line, 'data') === undefined);
  },
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    const time = get(value, 'time');
    if (type === 'context.append_message') return appended(getObject(value, 'message'), time, reading);
    if (type === 'context.append_loop_event') return loopEvent(getObject(value, 'event'), time, reading);
    if (type === 'context.apply_compaction') {
      const summary = getString(value, 'contextSummary') ?? getString(value, 'summary') ?? '';
      const event = reading.event({ role: 'user', content: summary, timestamp: time }, false);
      return [{ id: undefined, parent: undefined, event, cut: 'compaction' }];
    }
    if (!ABOUT.test(type)) return null;
    return about(type, value, reading);
  },
});

function appended(message: JsonObject | undefined, timestamp: unknown, reading: SessionReading): LineRead {
  const role = getString(message, 'role');
  if (message === undefined || role === undefined) return null;
  const calls = getList(message, 'toolCalls') ?? [];
  const id = getString(message, 'toolCallId');
  return follows(
    reading.event({
      role,
      content: contentOf(get(message, 'content')),
      tool_calls: calls,
      timestamp,
      ...(id === undefined ? {} : { tool_call_id: id }),
    }),
  );
}

function contentOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown) =>
    getString(part, 'type') === 'think' ? { type: 'thinking', thinking: getString(part, 'think') ?? '' } : part,
  );
}

function loopEvent(event: JsonObject | undefined, timestamp: unknown, reading: SessionReading): LineRead {
  const type = getString(event, 'type') ?? '';
  const reply = getString(event, 'stepUuid');
  const says = (message: JsonObject): LineRead =>
    follows(reading.event({ role: 'assistant', timestamp, ...message }, true), reply === undefined ? {} : { reply });
  if (type === 'step.begin') return type;
  if (type === 'step.end') {
    reading.spend(get(event, 'usage'));
    reading.status = getString(event, 'finishReason') ?? reading.status;
    return type;
  }
  if (type === 'content.part') return says({ content: contentOf([get(event, 'part')]) });
  const id = getString(event, 'toolCallId');
  if (type === 'tool.call')
    return says({ content: '', tool_calls: [{ id, name: get(event, 'name'), arguments: get(event, 'args') ?? {} }] });
  if (type !== 'tool.result') return null;
  const result = get(event, 'result');
  const output = get(result, 'output');
  const content = typeof output === 'string' || Array.isArray(output) ? output : (toJson(output ?? result) ?? '');
  const failed = get(result, 'isError') === true || get(result, 'is_error') === true;
  return follows(reading.event({ role: 'tool', tool_call_id: id, content, timestamp, ...(failed ? { is_error: true } : {}) }, false));
}

function about(type: string, value: JsonObject, reading: SessionReading): LineRead {
  reading.learn('model', get(value, 'model'), type === 'config.update' ? get(value, 'modelAlias') : undefined);
  reading.learn('cwd', get(value, 'cwd'), getString(getObject(value, 'environmentDisclosure'), 'cwd'));
  reading.learn('agent', get(value, 'agentId'));
  if (type === 'metadata') reading.learn('protocol', get(value, 'protocol_version'));
  if (type === 'llm.tools_snapshot') reading.tools ??= getList(value, 'tools');
  if (type === 'turn.ended' || type === 'turn.cancel') reading.status = getString(value, 'reason') ?? 'cancelled';
  const system = type === 'config.update' && !reading.memory.has('system') ? (getString(value, 'systemPrompt') ?? '') : '';
  if (system === '') return type;
  reading.memory.set('system', system);
  return follows(reading.event({ role: 'system', content: system }));
}
