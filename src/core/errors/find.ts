/** What the error rules hit in a rollout, and which later turn corrects it. */
import type { Rollout } from '../model/rollout.ts';
import { eventIds } from '../rollouts/event-ids.ts';
import { canonicalArguments } from './arguments.ts';
import { WHOLE_TURN, type ErrorRule } from './error-rule.ts';
import { commandOf, programOf } from './shell.ts';
import { toolTable, type ToolTable } from './tool-table.ts';
import { turnsOf, type SeenCall, type SeenTurn } from './turns.ts';

/** One rule at one call of one turn. Turns of a rollout are counted from 1, those that several branches show once. */
export interface ErrorHit {
  readonly rule: string;
  readonly turn: number;
  /** Where the policy wrote the turn: the first such branch, and the turn's event there. */
  readonly branch: number;
  readonly event: number;
  /** Which of the turn's calls, or WHOLE_TURN. */
  readonly call: number;
  /** The call's tool, at most LONGEST_NAME units of it; empty where there is none. */
  readonly tool: string;
  /** The turn that corrects it, and how many turns of the branch later it comes; null: none does. */
  readonly corrected: { readonly turn: number; readonly after: number } | null;
}

/** Where the policy wrote a turn. */
export interface TurnPlace {
  readonly turn: number;
  readonly branch: number;
  readonly event: number;
}

export interface RolloutErrors {
  /** Distinct turns that the policy wrote. */
  readonly turns: number;
  /** By turn, then by rule, then by call: each once. */
  readonly hits: readonly ErrorHit[];
  /** All places of the turns that are hit. */
  readonly places: readonly TurnPlace[];
}

const LONGEST_NAME = 100;

interface Found {
  readonly rule: number;
  readonly call: number;
}

/**
 * A rule's hit in a branch that replays a turn counts for the turn itself. A hit is *corrected* by the first later turn of the branch
 * with a call of the same tool and other arguments (of a shell: that runs the same program) that has a result, and that no rule of
 * outcomes hits; of a hit without a call, by the first later turn whose calls are so. [ours] O(texts + hits × turns after them).
 */
export function findErrors({ branches, tools }: Pick<Rollout, 'branches' | 'tools'>, rules: readonly ErrorRule[]): RolloutErrors {
  const table = toolTable(tools);
  const ids = eventIds(branches);
  const places = placesOf(branches, ids);
  const numbers = new Map([...places.keys()].map((id, at) => [id, at + 1]));
  const hits = new Map<string, { readonly hit: ErrorHit; readonly rule: number }>();
  for (const [branch, own] of branches.entries()) {
    const turns = turnsOf(own);
    const found = foundIn(turns, rules, table);
    const known = new Map<SeenCall, Aim>();
    const aimOf = (call: SeenCall): Aim => {
      const aim = known.get(call) ?? { program: programIn(call), text: canonicalArguments(call.text) };
      known.set(call, aim);
      return aim;
    };
    const good = turns.map((turn, at) => turn.calls.map((call, c) => call.results.length > 0 && !fails(found[at], c, rules)));
    for (const [at, turn] of turns.entries()) {
      const id = ids[branch][turn.event];
      const place = places.get(id)?.[0];
      const number = numbers.get(id);
      if (place === undefined || number === undefined) continue;
      for (const { rule, call } of found[at]) {
        const key = `${number} ${rule} ${call}`;
        const before = hits.get(key);
        if (before !== undefined && before.hit.corrected !== null) continue;
        const by = correctedAt(turns, good, at, call, aimOf);
        const corrector = by === null ? undefined : numbers.get(ids[branch][turns[by].event]);
        const hit: ErrorHit = {
          rule: rules[rule].id,
          ...place,
          turn: number,
          call,
          tool: call === WHOLE_TURN ? '' : turn.calls[call].tool.slice(0, LONGEST_NAME),
          corrected: by === null || corrector === undefined ? null : { turn: corrector, after: by - at },
        };
        hits.set(key, { hit, rule });
      }
    }
  }
  const sorted = [...hits.values()]
    .sort((a, b) => a.hit.turn - b.hit.turn || a.rule - b.rule || a.hit.call - b.hit.call)
    .map(({ hit }) => hit);
  const hitTurns = new Set(sorted.map(({ turn }) => turn));
  return {
    turns: places.size,
    hits: sorted,
    places: [...places].flatMap(([id, own]) => {
      const turn = numbers.get(id) ?? 0;
      return hitTurns.has(turn) ? own.map((place) => ({ turn, ...place })) : [];
    }),
  };
}

/** distinct event that the policy wrote -> its places, in the order in which they are met */
function placesOf(branches: Rollout['branches'], ids: readonly (readonly number[])[]): Map<number, { branch: number; event: number }[]> {
  const places = new Map<number, { branch: number; event: number }[]>();
  for (const [branch, { events }] of branches.entries()) {
    for (const [event, { sampled }] of events.entries()) {
      if (!sampled) continue;
      const id = ids[branch][event];
      const own = places.get(id);
      if (own === undefined) places.set(id, [{ branch, event }]);
      else own.push({ branch, event });
    }
  }
  return places;
}

function foundIn(turns: readonly SeenTurn[], rules: readonly ErrorRule[], table: ToolTable): Found[][] {
  const begun = rules.map((rule) => rule.begin(table));
  return turns.map((turn) => begun.flatMap((hitsOf, rule) => [...new Set(hitsOf(turn))].map((call) => ({ rule, call }))));
}

function fails(found: readonly Found[], call: number, rules: readonly ErrorRule[]): boolean {
  return found.some((hit) => rules[hit.rule].judges === 'outcome' && (hit.call === call || hit.call === WHOLE_TURN));
}

/** What a call is after. */
interface Aim {
  /** Null: it runs no command. */
  readonly program: string | null;
  readonly text: string;
}

function correctedAt(
  turns: readonly SeenTurn[],
  good: readonly (readonly boolean[])[],
  at: number,
  call: number,
  aimOf: (call: SeenCall) => Aim,
): number | null {
  const wrong = call === WHOLE_TURN ? null : turns[at].calls[call];
  const corrects = (other: SeenCall): boolean => {
    if (wrong === null) return true;
    if (other.tool !== wrong.tool) return false;
    const [before, now] = [aimOf(wrong), aimOf(other)];
    return now.program === before.program && now.text !== before.text;
  };
  for (let later = at + 1; later < turns.length && later - at <= LATEST; later++)
    if (turns[later].calls.some((other, c) => good[later][c] && corrects(other))) return later;
  return null;
}

/** Later turns than this correct nothing, whatever is set. [ours] */
export const LATEST = 50;

function programIn(call: SeenCall): string | null {
  const command = commandOf(call);
  return command === null ? null : programOf(command);
}
