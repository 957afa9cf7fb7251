/** The figures of the study of errors, from what the rules found in each rollout. */
import { isCorrected, maskedTurns } from '../../../core/errors/masked.ts';
import type { ErrorHit, RolloutErrors } from '../../../core/errors/find.ts';
import { ERROR_RULES } from '../../../core/errors/registry.ts';
import type { Forest } from '../../../core/model/forest.ts';
import { NONE } from '../../../core/model/kinds.ts';
import type { ErrorHitColumns, ErrorsAnswer, ErrorsAsked } from '../../answers/errors.ts';
import { errorChoice } from '../../errors/choice.ts';
import { errorMasks } from '../../errors/masks.ts';
import type { FoundErrors } from '../../errors/prepared.ts';

interface Counted {
  readonly found: FoundErrors;
  /** Whose trajectories carry the loss. */
  readonly forest: Forest;
  readonly eventEnds: (t: number) => Int32Array | null;
  /** node -> tokens of it that are to carry loss */
  readonly tokensOf: (node: number) => number;
  readonly withoutMessages: number;
  readonly lineOf: (rollout: number) => number;
}

/** O(hits · rules + rules · nodes of all trajectories). */
export function errorFigures(counted: Counted, asked: ErrorsAsked): ErrorsAnswer {
  const { found, forest, eventEnds, tokensOf, withoutMessages } = counted;
  const choice = errorChoice(asked);
  const lossBy = (rules: ReadonlySet<string>) =>
    errorMasks({ ...choice, rules }, found, forest.trajectories, eventEnds).count(forest, tokensOf).all;
  const overlap = ERROR_RULES.map(() => new Int32Array(ERROR_RULES.length));
  const alone = new Int32Array(ERROR_RULES.length);
  const corrected = new Int32Array(ERROR_RULES.length);
  const rollouts = new Int32Array(ERROR_RULES.length);
  const turns = { all: 0, hit: 0 };
  const withHits = { all: 0, hit: 0 };
  for (const errors of found.of) {
    if (errors === null) continue;
    turns.all += errors.turns;
    withHits.all++;
    const ofRollout = new Set<number>();
    let hit = false;
    for (const hits of byTurn(errors)) {
      const rules = [...new Set(hits.map(({ rule }) => indexOf(rule)))];
      for (const a of rules) {
        ofRollout.add(a);
        for (const b of rules) add(overlap[a], b);
        if (rules.length === 1) add(alone, a);
        if (hits.every((each) => indexOf(each.rule) !== a || isCorrected(each, choice))) add(corrected, a);
      }
      if (!hits.some(({ rule }) => choice.rules.has(rule))) continue;
      turns.hit++;
      hit = true;
    }
    for (const rule of ofRollout) add(rollouts, rule);
    if (hit) withHits.hit++;
  }
  let tokens = 0;
  for (let n = 0; n < forest.length; n++) if ((forest.sampledCount[n] ?? 0) > 0) tokens += (forest.sampledCount[n] ?? 0) * tokensOf(n);
  const tools: string[] = [];
  return {
    rules: ERROR_RULES.map(({ id, label, help, judges }, rule) => ({
      id,
      label,
      help,
      judges,
      isOn: choice.rules.has(id),
      turns: overlap[rule]?.[rule] ?? 0,
      alone: alone[rule] ?? 0,
      corrected: corrected[rule] ?? 0,
      rollouts: rollouts[rule] ?? 0,
      takes: lossBy(new Set([id])),
    })),
    overlap: overlap.map((row) => [...row]),
    turns,
    rollouts: withHits,
    loss: { tokens, takes: lossBy(choice.rules) },
    hits: hitColumns(counted, asked, tools),
    tools,
    withoutMessages,
    unread: found.unread,
  };
}

function add(counts: Int32Array | undefined, at: number): void {
  if (counts !== undefined) counts[at] = (counts[at] ?? 0) + 1;
}

const INDEX: ReadonlyMap<string, number> = new Map(ERROR_RULES.map(({ id }, index) => [id, index]));

function indexOf(rule: string): number {
  return INDEX.get(rule) ?? 0;
}

function byTurn({ hits }: RolloutErrors): Iterable<readonly ErrorHit[]> {
  const turns = new Map<number, ErrorHit[]>();
  for (const hit of hits) {
    const own = turns.get(hit.turn);
    if (own === undefined) turns.set(hit.turn, [hit]);
    else own.push(hit);
  }
  return turns.values();
}

function hitColumns({ found: { of }, lineOf }: Counted, asked: ErrorsAsked, tools: string[]): ErrorHitColumns {
  const choice = errorChoice(asked);
  const rows = of.flatMap((errors, rollout) => {
    if (errors === null) return [];
    const masked = maskedTurns(errors, choice);
    return errors.hits.map((hit) => ({ ...hit, rollout, isMasked: masked.has(hit.turn) }));
  });
  const numbers = new Map<string, number>();
  const toolOf = (tool: string): number => {
    if (tool === '') return NONE;
    const known = numbers.get(tool) ?? numbers.size;
    if (known === numbers.size) tools.push(tool);
    numbers.set(tool, known);
    return known;
  };
  return {
    length: rows.length,
    rollout: Int32Array.from(rows, ({ rollout }) => rollout),
    line: Int32Array.from(rows, ({ rollout }) => lineOf(rollout)),
    rule: Uint8Array.from(rows, ({ rule }) => indexOf(rule)),
    turn: Int32Array.from(rows, ({ turn }) => turn),
    branch: Int32Array.from(rows, ({ branch }) => branch),
    event: Int32Array.from(rows, ({ event }) => event),
    tool: Int32Array.from(rows, ({ tool }) => toolOf(tool)),
    correctedBy: Int32Array.from(rows, (hit) => (isCorrected(hit, choice) ? (hit.corrected?.turn ?? 0) : 0)),
    masked: Uint8Array.from(rows, ({ isMasked }) => (isMasked ? 1 : 0)),
  };
}
