/** Transcripts of Cursor's agent (`~/.cursor/projects/<project>/agent-transcripts/…jsonl`): a role and a message a line, no times. */
import { get, getObject, getString, isList } from './json.ts';
import { follows, sessionFormat } from './session-format.ts';

export const cursorCli = sessionFormat({
  id: 'cursor-cli',
  label: 'Cursor agent transcripts',
  beats: ['chat'],
  expected: 'a line of a Cursor transcript: a role and a message with content',
  detects(line) {
    const role = getString(line, 'role');
    const content = get(getObject(line, 'message'), 'content');
    return (role === 'user' || role === 'assistant') && (isList(content) || typeof content === 'string') && get(line, 'type') === undefined;
  },
  line(value, reading) {
    const role = getString(value, 'role');
    const message = getObject(value, 'message');
    if ((role !== 'user' && role !== 'assistant') || message === undefined) return null;
    return follows(reading.event({ ...message, role }, role === 'assistant'));
  },
});
