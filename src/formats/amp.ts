/** Threads of Amp (`T-….json`, one document): messages with calls, and results that hold what a tool came to. https://ampcode.com */
import { type JsonObject, get, getList, getNumber, getObject, getString, isList, isObject, toJson } from './json.ts';
import { follows, sessionFormat } from './session-format.ts';

function isAmpMessage(message: unknown): boolean {
  if (getNumber(message, 'messageId') !== undefined) return true;
  return getList(message, 'content')?.some((block) => getString(block, 'toolUseID') !== undefined) === true;
}

export const amp = sessionFormat({
  id: 'amp',
  label: 'Amp threads',
  beats: ['chat'],
  expected: 'a message of an Amp thread, with a role and content',
  detects: (line) => getString(line, 'id') !== undefined && getList(line, 'messages')?.some(isAmpMessage) === true,
  lines(document, reading) {
    reading.learn('session', get(document, 'id'));
    reading.learn('title', get(document, 'title'));
    reading.learn('agentMode', get(document, 'agentMode'));
    reading.learn('cwd', getString(getList(getObject(getObject(document, 'env'), 'initial'), 'trees')?.[0], 'uri'));
    return getList(document, 'messages');
  },
  line(value, reading) {
    const role = getString(value, 'role');
    const content = get(value, 'content');
    if (role === undefined || (!isList(content) && typeof content !== 'string')) return null;
    const usage = getObject(value, 'usage');
    reading.learn('model', getString(usage, 'model'));
    reading.spend(usage);
    const files = (getList(getObject(value, 'fileMentions'), 'files') ?? []).flatMap((file) => textBlock(get(file, 'content')));
    const stop = getString(getObject(value, 'state'), 'stopReason');
    const message: JsonObject = {
      // What happened besides is told to the model as a user's words.
      role: role === 'info' ? 'user' : role,
      content: [...(isList(content) ? content.map(blockOf) : textBlock(content)), ...files],
      timestamp: getNumber(getObject(value, 'meta'), 'sentAt') ?? get(usage, 'timestamp'),
      ...(stop === undefined ? {} : { stop_reason: stop }),
    };
    return follows(reading.event(message, role === 'assistant'));
  },
});

function textBlock(text: unknown): JsonObject[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'text', text }] : [];
}

/** A block as messages have them elsewhere. */
function blockOf(block: unknown): unknown {
  if (!isObject(block)) return block;
  switch (getString(block, 'type')) {
    case 'tool_result': {
      const run = getObject(block, 'run');
      // Some threads have the content of Anthropic's API.
      if (run === undefined) return { ...block, tool_use_id: get(block, 'toolUseID') ?? get(block, 'tool_use_id') };
      const failed = getString(run, 'status') === 'error' ? { is_error: true } : {};
      return { type: 'tool_result', tool_use_id: get(block, 'toolUseID'), content: resultText(run), ...failed };
    }
    case 'summary':
      return { type: 'compaction', text: getString(getObject(block, 'summary'), 'summary') ?? getString(block, 'summary') ?? '' };
    case 'manual_bash_invocation': {
      const command = getString(getObject(block, 'args'), 'cmd') ?? '';
      return { type: 'text', text: `${command}\n${resultText(getObject(block, 'toolRun'))}` };
    }
    default:
      return block;
  }
}

/** What a tool came to: a text, or the JSON of it; where it failed, why. */
function resultText(run: unknown): string {
  const result = get(run, 'result') ?? get(run, 'error') ?? get(run, 'reason') ?? get(run, 'progress');
  if (typeof result === 'string') return result;
  if (result === undefined || result === null) return getString(run, 'status') ?? '';
  return getString(run, 'status') === 'error' ? (getString(result, 'message') ?? toJson(result) ?? '') : (toJson(result) ?? '');
}
