/** A message of pi's agents, to a chat message. Undefined where its role is none of theirs. */
import { type JsonObject, get, getString, isObject } from './json.ts';

export function piMessage(message: JsonObject): JsonObject | undefined {
  const role = getString(message, 'role') ?? '';
  const content = get(message, 'content');
  if (role === 'toolResult') {
    const failed = get(message, 'isError') === true ? { is_error: true } : {};
    return { role: 'tool', content, tool_call_id: get(message, 'toolCallId'), name: get(message, 'toolName'), ...failed };
  }
  // Commands that a person runs are shown to the model as what that person says.
  if (role === 'bashExecution')
    return { role: 'user', content: `Ran \`${getString(message, 'command') ?? ''}\`\n${getString(message, 'output') ?? ''}` };
  if (role === 'branchSummary' || role === 'compactionSummary') return { role: 'user', content: getString(message, 'summary') ?? '' };
  if (role === 'custom') return { role: 'user', content };
  if (role !== 'user' && role !== 'assistant' && role !== 'system' && role !== 'developer') return undefined;
  const stop = getString(message, 'stopReason');
  return { role, content: Array.isArray(content) ? content.map(block) : content, ...(stop === undefined ? {} : { stop_reason: stop }) };
}

function block(value: unknown): unknown {
  return isObject(value) && getString(value, 'type') === 'toolCall' ? { ...value, type: 'tool_call' } : value;
}
