/** The turns of a branch with what came of them: each call with its results, and what was said before the next turn. */
import type { Branch, Part, RolloutEvent } from '../model/rollout.ts';

/** UTF-16 units of a result that rules look at: its first and its last ones, as many of each. [ours] */
const LOOKED_AT = 4096;

export interface SeenResult {
  /** The log marks it as an error. */
  readonly isFlagged: boolean;
  /** At most the first LOOKED_AT units of its text, and where it is longer the last as many; they may overlap. */
  readonly head: string;
  readonly tail: string;
}

export interface SeenCall {
  readonly tool: string;
  /** As the log has it: one JSON text, or the words of the message where it is inline. */
  readonly text: string;
  readonly isInline: boolean;
  readonly results: readonly SeenResult[];
}

export interface SeenTurn {
  /** Events of the branch before it. */
  readonly event: number;
  /** The log marks the turn itself as an error. */
  readonly isFlagged: boolean;
  readonly calls: readonly SeenCall[];
  /** Results that are of none of its calls. */
  readonly results: readonly SeenResult[];
  /** First LOOKED_AT units of what was said to it in messages that are no results, up to the next turn. */
  readonly replies: readonly string[];
}

interface OpenCall extends SeenCall {
  readonly results: SeenResult[];
  readonly id: string | undefined;
}

interface OpenTurn extends SeenTurn {
  readonly calls: OpenCall[];
  readonly results: SeenResult[];
  readonly replies: string[];
}

/** Beginnings of messages of a user that are the output of a tool: how logs without roles of tools write it. [ours] */
const OBSERVATION = /^\s{0,8}(?:OBSERVATION:|Observation:|<tool_response>|<tool_result>|<function_results?>|EXECUTION RESULT)/;

/**
 * A result belongs to the call whose id it names, else to the first call of its turn without one, by tool where it names a tool. A turn
 * is one event of the policy or of an assistant that is replayed. O(parts).
 */
export function turnsOf({ events }: Pick<Branch, 'events'>): SeenTurn[] {
  const turns: OpenTurn[] = [];
  const byId = new Map<string, OpenCall>();
  let turn: OpenTurn | undefined;
  const answer = (part: Part): void => {
    if (turn === undefined) return;
    const named = part.callId === undefined ? undefined : byId.get(part.callId);
    const waiting = turn.calls.filter(({ results }) => results.length === 0);
    const call = named ?? waiting.find(({ tool }) => tool === part.tool) ?? (part.callId === undefined ? waiting[0] : undefined);
    (call ?? turn).results.push(seenResult(part));
  };
  for (const [at, event] of events.entries()) {
    if (isTurn(event)) {
      turn = { event: at, isFlagged: event.parts.some(isFlaggedTurn), calls: [], results: [], replies: [] };
      turns.push(turn);
      for (const part of event.parts) {
        if (part.kind !== 'call' && part.kind !== 'memory') continue;
        const { tool = '', text, inline = false, callId: id } = part;
        const call: OpenCall = { tool, text, isInline: inline, results: [], id };
        turn.calls.push(call);
        if (id !== undefined) byId.set(id, call);
      }
    }
    for (const part of event.parts) {
      if (part.kind === 'result') answer(part);
      else if (!isTurn(event) && turn !== undefined && (part.kind === 'user' || part.kind === 'system' || part.kind === 'text')) {
        const isOutput = OBSERVATION.test(part.text) && turn.calls.some(({ results }) => results.length === 0);
        if (isOutput) answer(part);
        else turn.replies.push(part.text.slice(0, LOOKED_AT));
      }
    }
  }
  return turns;
}

export function isTurn({ sampled, role }: Pick<RolloutEvent, 'sampled' | 'role'>): boolean {
  return sampled || role === 'assistant';
}

function isFlaggedTurn({ kind, error }: Part): boolean {
  return error === true && kind !== 'result';
}

function seenResult({ text, error }: Part): SeenResult {
  return { isFlagged: error === true, head: text.slice(0, LOOKED_AT), tail: text.slice(-LOOKED_AT) };
}
