/** Tokenises the branches of a rollout as token trajectories: logged ids where the log has them, a template over text where not. */
import { isShared, perShared } from '../../base/shared.ts';
import { ENDING, endingsOf, FLAG, isAtomic, KIND, NONE } from '../model/kinds.ts';
import type { Branch, Part, Rollout, RolloutEvent } from '../model/rollout.ts';
import { actionKey, TALK_KINDS } from './actions.ts';
import type { BatchWriter } from './batch-writer.ts';
import { endsOfTurns } from './logged-ends.ts';
import { tokeniseLogged } from './logged.ts';
import { pendingCalls } from './pending.ts';
import { isAnswer, kindOf, writeBlocks, type Tokenisation } from './tokenisation.ts';
import { isSeparateCall, marksOf, plainText, ROLE_WORD, type Rendered } from './template.ts';
import { packOrigins, type BranchOrigin } from './token-origin.ts';
import { writeLoggedText } from './logged-text.ts';
import { tokeniseRendered } from './rendered.ts';

/** Branch -> what the chat template makes of it; null: there is none, or the branch's ids are the log's. */
export function renderBranches({ branches, tools }: Rollout, { template }: Tokenisation): (Rendered | null)[] {
  return branches.map((branch) => (template === null || isEmpty(branch) || isLogged(branch) ? null : template.render(branch, tools)));
}

/** Nothing is in it, the chat template leaves all of it out, or the tokenizer does. @param rendered as `renderBranches` gives it */
export function hasNoTokens(branch: Branch, rendered: Rendered | null, { tokenizer, encode }: Tokenisation): boolean {
  if (isEmpty(branch)) return true;
  if (isLogged(branch)) return branch.events.every((event) => event.tokens?.ids?.length === 0);
  if (rendered?.ok === true)
    return rendered.pieces.every(({ text }) => text === '' || (tokenizer.encodeMarked?.(text) ?? tokenizer.encode(text)).length === 0);
  const { start, separator, end } = marksOf(tokenizer);
  if (start.length + separator.length + end.length > 0) return false;
  return branch.events.every(({ role, parts }) => [ROLE_WORD[role], ...parts.map(plainText)].every((text) => encode(text).length === 0));
}

function isEmpty(branch: Branch): boolean {
  return !branch.events.some((event) => (event.tokens?.ids?.length ?? 0) > 0 || event.parts.length > 0);
}

/**
 * Writes one trajectory per branch that has tokens.
 * @param rendered as `renderBranches` gives it
 * @returns event, branch after branch -> tokens of its trajectory up to its end; an event without tokens ends where the
 * one before it does, and events of a branch without tokens at 0
 */
export function tokeniseRollout(
  writer: BatchWriter,
  rollout: Rollout,
  row: number,
  tokenisation: Tokenisation,
  rendered = renderBranches(rollout, tokenisation),
): Int32Array {
  const ends = new Int32Array(rollout.branches.reduce((sum, branch) => sum + branch.events.length, 0));
  // Each rollout is tried on its own: what was read before it depends on the order of files and on who reads them.
  Object.assign(tokenisation.tried, { found: 0, missed: 0 });
  const lastBranch = rollout.branches.length - 1;
  let first = 0;
  writer.setTokensFrom(row, packOrigins(rollout.branches.map(branchOrigin)));
  rollout.branches.forEach((branch, index) => {
    const own = ends.subarray(first, (first += branch.events.length));
    if (hasNoTokens(branch, rendered[index] ?? null, tokenisation)) return;
    for (const event of branch.events) {
      for (const part of event.parts) tokenisation.counts.images += part.images?.length ?? 0;
      if (event.sampled && event.truncated === true) tokenisation.counts.truncatedTurns++;
    }
    writer.beginTrajectory(row, index, branch.reward ?? NaN, branch.advantage ?? NaN);
    tokeniseBranch(writer, branch, own.fill(NONE), rendered[index] ?? null, index === lastBranch, tokenisation);
    for (let event = 0; event < own.length; event++) if (own[event] === NONE) own[event] = event === 0 ? 0 : own[event - 1];
  });
  return ends;
}

function branchOrigin(branch: Branch): BranchOrigin {
  return { origin: isLogged(branch) ? 'logged' : 'text', isCutOff: branch.events.at(-1)?.truncated === true };
}

/** A branch is never tokenised in part: it has ids of the log at every event, or none of them is used. */
function isLogged(branch: Branch): boolean {
  return branch.events.every((event) => event.tokens?.ids !== undefined);
}

const NO_ENDS: ReadonlySet<number> = new Set();

/** @param ends event -> tokens up to its end; written where the event has tokens */
function tokeniseBranch(
  writer: BatchWriter,
  branch: Branch,
  ends: Int32Array,
  rendered: Rendered | null,
  isLast: boolean,
  tokenisation: Tokenisation,
): void {
  const pending = pendingCalls(branch);
  const finalEvent = isLast ? branch.events.findLastIndex((event) => event.sampled) : -1;
  const before = writer.tokenCount;
  const logged = isLogged(branch);
  if (rendered !== null) {
    if (rendered.ok) {
      tokeniseRendered(writer, branch, rendered.pieces, pending, finalEvent, tokenisation, (event) => {
        ends[event] = writer.tokenCount - before;
      });
      tokenisation.counts.textTokens += writer.tokenCount - before;
      if (tokenisation.template?.showsCalls === false)
        for (const { parts } of branch.events) tokenisation.counts.hiddenCalls += parts.filter(isSeparateCall).length;
      return;
    }
    tokenisation.counts.templateFailures++;
  }
  const talks = !branch.events.some((event) => event.parts.some(isAction));
  const turnEnds = logged ? endsOfTurns(branch) : NO_ENDS;
  branch.events.forEach((event, index) => {
    const first = writer.segmentCount;
    const waits = index > 0 && pending[index - 1] > 0;
    if (logged) tokeniseLogged(writer, event, waits, pending[index] > 0, turnEnds, tokenisation);
    else tokeniseText(writer, event, index === 0 || waits, pending[index] > 0, talks, tokenisation);
    if (index === finalEvent) writer.markFinal(first);
    ends[index] = writer.tokenCount - before;
  });
  if (logged) tokenisation.counts.loggedTokens += writer.tokenCount - before;
  else tokenisation.counts.textTokens += writer.tokenCount - before;
}

