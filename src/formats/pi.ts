/**
 * Sessions of pi (`~/.pi/agent/sessions/…jsonl`, versions 1 to 3), and of OpenClaw and Droid, which write such lines too: a head, then
 * entries of which those of later versions name the entry before them. https://github.com/badlogic/pi-mono (session-format.md)
 */
import { EXPANSION_PER_BYTE, MAX_ROLLOUT_MESSAGES } from '../base/bounds.ts';
import { type JsonObject, get, getList, getNumber, getObject, getString, isObject } from './json.ts';
import { piMessage } from './pi-message.ts';
import { sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

/** Entries that are about the session and take part in its chain. */
const ASIDE = new Set([
  'model_change',
  'thinking_level_change',
  'session_info',
  'label',
  'custom',
  'todo_state',
  'session_end',
  'compaction_state',
]);
const HEADS = new Set(['session', 'session_start']);

export const pi = sessionFormat({
  id: 'pi',
  label: 'pi, OpenClaw and Droid sessions',
  beats: ['chat'],
  expected: 'an entry of a pi session: message, compaction, branch_summary, custom_message, or about the session',
  detects(line) {
    const type = getString(line, 'type') ?? '';
    if (type === 'message') return getString(getObject(line, 'message'), 'role') !== undefined;
    if (HEADS.has(type)) return getString(line, 'id') !== undefined && getString(line, 'cwd') !== undefined;
    if (type === 'compaction' || type === 'branch_summary') return getString(line, 'summary') !== undefined;
    return (ASIDE.has(type) || type === 'custom_message') && getString(line, 'timestamp') !== undefined;
  },
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    if (HEADS.has(type)) {
      for (const [field, key] of HEAD) reading.learn(field, get(value, key));
      return 'head';
    }
    const chain = chainOf(value, reading);
    return entry(type, value, chain, reading);
  },
});

const HEAD: readonly (readonly [field: string, key: string])[] = [
  ['session', 'id'],
  ['cwd', 'cwd'],
  ['version', 'version'],
  ['model', 'modelId'],
  ['provider', 'provider'],
  ['parentSession', 'parentSession'],
  ['title', 'title'],
];

type Chain = Pick<SessionNode, 'id' | 'parent'>;

/** An entry may name the call of a message in place of the message, or the session where it is the first. */
function chainOf(value: JsonObject, { memory, about }: SessionReading): Chain {
  const parent = get(value, 'parentId');
  const named = typeof parent === 'string' ? (memory.get(`call ${parent}`) ?? parent) : parent;
  const above = named === about.get('session') ? null : named;
  return { id: getString(value, 'id'), parent: typeof above === 'string' || above === null ? above : undefined };
}

function entry(type: string, value: JsonObject, chain: Chain, reading: SessionReading): LineRead {
  const timestamp = get(value, 'timestamp');
  const context = (content: unknown): readonly SessionNode[] => [
    { ...chain, event: reading.event({ role: 'user', content, timestamp }, false) },
  ];
  if (type === 'message') return message(getObject(value, 'message'), timestamp, chain, reading);
  if (type === 'custom_message') return context(get(value, 'content'));
  if (type === 'branch_summary') return context(get(value, 'summary'));
  if (type === 'compaction') return compacted(value, chain, reading);
  if (!ASIDE.has(type)) return null;
  reading.learn('model', get(value, 'modelId'));
  reading.learn('title', type === 'session_info' ? get(value, 'name') : undefined);
  return chain.id === undefined ? type : [{ ...chain, event: null }];
}

function message(said: JsonObject | undefined, timestamp: unknown, chain: Chain, reading: SessionReading): LineRead {
  const read = said && piMessage(said);
  if (said === undefined || read === undefined) return null;
  const sampled = read['role'] === 'assistant';
  if (sampled) {
    reading.learn('model', get(said, 'model'));
    reading.learn('provider', get(said, 'provider'));
    reading.status = getString(said, 'stopReason') ?? reading.status;
    const usage = getObject(said, 'usage');
    if (usage) reading.spend({ ...usage, cost: getNumber(getObject(usage, 'cost'), 'total') });
  }
  for (const block of getList(said, 'content') ?? []) {
    const call = isObject(block) && /call|use/i.test(getString(block, 'type') ?? '') ? getString(block, 'id') : undefined;
    if (call !== undefined && chain.id !== undefined) reading.memory.set(`call ${call}`, chain.id);
  }
  return [{ ...chain, event: reading.event({ timestamp, ...read }, sampled) }];
}

/** What the model knows from there on: the summary, and what was kept of the entries before it, which it does not write again. */
function compacted(value: JsonObject, chain: Chain, reading: SessionReading): readonly SessionNode[] {
  const id = chain.id ?? 'compaction';
  const summary = reading.event({ role: 'user', content: getString(value, 'summary') ?? '', timestamp: get(value, 'timestamp') }, false);
  const nodes: SessionNode[] = [{ id: `${id} summary`, parent: null, event: summary, cut: 'compaction' }];
  for (const [i, event] of keptSince(getString(value, 'firstKeptEntryId'), chain.parent, reading).entries())
    nodes.push({ id: `${id} ${i}`, parent: nodes.at(-1)?.id, event: event && { ...event, sampled: false } });
  return [...nodes, { id: chain.id, parent: nodes.at(-1)?.id, event: null }];
}

/** Entries that are looked at for what compactions keep, over all of a file. */
const MOST_STEPS = MAX_ROLLOUT_MESSAGES / EXPANSION_PER_BYTE;

/** Turns on the way from an entry to the one that is told, in their order; none where that is not on the way. */
function keptSince(first: string | undefined, from: SessionNode['parent'], reading: SessionReading): SessionNode['event'][] {
  const { entries, memory, notes } = reading;
  const kept: SessionNode['event'][] = [];
  let steps = Number(memory.get('steps') ?? 0);
  for (let at = from; typeof at === 'string'; steps++) {
    if (steps === MOST_STEPS) {
      const most = MOST_STEPS.toLocaleString('en');
      if (!memory.has('tired'))
        notes.push({ code: 'expansion', expected: `compactions that keep at most ${most} entries in all`, found: 'more' });
      memory.set('tired', true);
      return [];
    }
    const node = entries.get(at);
    memory.set('steps', steps + 1);
    if (node === undefined) break;
    if (node.event !== null) kept.push(node.event);
    if (at === first) return kept.reverse();
    at = node.parent;
  }
  return [];
}
