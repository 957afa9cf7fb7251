/** Tokenises an event by its logged token ids, cut where `sampled` changes and, where the ids can be read, where parts begin. */
import { FLAG, KIND, type Kind } from '../model/kinds.ts';
import type { Channel } from '../model/batch.ts';
import type { LoggedTokens, Part, RolloutEvent } from '../model/rollout.ts';
import { actionKey } from './actions.ts';
import type { BatchWriter } from './batch-writer.ts';
import { kindOf, writeBlocks, type Tokenisation } from './tokenisation.ts';
import { isSeparateCall } from './template.ts';

/** Runs whose text was not found before the tokenizer is taken for a different one than the log's. */
const TRIALS = 16;

/** A run takes the most specific kind of its parts, where they cannot be told apart. */
const SPECIFIC: readonly Kind[] = ['memory', 'call', 'summary', 'result', 'text', 'thinking', 'user', 'system', 'scaffold'];

export function tokeniseLogged(writer: BatchWriter, event: RolloutEvent, pending: boolean, tokenisation: Tokenisation): void {
  const logged = event.tokens!;
  const ids = logged.ids!;
  const tail = pending ? FLAG.open : 0;
  const lastSampled = lastSampledToken(event, ids.length);
  const ends = partEnds(event, ids.length);
  let from = 0;
  let covering = 0;
  while (from < ids.length) {
    const sampled = isSampled(event, from);
    if (ends !== null) covering = ends.findIndex((end) => end > from);
    const limit = ends?.[covering] ?? ids.length;
    let to = from + 1;
    while (to < limit && isSampled(event, to) === sampled) to++;
    // What follows the last sampled token of a turn (a newline of the template) ends the turn; what precedes it is
    // its header, where a path may end.
    const open = sampled ? (to - 1 < lastSampled ? FLAG.open : tail) : event.sampled && to <= lastSampled ? 0 : tail;
    if (!sampled && event.sampled) {
      writer.beginSegment(KIND.scaffold, open, undefined, null);
      writeBlocks(writer, slice(ids, from, to), KIND.scaffold, open, undefined, null);
    } else if (ends) {
      const part = event.parts[covering];
      const inside = !event.sampled && to < ids.length ? FLAG.open : open;
      segment(writer, ids, from, to, kindOf(part, tokenisation.isMemory), part, event, (sampled ? FLAG.sampled : 0) | inside, tokenisation);
    } else writeRun(writer, event, ids, from, to, sampled ? FLAG.sampled : 0, open, tokenisation);
    from = to;
  }
  writeChannels(writer, logged, writer.tokenCount - ids.length);
}

/** Where each part's ids end, for events whose log says how many ids each part covers; else null. */
function partEnds(event: RolloutEvent, length: number): readonly number[] | null {
  const ends: number[] = [];
  let end = 0;
  for (const part of event.parts) {
    if (part.tokenCount === undefined) return null;
    ends.push((end += part.tokenCount));
  }
  return end === length && length > 0 ? ends : null;
}

function isSampled(event: RolloutEvent, token: number): boolean {
  return event.tokens!.mask ? event.tokens!.mask[token] === 1 : event.sampled;
}

function lastSampledToken(event: RolloutEvent, length: number): number {
  for (let i = length - 1; i >= 0; i--) if (isSampled(event, i)) return i;
  return -1;
}

function writeRun(
  writer: BatchWriter,
  event: RolloutEvent,
  ids: ArrayLike<number>,
  from: number,
  to: number,
  sampled: number,
  open: number,
  tokenisation: Tokenisation,
): void {
  const parts = event.parts.filter((part) => part.text !== '' || part.tool !== undefined);
  const cuts = parts.length === 0 ? null : partCuts(ids, from, to, parts, tokenisation);
  if (cuts === null) {
    const isReplay = isConversation(event, parts);
    const part = isReplay ? undefined : mostSpecific(parts, tokenisation);
    const kind = part
      ? kindOf(part, tokenisation.isMemory)
      : sampled
        ? 'text'
        : event.role === 'system'
          ? 'system'
          : event.role === 'tool' && !isReplay
            ? 'result'
            : 'user';
    segment(writer, ids, from, to, kind, part, event, sampled | open, tokenisation);
    return;
  }
  cuts.forEach(({ at, part }, index) => {
    const end = cuts[index + 1]?.at ?? to;
    if (end <= at) return;
    const last = cuts.slice(index + 1).every((later) => later.at >= to);
    segment(writer, ids, at, end, kindOf(part, tokenisation.isMemory), part, event, sampled | (last ? open : FLAG.open), tokenisation);
  });
}

