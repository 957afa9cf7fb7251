/**
 * Atropos groups: one line holds every rollout of one prompt as token ids, masks and scores; or pairs of a chosen
 * and a rejected answer. https://github.com/NousResearch/atropos/blob/main/atroposlib/type_definitions.py
 */
import { TextHash } from '../base/hash.ts';
import type { Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { ADVANTAGES } from '../core/tokens/plausible.ts';
import { isColumn, itemAt } from './columns.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format } from './format.ts';
import { asLogged, describe, get, getList, getString, isObject } from './json.ts';
import { eventsFromIds } from './masked-ids.ts';
import { readMessages, readReward } from './messages.ts';
import { commonValue, idsFound, readColumn, readIds, readMask } from './per-token.ts';
import { oneLine, promptLabel } from './task-key.ts';

export const atropos: Format = {
  id: 'atropos',
  label: 'Atropos groups',
  beats: ['prompt-completion'],
  detects: (record) =>
    (Array.isArray(get(record, 'tokens')) && Array.isArray(get(record, 'masks')) && get(record, 'scores') !== undefined) ||
    (Array.isArray(get(record, 'chosen_tokens')) && Array.isArray(get(record, 'rejected_tokens'))),
  columns: { tokens: 'read', masks: 'read', inference_logprobs: 'read', advantages: 'read' },
  decode(record, context) {
    const members = get(record, 'tokens') === undefined ? pairMembers(record) : groupMembers(record);
    if (members.length === 0) return [refuse('group-empty', 'a group with at least one member', 'none')];
    const read = members.map(readMember);
    // Members that share nothing before their first trained token are still one group.
    const task = groupTask(read) ?? positionId(context);
    return read.map((member, i) => {
      const where = `member ${i}`;
      if (typeof member === 'string') return refuse('member', `token ids and a mask of the same length for ${where}`, member);
      return decodeMember(member, `${positionId(context)}.${i}`, task);
    });
  },
};

/** One rollout of a group as the log holds it; nothing is checked yet. */
interface Member {
  readonly tokens: unknown;
  readonly mask: unknown;
  readonly messages: unknown;
  readonly reward: unknown;
  readonly advantage: unknown;
  readonly logprobs: unknown;
  readonly status?: string;
  readonly trim: boolean;
}

interface ReadMember extends Member {
  readonly ids: Int32Array;
  readonly sampled: Uint8Array;
  /** Padding tokens that were cut off. */
  readonly padding: number;
}

function groupMembers(record: unknown): Member[] {
  // One rollout alone, as Atropos's `ScoredDataItem` has it.
  if (typeof itemAt(get(record, 'tokens'), 0) === 'number') {
    const own = (key: string): unknown => get(record, key);
    return [
      {
        tokens: own('tokens'),
        mask: own('masks'),
        messages: own('messages'),
        reward: own('scores'),
        advantage: own('advantages'),
        logprobs: own('inference_logprobs'),
        trim: false,
      },
    ];
  }
  const tokens = getList(record, 'tokens') ?? [];
  const at = (key: string, i: number): unknown => itemAt(get(record, key), i);
  return tokens.map((ids, i) => ({
    tokens: ids,
    mask: at('masks', i),
    messages: at('messages', i),
    reward: at('scores', i),
    advantage: at('advantages', i),
    logprobs: at('inference_logprobs', i),
    trim: false,
  }));
}

/** A preference has no score: chosen counts 1, rejected 0. */
function pairMembers(record: unknown): Member[] {
  const rows = (key: string): readonly unknown[] => {
    const list = getList(record, key) ?? [];
    return list.length > 0 && !Array.isArray(list[0]) ? [list] : list;
  };
  const one = (key: string, i: number): unknown => (Array.isArray(get(record, key)) ? getList(record, key)?.[i] : get(record, key));
  const sides = (['chosen', 'rejected'] as const).map((side) =>
    rows(`${side}_tokens`).map((tokens, i): Member => ({
      tokens,
      mask: rows(`${side}_masks`)[i],
      messages: sideMessages(one('prompt', i), one(side, i)),
      status: side,
      reward: side === 'chosen' ? 1 : 0,
      advantage: undefined,
      logprobs: undefined,
      trim: true,
    })),
  );
  const [chosen = [], rejected = []] = sides;
  return chosen
    .flatMap((member, i) => (rejected[i] === undefined ? [member] : [member, rejected[i]]))
    .concat(rejected.slice(chosen.length));
}

function sideMessages(prompt: unknown, answer: unknown): unknown {
  const messages = [...asMessages(prompt, 'user'), ...asMessages(answer, 'assistant')];
  return messages.length === 0 ? undefined : messages;
}

function asMessages(value: unknown, role: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  return typeof value === 'string' ? [{ role, content: value }] : [];
}

function readMember(member: Member): ReadMember | string {
  const ids = readIds(member.tokens);
  if (ids === null) return `${idsFound(member.tokens)} as tokens`;
  const sampled = readSampled(member.mask, ids);
  if (sampled === null) return `${describe(member.mask)} as mask of ${ids.length} tokens`;
  if (!member.trim) return { ...member, ids, sampled, padding: 0 };
  const [start, end] = withoutPadding(ids, sampled);
  if (start === end) return `${ids.length} padding tokens and nothing else`;
  return { ...member, ids: ids.slice(start, end), sampled: sampled.slice(start, end), padding: ids.length - (end - start) };
}

/** Masks repeat the id of each trained token, with -100 elsewhere; pairs use 1 and 0. */
function readSampled(value: unknown, ids: Int32Array): Uint8Array | null {
  if (isColumn(value)) {
    if (value.length !== ids.length) return null;
    return value.every((entry) => entry === 0 || entry === 1)
      ? readMask(value, ids.length)
      : Uint8Array.from(value, (entry) => (entry === -100 ? 0 : 1));
  }
  if (!Array.isArray(value) || value.length !== ids.length) return null;
  const list = value as readonly unknown[];
  if (!list.every((entry) => typeof entry === 'number' || typeof entry === 'boolean')) return null;
  if (list.every((entry) => entry === 0 || entry === 1 || typeof entry === 'boolean')) return readMask(value, ids.length);
  return Uint8Array.from(list, (entry) => (entry === -100 ? 0 : 1));
}

/** Rows of a batch are filled up with one repeated id, which the mask leaves out, at the start or at the end. */
function withoutPadding(ids: Int32Array, sampled: Uint8Array): readonly [start: number, end: number] {
  let start = 0;
  while (start + 1 < ids.length && sampled[start] === 0 && ids[start + 1] === ids[0]) start++;
  if (start > 0) start++;
  let end = ids.length;
  const last = ids.length - 1;
  while (end > start && sampled[end - 1] === 0 && ids[end - 1] === ids[last]) end--;
  return [start, ids.length - end >= 2 ? end : ids.length];
}

/** All members answer one prompt: what they share before any of them was trained. */
function groupTask(members: readonly (ReadMember | string)[]): string | null {
  const read = members.filter((member) => typeof member !== 'string');
  const first = read[0];
  if (first === undefined) return null;
  let shared = first.ids.length;
  for (const { ids, sampled } of read) {
    const trained = sampled.indexOf(1);
    shared = Math.min(shared, trained < 0 ? ids.length : trained);
    let i = 0;
    while (i < shared && ids[i] === first.ids[i]) i++;
    shared = i;
  }
  if (shared === 0) return null;
  const hash = new TextHash();
  for (let i = 0; i < shared; i++) hash.addNumber(first.ids[i]!);
  hash.addNumber(shared);
  return `prompt:${hash.digest()}`;
}

function decodeMember(member: ReadMember, id: string, task: string): Decoded {
  const notes: Complaint[] = [];
  const texts = readTexts(member.messages, notes);
  const logprobs = readColumn(member.logprobs, member.sampled, 'inference_logprobs', notes);
  const isByToken = Array.isArray(member.advantage) || isColumn(member.advantage);
  const advantages = isByToken ? readColumn(member.advantage, member.sampled, 'advantages', notes) : undefined;
  if (member.padding > 0)
    notes.push({ code: 'padding', expected: 'a row without padding', found: `${member.padding} padding tokens; left out` });
  const events = eventsFromIds(member.ids, member.sampled, texts, defined({ logprobs, advantages }));
  const reward = readReward(member.reward);
  const label = promptLabel(texts.length > 0 ? firstPrompt(texts) : events);
  const rollout: Rollout = {
    id,
    task,
    taskLabel: label === '' ? 'prompt without text' : oneLine(label),
    reward: reward?.reward ?? null,
    branches: [{ events }],
    ...defined({
      rewardParts: reward?.parts,
      advantage:
        asLogged(member.advantage) ??
        commonValue(
          events.map((event) => event.tokens?.advantages),
          ADVANTAGES,
        ),
      status: member.status,
    }),
  };
  return accept(rollout, notes);
}

/** Messages of a member, or one decoded text, which says nothing of who wrote what. */
function readTexts(messages: unknown, notes: Complaint[]): readonly RolloutEvent[] {
  if (!Array.isArray(messages)) return [];
  const read = readMessages((messages as unknown[]).map(withKnownRole), { notes });
  if (read.ok) return read.events;
  notes.push({ ...read.complaint, found: `${read.complaint.found}; texts are left out` });
  return [];
}

function firstPrompt(texts: readonly RolloutEvent[]): readonly RolloutEvent[] {
  const answer = texts.findIndex((event) => event.role === 'assistant');
  return answer < 0 ? texts : texts.slice(0, answer);
}

/** Some environments name the sides of the game instead of the chat's roles: theirs is then the user's. */
function withKnownRole(message: unknown): unknown {
  return isObject(message) && getString(message, 'role') === 'environment' ? { ...message, role: 'user' } : message;
}
