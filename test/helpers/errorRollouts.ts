/** Small rollouts for error rules: turns with calls and what came of them. */
import { ERROR_RULES } from '../../src/core/errors/registry.ts';
import { findErrors, type ErrorHit } from '../../src/core/errors/find.ts';
import type { Part, Rollout, RolloutEvent } from '../../src/core/model/rollout.ts';

export interface ToldCall {
  readonly tool?: string;
  /** JSON text, or an object that becomes one. */
  readonly args?: string | object;
  /** Null: none. */
  readonly result?: string | null;
  readonly error?: boolean;
  readonly inline?: boolean;
}

/** One turn with its calls, their results, and what is said next. */
export function turnEvents(calls: readonly ToldCall[], reply?: string): RolloutEvent[] {
  const parts = calls.map(({ tool = 'bash', args = {}, inline }, at): Part => {
    const text = typeof args === 'string' ? args : JSON.stringify(args);
    return { kind: 'call', tool, text, callId: `c${at}`, ...(inline === true ? { inline } : {}) };
  });
  const results = calls.flatMap(({ result = 'ok', error }, at): RolloutEvent[] => {
    if (result === null) return [];
    const part: Part = { kind: 'result', text: result, callId: `c${at}`, ...(error === true ? { error } : {}) };
    return [{ role: 'tool', sampled: false, parts: [part] }];
  });
  const said: RolloutEvent[] = reply === undefined ? [] : [{ role: 'user', sampled: false, parts: [{ kind: 'user', text: reply }] }];
  return [{ role: 'assistant', sampled: true, parts: [{ kind: 'text', text: 'I go on.' }, ...parts] }, ...results, ...said];
}

export function rolloutOfTurns(turns: readonly (readonly RolloutEvent[])[], tools?: string): Rollout {
  const first: RolloutEvent = { role: 'user', sampled: false, parts: [{ kind: 'user', text: 'Mend it.' }] };
  return { id: 'a', task: 't', reward: null, branches: [{ events: [first, ...turns.flat()] }], ...(tools === undefined ? {} : { tools }) };
}

export function hitsOf(turns: readonly (readonly RolloutEvent[])[], tools?: string): readonly ErrorHit[] {
  return findErrors(rolloutOfTurns(turns, tools), ERROR_RULES).hits;
}

/** Rules that hit a single call. */
export function rulesOf(call: ToldCall, reply?: string, tools?: string): string[] {
  return [...new Set(hitsOf([turnEvents([call], reply)], tools).map(({ rule }) => rule))];
}
