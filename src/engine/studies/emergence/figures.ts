/** The figures by version: those of the statistics that fit in one number, and a few of the same counts. */
import type { ChangeFigure } from '../../../core/emergence/changes.ts';
import type { SelectionFigure } from '../../../core/emergence/selection.ts';
import { denseRatios, type Ratios } from '../../../core/statistics/ratios.ts';
import { parallelCalls } from '../../plots/members/parallel-calls.ts';
import { reward } from '../../plots/members/reward.ts';
import { solved } from '../../plots/members/solved.ts';
import { tokensPerTurn } from '../../plots/members/tokens-per-turn.ts';
import { tokens } from '../../plots/members/tokens.ts';
import { turns } from '../../plots/members/turns.ts';
import type { Plot, PlotInput } from '../../plots/plot.ts';

/** A number as people read it. */
export interface Described<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  readonly help: string;
  readonly unit: string | null;
  readonly format: Plot['format'];
}

export interface EmergenceFigure extends Described {
  /** Null where the log has nothing of the kind. */
  readonly measure: (input: PlotInput) => ChangeFigure | null;
}

/** A plot of one number a set. */
function ofPlot({ id, label, help, unit, format, measure }: Plot): EmergenceFigure {
  return { id, label, help, unit, format, measure: (input) => dense(measure(input)?.ratios ?? null) };
}

function dense(ratios: Ratios | null): ChangeFigure | null {
  return ratios === null ? null : { top: ratios.top, below: ratios.below, byTask: false };
}

/** rollout -> sums over its cells */
function summed({ start, top, below }: Ratios, isCounted: (cell: number) => boolean, cellOf: Int32Array): [Float64Array, Float64Array] {
  const above = new Float64Array(start.length - 1);
  const under = new Float64Array(start.length - 1);
  for (let r = 0; r + 1 < start.length; r++) {
    for (let i = start[r] ?? 0; i < (start[r + 1] ?? 0); i++) {
      if (!isCounted(cellOf[i] ?? 0)) continue;
      above[r] = (above[r] ?? 0) + (top[i] ?? 0);
      under[r] = (under[r] ?? 0) + (below[i] ?? 0);
    }
  }
  return [above, under];
}

const turnsByTask: EmergenceFigure = {
  id: 'turns-by-task',
  label: 'Turns, each task alike',
  help: 'Mean over tasks of the mean turns of their rollouts in the set.',
  unit: 'turns',
  format: 'decimal',
  measure(input) {
    const found = dense(turns.measure(input)?.ratios ?? null);
    return found && { ...found, byTask: true };
  },
};

const callsPerTurn: EmergenceFigure = {
  id: 'calls-per-turn',
  label: 'Calls per turn',
  help: 'Tool calls of a set ÷ all its turns.',
  unit: 'calls',
  format: 'decimal',
  measure: ({ turns: { calls, turns } }) => (calls.some((count) => count > 0) ? dense(denseRatios(calls, turns)) : null),
};

const parallelTurns: EmergenceFigure = {
  id: 'parallel-turns',
  label: 'Turns with 2 or more calls',
  help: 'Turns of a set that make at least two tool calls ÷ all its turns.',
  unit: null,
  format: 'percent',
  measure({ turns: { callsInTurn, turns, calls } }) {
    if (!calls.some((count) => count > 0)) return null;
    const { at, ratios } = callsInTurn;
    const [parallel] = summed(ratios, (cell) => (at[cell] ?? 0) >= 2, ratios.cell);
    return dense(denseRatios(parallel, turns));
  },
};

const entropy: EmergenceFigure = {
  id: 'entropy',
  label: 'Entropy',
  help: 'Mean entropy of a set’s sampled tokens that have one, each from its best source.',
  unit: 'nats',
  format: 'decimal',
  measure({ turns: { entropyByDepth } }) {
    const { ratios } = entropyByDepth;
    const [top, below] = summed(ratios, () => true, ratios.cell);
    return below.some((known) => known > 0) ? { top, below, byTask: false } : null;
  },
};

export const EMERGENCE_FIGURES: readonly EmergenceFigure[] = [
  ofPlot(turns),
  turnsByTask,
  callsPerTurn,
  ofPlot(parallelCalls),
  parallelTurns,
  ofPlot(tokens),
  ofPlot(tokensPerTurn),
  entropy,
  ofPlot(reward),
  ofPlot(solved),
];

/** The figures of a selection. */
export const SELECTION_WORDS: readonly Described<SelectionFigure>[] = [
  {
    id: 'turns-trained',
    label: 'Turns per rollout, as trained',
    help: 'Mean turns of rollouts, each counted as much as the share of its sampled tokens that carry loss.',
    unit: 'turns',
    format: 'decimal',
  },
  {
    id: 'tokens-trained',
    label: 'Tokens per rollout, as trained',
    help: 'The same of its distinct tokens, prompts and results included.',
    unit: 'tokens',
    format: 'count',
  },
  {
    id: 'reward-trained',
    label: 'Reward, as trained',
    help: 'The same of its reward, where it is known.',
    unit: null,
    format: 'decimal',
  },
  {
    id: 'parallel-trained',
    label: 'Trained turns with 2 or more calls',
    help: 'Share of turns that make at least two calls, each turn counted as much as the share of its tokens that carry loss.',
    unit: null,
    format: 'percent',
  },
  {
    id: 'calls-trained',
    label: 'Calls at once, as trained',
    help: 'Calls of turns that make at least one, each turn counted as much as the share of its tokens that carry loss.',
    unit: 'calls',
    format: 'decimal',
  },
  {
    id: 'turns-whole',
    label: 'Turns per rollout kept whole',
    help: 'Mean turns of rollouts of which the cut keeps every token.',
    unit: 'turns',
    format: 'decimal',
  },
  {
    id: 'branch-turns',
    label: 'Turns per kept branch',
    help: 'Turns on the path to the end of a kept branch: a kept node without a kept child.',
    unit: 'turns',
    format: 'decimal',
  },
  {
    id: 'branch-tokens',
    label: 'Tokens per kept branch',
    help: 'Tokens on the path to the end of a kept branch.',
    unit: 'tokens',
    format: 'count',
  },
];
