/** Sessions of Hermes CLI (one document): chat messages, with the system prompt and the tools beside them. */
import { get, getList, getObject, getString, isObject } from './json.ts';
import { follows, sessionFormat } from './session-format.ts';

export const hermesCli = sessionFormat({
  id: 'hermes-cli',
  label: 'Hermes CLI sessions',
  beats: ['chat', 'cline'],
  expected: 'a message of a Hermes session, with a role',
  detects: (line) =>
    getString(line, 'session_id') !== undefined &&
    getString(line, 'session_start') !== undefined &&
    getList(line, 'messages') !== undefined,
  lines(document, reading) {
    for (const [field, key] of [
      ['session', 'session_id'],
      ['model', 'model'],
      ['platform', 'platform'],
      ['startedAt', 'session_start'],
    ] as const)
      reading.learn(field, get(document, key));
    reading.learn('cwd', getString(getObject(document, 'model_config'), 'cwd'));
    reading.tools = get(document, 'tools');
    const system = getString(document, 'system_prompt') ?? '';
    const messages = getList(document, 'messages') ?? [];
    return system === '' || getString(messages[0], 'role') === 'system' ? messages : [{ role: 'system', content: system }, ...messages];
  },
  line(value, reading) {
    const role = getString(value, 'role');
    if (role === 'session_meta') return role;
    if (role === undefined || !isObject(value)) return null;
    if (role === 'assistant') reading.status = getString(value, 'finish_reason') ?? reading.status;
    return follows(reading.event(value));
  },
});
