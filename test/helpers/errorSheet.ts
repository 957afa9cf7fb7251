/** What a reader of turns is shown: calls, results and what is said next, with the middle of long texts left out; no rule is named. */
import { isTurn } from '../../src/core/errors/turns.ts';
import type { Part, RolloutEvent } from '../../src/core/model/rollout.ts';
import { rolloutsIn, type ErrorTurn } from './errorTurns.ts';

export async function errorSheet(turns: readonly Pick<ErrorTurn, 'file' | 'rollout' | 'branch' | 'event' | 'hash'>[]): Promise<string> {
  const files = new Map<string, Awaited<ReturnType<typeof rolloutsIn>>>();
  const entries: string[] = [];
  // By hash, so that neighbours are of different files.
  for (const { file, rollout, branch, event } of turns.toSorted((a, b) => (a.hash < b.hash ? -1 : 1))) {
    if (!files.has(file)) files.set(file, await rolloutsIn(file));
    const events = files.get(file)?.[rollout]?.rollout.branches[branch]?.events ?? [];
    entries.push(`=== ${entries.length + 1}\n${entryOf(events, event)}`);
  }
  return entries.join('\n');
}

function entryOf(events: readonly RolloutEvent[], at: number): string {
  const turn = events[at];
  if (turn === undefined) return 'not there';
  const calls = turn.parts.filter(isCall);
  const before = events.slice(0, at).findLast(({ role }) => role !== 'assistant');
  const next = events.findIndex((event, i) => i > at && isTurn(event));
  const answers = events.slice(at + 1, next < 0 ? events.length : next);
  return [
    ...(calls.length === 0 ? [`BEFORE: ${shown(textOf(before?.parts ?? []), 150, 100)}`] : []),
    `SAID: ${shown(textOf(turn.parts.filter(({ kind }) => kind === 'text')), 180, 120)}`,
    ...calls.flatMap((call) => [`CALL ${call.tool ?? ''}: ${shown(call.text, 350, 150)}`, ...sameBefore(events, at, call)]),
    ...answers.flatMap(({ role, parts }) => parts.map(({ kind, text }) => `  -> ${role}/${kind}: ${shown(text, 420, 330)}`)),
    ...turn.parts.filter(({ kind }) => kind === 'result').map(({ text }) => `  -> in the turn: ${shown(text, 420, 330)}`),
    ...(at === events.length - 1 ? ['  (end of the rollout)'] : []),
  ].join('\n');
}

/** That the same call was made before, and what was called since. */
function sameBefore(events: readonly RolloutEvent[], at: number, { tool, text }: Part): string[] {
  const last = events
    .slice(0, at)
    .findLastIndex(({ parts }) => parts.some((part) => isCall(part) && part.tool === tool && part.text === text));
  if (last < 0) return [];
  const since = events.slice(last + 1, at).flatMap(({ parts }) => parts.filter(isCall));
  const names = since.map((part) => `${part.tool ?? ''} ${part.text.slice(0, 60)}`).join(' ; ');
  return [`   the same call ${at - last} events before; calls since: ${shown(names, 300, 0)}`];
}

function isCall({ kind }: Part): boolean {
  return kind === 'call' || kind === 'memory';
}

function textOf(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join(' ');
}

function shown(text: string, head: number, tail: number): string {
  const left = text.length - head - tail;
  return (left <= 0 ? text : `${text.slice(0, head)} […${left}…] ${tail === 0 ? '' : text.slice(-tail)}`).replaceAll(/\r?\n/g, '⏎');
}
