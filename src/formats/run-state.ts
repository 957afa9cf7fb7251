/**
 * Saved runs of the OpenAI Agents SDK (`RunState`): its input and what was generated since.
 * https://openai.github.io/openai-agents-python
 */
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { describe, get, getId, getList, getObject, getString, isObject } from './json.ts';
import { readMessages } from './messages.ts';
import { itemMessages } from './responses.ts';

const EXPECTED = 'messages, calls, their outputs and reasoning';

export const runState: Format = {
  id: 'run-state',
  label: 'OpenAI Agents run states',
  detects: (record) =>
    (getString(record, '$schemaVersion') ?? getString(record, 'schemaVersion')) !== undefined && generatedOf(record) !== undefined,
  decode(record, context) {
    const notes: Complaint[] = [];
    const original = get(record, 'original_input') ?? get(record, 'originalInput');
    const input =
      typeof original === 'string' ? [{ role: 'user', content: original }] : Array.isArray(original) ? (original as unknown[]) : [];
    const known = new Set(input.map(keyOf));
    // What was generated repeats items of the session that were handed in, and a call that waits for a yes.
    const items = (generatedOf(record) ?? []).map((item) => get(item, 'raw_item') ?? get(item, 'rawItem'));
    const generated = items.filter((item) => {
      const key = keyOf(item);
      if (key === '' || !known.has(key)) return known.add(key) !== undefined;
      return false;
    });
    const repeated = items.length - generated.length;
    if (repeated > 0)
      notes.push({
        code: 'repeated',
        expected: 'items that are told once',
        found: `${repeated} of ${items.length} again, by type and id; left out`,
      });
    const before = itemMessages(input, notes);
    const after = itemMessages(generated, notes);
    if (typeof before === 'string') return [refuse('item', EXPECTED, before)];
    if (typeof after === 'string') return [refuse('item', EXPECTED, after)];
    const read = readMessages(
      [...before, ...after].map(({ message }) => message),
      { name: 'items', notes, sampled: (_, role, index) => role === 'assistant' && (index >= before.length || after.length === 0) },
    );
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    if (read.events.length === 0) return [refuse('empty', 'an input or something generated', describe(original))];
    const last = getObject(record, 'last_model_response') ?? getObject(record, 'lastModelResponse');
    const id = getId(record, 'conversation_id') ?? getId(last, 'response_id', 'responseId') ?? positionId(context);
    const step = getString(getObject(record, 'current_step') ?? getObject(record, 'currentStep'), 'type');
    return [accept(singleRollout({ id, reward: null, ...defined({ status: step }) }, read.events), notes)];
  },
};

function generatedOf(record: unknown): readonly unknown[] | undefined {
  return getList(record, 'generated_items') ?? getList(record, 'generatedItems');
}

/** Where a model's server gives its items no ids, the SDK writes this one on all of them. */
const NO_ID = '__fake_id__';

/** A call and its output have an id that they share, whatever their own is. */
function keyOf(item: unknown): string {
  const id = [getId(item, 'call_id', 'callId'), getId(item, 'id')].find((given) => given !== undefined && given !== NO_ID);
  return id === undefined || !isObject(item) ? '' : `${getString(item, 'type') ?? ''} ${id}`;
}