/** Every such part has a segment of its kind in what `tokeniseText` writes. */
function isAction(part: Part): boolean {
  return part.kind === 'call' || part.kind === 'memory';
}

/** Ids of a part by the plain template. */
const idsOfPart = perShared((part: Part, { encode, tokenizer }: Tokenisation): ArrayLike<number> => {
  const text = plainText(part);
  // Equal results come in unequal messages, because the call's id is in them; of all other shared parts the ids are kept here.
  return isShared(part) && part.kind !== 'result' ? tokenizer.encode(text) : encode(text);
});

/** Talk is no action where there are calls, and hashing the words of a whole log is costly. */
function keyOf(part: Part, event: RolloutEvent, talks: boolean): string | null {
  return talks || !TALK_KINDS.includes(part.kind) ? actionKey(part, event.role) : null;
}

/**
 * One message by the plain template. Context messages are one segment; a sampled turn has one per part.
 * @param mustGoOn no path may end behind its header: nothing comes before it, or a call before it waits for its result
 * @param talks whether the branch has no actions
 */
function tokeniseText(
  writer: BatchWriter,
  event: RolloutEvent,
  mustGoOn: boolean,
  pending: boolean,
  talks: boolean,
  tokenisation: Tokenisation,
): void {
  const tail = pending ? FLAG.open : 0;
  if (event.role !== 'assistant') {
    tokeniseContext(writer, event, tail, talks, tokenisation);
    return;
  }
  // The header is the prompt's last piece, so a path may end behind it.
  writer.beginSegment(KIND.scaffold, mustGoOn ? FLAG.open : 0, undefined, null);
  header(writer, event, tokenisation);
  const sampled = event.sampled ? FLAG.sampled : 0;
  const firstToken = writer.tokenCount;
  if (event.parts.length === 0) {
    endTurn(writer, event, tail, false, tokenisation);
    return;
  }
  const marks = marksOf(tokenisation.tokenizer);
  event.parts.forEach((part, index) => {
    const last = index === event.parts.length - 1;
    const kind = kindOf(part, tokenisation.isMemory);
    const withEnd = last && event.truncated !== true;
    const flags = sampled | (part.error ? FLAG.error : 0) | (withEnd ? tail : FLAG.open);
    const endings = endingsOf(KIND[kind], flags) | (withEnd && event.sampled ? ENDING.turn : 0);
    writer.beginSegment(KIND[kind], flags, part.tool, keyOf(part, event, talks), endings);
    writeBlocks(writer, idsOfPart(part, tokenisation), isAtomic(KIND[kind]), tokenisation.maxNodeTokens);
    if (withEnd) writer.addTokens(marks.end, 0, marks.end.length);
  });
  if (event.truncated === true) endTurn(writer, event, tail, true, tokenisation);
  if (event.tokens?.texts) writeLoggedText(writer, firstToken, event, tokenisation);
}

/** A segment that is the end mark alone. @param cut the log cuts the turn off: the template ends it, and not the policy */
function endTurn(writer: BatchWriter, event: RolloutEvent, tail: number, cut: boolean, tokenisation: Tokenisation): void {
  const kind = cut ? KIND.scaffold : KIND.text;
  const flags = tail | (event.sampled && !cut ? FLAG.sampled : 0);
  writer.beginSegment(kind, flags, undefined, null, endingsOf(kind, flags) | (event.sampled && !cut ? ENDING.turn : 0));
  const { end } = marksOf(tokenisation.tokenizer);
  writer.addTokens(end, 0, end.length);
}

function tokeniseContext(writer: BatchWriter, event: RolloutEvent, tail: number, talks: boolean, tokenisation: Tokenisation): void {
  const parts = event.parts.length > 0 ? event.parts : [{ kind: event.role === 'system' ? 'system' : 'user', text: '' } as const];
  const answers = isAnswer(event);
  const { end } = marksOf(tokenisation.tokenizer);
  parts.forEach((part: Part, index) => {
    const last = index === parts.length - 1;
    const kind = kindOf(part, tokenisation.isMemory);
    const sampled = event.sampled ? FLAG.sampled : 0;
    const flags = sampled | (part.error ? FLAG.error : 0) | (last ? tail : FLAG.open);
    writer.beginSegment(KIND[kind], flags, part.tool, keyOf(part, event, talks));
    if (index === 0) header(writer, event, tokenisation);
    writeBlocks(writer, idsOfPart(part, tokenisation), answers || isAtomic(KIND[kind]), tokenisation.maxNodeTokens);
    if (last) writer.addTokens(end, 0, end.length);
  });
}

function header(writer: BatchWriter, event: RolloutEvent, tokenisation: Tokenisation): void {
  const { start, separator } = marksOf(tokenisation.tokenizer);
  writer.addTokens(start, 0, start.length);
  const word = tokenisation.encode(ROLE_WORD[event.role]);
  writer.addTokens(word, 0, word.length);
  writer.addTokens(separator, 0, separator.length);
}
