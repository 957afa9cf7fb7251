/** Sessions of Cline (`~/.cline/data/sessions/<session>/<session>.messages.json`, one document): Anthropic messages with times. */
import { type JsonObject, get, getList, getNumber, getObject, getString, isList, isObject } from './json.ts';
import { follows, sessionFormat } from './session-format.ts';

export const cline = sessionFormat({
  id: 'cline',
  label: 'Cline sessions',
  beats: ['chat'],
  expected: 'a message of a Cline session, with a role and content',
  detects(line) {
    const [first] = getList(line, 'messages') ?? [];
    return getString(line, 'sessionId') !== undefined && getString(line, 'agent') !== undefined && getNumber(first, 'ts') !== undefined;
  },
  lines(document, reading) {
    reading.learn('session', get(document, 'sessionId'));
    reading.learn('agent', get(document, 'agent'));
    const system = getString(document, 'system_prompt') ?? '';
    const messages = getList(document, 'messages') ?? [];
    return system === '' ? messages : [{ role: 'system', content: system }, ...messages];
  },
  line(value, reading) {
    const role = getString(value, 'role');
    if (role === undefined) return null;
    const sampled = role === 'assistant';
    if (sampled) {
      const info = getObject(value, 'modelInfo');
      reading.learn('model', getString(info, 'id'));
      reading.learn('provider', getString(info, 'provider'));
      reading.spend(get(value, 'metrics'));
    }
    const removed = getNumber(getObject(value, 'metadata'), 'messagesRemoved');
    if (removed !== undefined) reading.learn('messagesRemoved', removed);
    const message: JsonObject = { role, content: blocks(get(value, 'content')), timestamp: get(value, 'ts') };
    return follows(reading.event(message, sampled));
  },
});

/** A file is handed to the model as its text. */
function blocks(content: unknown): unknown {
  if (!isList(content)) return content;
  return content.map((block) =>
    isObject(block) && getString(block, 'type') === 'file' ? { type: 'text', text: getString(block, 'content') ?? '' } : block,
  );
}
