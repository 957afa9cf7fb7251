/** Messages of Inspect logs as chat messages: results name their tool at `function`, redacted reasoning has a summary at most. */
import { type JsonObject, get, getString, isList, isObject } from './json.ts';

export function asChatMessage(message: JsonObject): JsonObject {
  const tool = get(message, 'role') === 'tool' ? getString(message, 'function') : undefined;
  const content = get(message, 'content');
  return {
    ...message,
    ...(tool === undefined ? {} : { name: tool }),
    ...(isList(content) ? { content: content.map(asChatPart) } : {}),
  };
}

function asChatPart(part: unknown): unknown {
  if (!isObject(part)) return part;
  const type = getString(part, 'type');
  if (type === 'reasoning' && get(part, 'redacted') === true) return { type, reasoning: getString(part, 'summary') ?? '' };
  // Tools that the provider runs itself: https://inspect.aisi.org.uk/reference/inspect_ai.model.html
  if (type === 'tool_use') return { type, id: get(part, 'id'), name: get(part, 'name'), arguments: get(part, 'arguments') };
  return part;
}
