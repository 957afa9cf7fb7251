/** Which turns of a forest's trajectories carry no loss because they went wrong, and what that takes, rule by rule. */
import { onPath } from '../../core/errors/turn-spans.ts';
import { maskedTurns, type ErrorChoice } from '../../core/errors/masked.ts';
import { failedTurns, type TurnMasks } from '../../core/export/loss.ts';
import type { Forest } from '../../core/model/forest.ts';
import { pathTo } from '../../core/tree/navigate.ts';
import { hasSampled } from '../../core/tree/sampled.ts';
import { ERROR_RULES } from '../../core/errors/registry.ts';
import { FLAGGED, isOfMarks } from './choice.ts';
import type { FoundErrors } from './prepared.ts';

/** Turns as trajectories hold them: one that two trajectories sampled is two. */
export interface MaskCount {
  readonly turns: number;
  readonly rollouts: number;
  /** With loss before, of each trajectory that sampled them. */
  readonly tokens: number;
}

export interface ErrorMasks {
  readonly choice: ErrorChoice;
  readonly turns: TurnMasks;
  /** Rollouts of which only the log's own marks are known: they have no messages, or could not be read again. */
  readonly byMarksAlone: number;
  /** @param tokensOf node -> its tokens that are to carry loss. Rules that are on, in the order of the registry. */
  count(
    forest: Forest,
    tokensOf: (node: number) => number,
  ): { readonly byRule: Readonly<Record<string, MaskCount>>; readonly all: MaskCount };
}

type Events = ReadonlyMap<number, ReadonlySet<string>>;
const OF_MARKS: ReadonlySet<string> = new Set([FLAGGED]);

/**
 * @param found null: the choice is told by marks (`isOfMarks`)
 * @param eventEnds trajectory -> event -> tokens up to its end; null: not known
 */
export function errorMasks(
  choice: ErrorChoice,
  found: FoundErrors | null,
  { rollout, branch }: Forest['trajectories'],
  eventEnds: (t: number) => Int32Array | null,
): ErrorMasks {
  const known = new Map<number, readonly Events[]>();
  /** Events of the trajectory that are masked, with the rules; null: the marks tell. */
  const eventsOf = (t: number): Events | null => {
    const errors = found?.of[rollout[t] ?? 0] ?? null;
    if (errors === null) return null;
    let branches = known.get(rollout[t] ?? 0);
    if (branches === undefined) {
      const masked = maskedTurns(errors, choice);
      const own: Map<number, ReadonlySet<string>>[] = [];
      for (const place of errors.places) {
        const rules = masked.get(place.turn);
        if (rules !== undefined) (own[place.branch] ??= new Map<number, ReadonlySet<string>>()).set(place.event, rules);
      }
      known.set(rollout[t] ?? 0, (branches = own));
    }
    return branches[branch[t] ?? 0] ?? NO_EVENTS;
  };
  const marksOnly = choice.rules.has(FLAGGED);
  const turns: TurnMasks = (forest, t) => {
    const events = eventsOf(t);
    const ends = eventEnds(t);
    if (events === null || ends === null) return marksOnly ? failedTurns(forest, t) : new Uint8Array(pathLength(forest, t));
    if (events.size === 0) return new Uint8Array(pathLength(forest, t));
    return Uint8Array.from(onPath(forest, t, ends, (event) => (events.has(event) ? 1 : 0)));
  };
  return {
    choice,
    turns,
    byMarksAlone: isOfMarks(choice) ? 0 : (found?.of.filter((errors) => errors === null).length ?? 0),
    count(forest, tokensOf) {
      const all = makeTally();
      const byRule = new Map(ERROR_RULES.flatMap(({ id }) => (choice.rules.has(id) ? [[id, makeTally()] as const] : [])));
      for (const t of forest.trajectoryOrder) {
        const events = eventsOf(t);
        if (events?.size === 0) continue;
        for (const [event, tokens] of takenBy(forest, t, turns(forest, t), eventEnds(t), tokensOf)) {
          all.add(rollout[t] ?? 0, tokens);
          for (const rule of events?.get(event) ?? OF_MARKS) byRule.get(rule)?.add(rollout[t] ?? 0, tokens);
        }
      }
      return { byRule: Object.fromEntries([...byRule].map(([id, tally]) => [id, tally.count()])), all: all.count() };
    },
  };
}

const NO_EVENTS: Events = new Map();

function pathLength(forest: Forest, t: number): number {
  return pathTo(forest, forest.trajectories.leaf[t] ?? 0).length;
}

/** event (or, where events are not known, the first node of a run that is masked) -> tokens with loss that the mask takes, where any */
function takenBy(
  forest: Forest,
  t: number,
  masked: Uint8Array,
  ends: Int32Array | null,
  tokensOf: (node: number) => number,
): Map<number, number> {
  const taken = new Map<number, number>();
  const path = pathTo(forest, forest.trajectories.leaf[t] ?? 0);
  const events = ends === null ? null : onPath(forest, t, ends, (event) => event);
  let run = 0;
  for (const [i, n] of path.entries()) {
    if (masked[i] === 0) run = i + 1;
    if (masked[i] === 0 || !hasSampled(forest, t, n)) continue;
    const tokens = tokensOf(n);
    const key = events?.[i] ?? run;
    if (tokens > 0) taken.set(key, (taken.get(key) ?? 0) + tokens);
  }
  return taken;
}

function makeTally(): { add(rollout: number, tokens: number): void; count(): MaskCount } {
  const rollouts = new Set<number>();
  let turns = 0;
  let sum = 0;
  return {
    add(rollout, tokens) {
      rollouts.add(rollout);
      turns++;
      sum += tokens;
    },
    count: () => ({ turns, rollouts: rollouts.size, tokens: sum }),
  };
}
