/**
 * Conversations as the OpenHands SDK keeps them, a file for each event and the state beside: `engine/bindings` makes one record of such a
 * folder. https://github.com/OpenHands/software-agent-sdk/tree/main/openhands-sdk/openhands/sdk/conversation
 */
import { defined, refuse } from './envelope.ts';
import type { Format } from './format.ts';
import { get, getObject, getString } from './json.ts';
import { isV1Event, readEventLines } from './openhands-lines.ts';
import { asLines } from './together.ts';

export const openhandsConversation: Format = {
  id: 'openhands-conversation',
  label: 'OpenHands conversations (a file for each event)',
  beats: ['chat'],
  detects: (record) => eventsOf(record).some(isV1Event),
  decode(record, context) {
    const events = eventsOf(record);
    // A folder is one record, whatever else lies in it.
    const { rollouts, faults } = readEventLines(asLines(events, context.line), context);
    const [found] = rollouts;
    if (found === undefined) return [refuse('empty', 'events of a conversation', `${events.length} files without any`)];
    if (!found.ok) return [found];
    const policy = getString(get(getObject(getObject(record, 'state'), 'agent'), 'llm'), 'model');
    const rollout = { ...found.rollout, ...defined({ policy: found.rollout.policy ?? policy }) };
    if (faults.length === 0) return [{ ...found, rollout }];
    const odd = { code: 'unknown-line', expected: 'an event in each file', found: `none in ${faults.length} of ${events.length}` };
    return [{ ...found, rollout, notes: [...(found.notes ?? []), odd] }];
  },
};

function eventsOf(record: unknown): readonly unknown[] {
  return getString(record, 'member') === undefined ? [] : Object.values(getObject(record, 'events') ?? {});
}
