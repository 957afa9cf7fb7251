/** Tokenises an event by its logged token ids, cut where `sampled` changes and, where the ids can be read, where parts begin. */
import { ENDING, endingsOf, FLAG, isAtomic, KIND, type Kind } from '../model/kinds.ts';
import type { Channel } from '../model/batch.ts';
import type { LoggedTokens, Part, RolloutEvent } from '../model/rollout.ts';
import { actionKey } from './actions.ts';
import type { BatchWriter } from './batch-writer.ts';
import { isSampledAt, lastSampledAt, runEnd } from './logged-ends.ts';
import { isAnswer, kindOf, writeBlocks, type Tokenisation } from './tokenisation.ts';
import { findPart, isOther, readCut, runText } from './run-text.ts';

/** A run takes the most specific kind of its parts, where they cannot be told apart. */
const SPECIFIC: readonly Kind[] = ['memory', 'call', 'summary', 'result', 'text', 'thinking', 'user', 'system', 'scaffold'];

/**
 * @param waits a call before the event waits for its result. @param pending so does one at or before it, after it
 * @param turnEnds ids that end turns
 */
export function tokeniseLogged(
  writer: BatchWriter,
  event: RolloutEvent,
  waits: boolean,
  pending: boolean,
  turnEnds: ReadonlySet<number>,
  tokenisation: Tokenisation,
): void {
  const logged = event.tokens!;
  const ids = logged.ids!;
  const tail = pending ? FLAG.open : 0;
  const lastSampled = lastSampledAt(event);
  const ended = event.sampled && event.truncated !== true && lastSampled >= 0 && turnEnds.has(ids[lastSampled]) ? ENDING.turn : 0;
  const ends = partEnds(event, ids.length);
  if (ends !== null) readCut(ids, event.parts, tokenisation);
  let from = 0;
  let covering = 0;
  let begun = false;
  while (from < ids.length) {
    const sampled = isSampledAt(event, from);
    if (ends !== null) covering = ends.findIndex((end) => end > from);
    const limit = ends?.[covering] ?? ids.length;
    const to = runEnd(event, from, limit);
    // What follows the last sampled token of a turn (a newline of the template) ends the turn; what precedes the first is
    // its header, where a path may end.
    const isHeader = event.sampled && !sampled && !begun && to <= lastSampled;
    const open = isHeader ? (waits ? FLAG.open : 0) : (event.sampled || sampled) && to <= lastSampled ? FLAG.open : tail;
    begun ||= sampled;
    const turn = to === lastSampled + 1 ? ended : 0;
    if (!sampled && event.sampled) {
      writer.beginSegment(KIND.scaffold, open, undefined, null);
      writeBlocks(writer, slice(ids, from, to), false, null);
    } else if (ends) {
      const part = event.parts[covering];
      const inside = !event.sampled && to < ids.length ? FLAG.open : open;
      const flags = (sampled ? FLAG.sampled : 0) | inside;
      segment(writer, ids, from, to, kindOf(part, tokenisation.isMemory), part, event, flags, to === limit, turn, tokenisation);
    } else {
      const isLast = event.sampled ? to > lastSampled : to === ids.length;
      writeRun(writer, event, ids, from, to, sampled ? FLAG.sampled : 0, open, isLast, turn, tokenisation);
    }
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

/**
 * @param isLast of the event's runs: where its parts can't be told apart, they are complete there
 * @param turn its bit in `ENDING` where the turn ends with the run
 */
function writeRun(
  writer: BatchWriter,
  event: RolloutEvent,
  ids: ArrayLike<number>,
  from: number,
  to: number,
  sampled: number,
  open: number,
  isLast: boolean,
  turn: number,
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
    segment(writer, ids, from, to, kind, part, event, sampled | open, isLast, turn, tokenisation);
    return;
  }
  cuts.forEach(({ at, part }, index) => {
    const end = cuts[index + 1]?.at ?? to;
    if (end <= at) return;
    const last = cuts.slice(index + 1).every((later) => later.at >= to);
    const flags = sampled | (last ? open : FLAG.open);
    segment(writer, ids, at, end, kindOf(part, tokenisation.isMemory), part, event, flags, true, last ? turn : 0, tokenisation);
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
  isWhole: boolean,
  turn: number,
  tokenisation: Tokenisation,
): void {
  const all = flags | (part?.error ? FLAG.error : 0);
  const endings = (isWhole ? endingsOf(KIND[kind], all) : 0) | turn;
  writer.beginSegment(KIND[kind], all, part?.tool, part ? actionKey(part, event.role) : null, endings);
  writeBlocks(writer, slice(ids, from, to), isAtomic(KIND[kind]) || isAnswer(event), tokenisation.maxNodeTokens);
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
  const { counts, tried, tokenizer } = tokenisation;
  if (isOther(tried)) return null;
  const text = runText(ids, from, to, tokenizer);
  const places: { readonly start: number; readonly part: Part }[] = [];
  let cursor = 0;
  for (const part of text === null ? [] : parts) {
    const place = findPart(text ?? '', part, cursor);
    if (place === null) continue;
    cursor = place.end;
    places.push({ start: place.start, part });
  }
  if (places.length === 0) {
    counts.unverifiedRuns++;
    tried.missed++;
    return null;
  }
  counts.verifiedRuns++;
  tried.found++;
  const startOf = tokenStarts(ids, from, to, tokenizer);
  return places.map(({ start, part }, index) => {
    let token = 0;
    while (token < startOf.length && startOf[token] < start) token++;
    return { at: index === 0 ? from : from + token, part };
  });
}

/** token -> where it begins in the text */
function tokenStarts(ids: ArrayLike<number>, from: number, to: number, tokenizer: Tokenisation['tokenizer']): number[] {
  const starts: number[] = [];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let at = 0;
  for (let i = from; i < to; i++) {
    starts.push(at);
    at += decoder.decode(tokenizer.bytes(ids[i]) ?? new Uint8Array(0), { stream: true }).length;
  }
  return starts;
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