function segment(
  writer: BatchWriter,
  ids: ArrayLike<number>,
  from: number,
  to: number,
  kind: Kind,
  part: Part | undefined,
  event: RolloutEvent,
  flags: number,
  tokenisation: Tokenisation,
): void {
  const all = flags | (part?.error ? FLAG.error : 0);
  writer.beginSegment(KIND[kind], all, part?.tool, part ? actionKey(part, event.role) : null);
  writeBlocks(writer, slice(ids, from, to), KIND[kind], all, part?.tool, tokenisation.maxNodeTokens);
}

/** A prompt of several messages, replies among them, whose ids cannot be told apart: none of its parts names it. */
function isConversation(event: RolloutEvent, parts: readonly Part[]): boolean {
  const isSaid = ({ kind }: Part): boolean => kind === 'text' || kind === 'thinking' || kind === 'call' || kind === 'memory';
  return !event.sampled && parts.some(isSaid) && !parts.every(isSaid);
}

function mostSpecific(parts: readonly Part[], tokenisation: Tokenisation): Part | undefined {
  for (const kind of SPECIFIC) {
    const part = parts.find((candidate) => kindOf(candidate, tokenisation.isMemory) === kind);
    if (part) return part;
  }
  return undefined;
}

/**
 * First token of each part of the run [from, to), found by reading the ids with the session's tokenizer; null where
 * there is one part only or the ids do not read as the parts' text. The run's first cut is `from` itself.
 */
function partCuts(
  ids: ArrayLike<number>,
  from: number,
  to: number,
  parts: readonly Part[],
  tokenisation: Tokenisation,
): { at: number; part: Part }[] | null {
  const { counts, tokenizer } = tokenisation;
  if (counts.verifiedRuns === 0 && counts.unverifiedRuns >= TRIALS) return null;
  let text = '';
  const startOf: number[] = [];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (let i = from; i < to; i++) {
    const bytes = tokenizer.bytes(ids[i]);
    if (bytes === null) {
      counts.unverifiedRuns++;
      return null;
    }
    startOf.push(text.length);
    text += decoder.decode(bytes, { stream: true });
  }
  const cuts: { at: number; part: Part }[] = [];
  let cursor = 0;
  let found = 0;
  for (const part of parts) {
    const place = findPart(text, part, cursor);
    if (place === null) continue;
    found++;
    cursor = place.end;
    let token = 0;
    while (token < startOf.length && startOf[token] < place.start) token++;
    cuts.push({ at: cuts.length === 0 ? from : from + token, part });
  }
  if (found === 0) counts.unverifiedRuns++;
  else counts.verifiedRuns++;
  return cuts.length === 0 ? null : cuts;
}

function findPart(text: string, part: Part, cursor: number): { start: number; end: number } | null {
  if (isSeparateCall(part)) {
    const mark = text.indexOf('<tool_call>', cursor);
    const body = text.indexOf(part.tool ?? part.text, mark < 0 ? cursor : mark);
    if (body < 0) return null;
    const close = text.indexOf('</tool_call>', body);
    return { start: mark < 0 ? body : mark, end: close < 0 ? body + 1 : close };
  }
  const wanted = part.text.trim();
  const at = wanted === '' ? -1 : text.indexOf(wanted, cursor);
  return at < 0 ? null : { start: at, end: at + wanted.length };
}

function slice(ids: ArrayLike<number>, from: number, to: number): ArrayLike<number> {
  if (from === 0 && to === ids.length) return ids;
  return ids instanceof Int32Array ? ids.subarray(from, to) : Array.prototype.slice.call(ids, from, to);
}

function writeChannels(writer: BatchWriter, logged: LoggedTokens, first: number): void {
  const put = (channel: Channel, values: ArrayLike<number> | undefined): void => {
    if (values) writer.setChannelRun(channel, first, values);
  };
  put('entropy', logged.entropy);
  put('entropyLow', logged.entropyLow);
  put('entropyHigh', logged.entropyHigh);
  put('advantage', logged.advantages);
  if (logged.logprobs) writer.setLogprobs(first, logged.logprobs);
}
