/** The figures by version: every plot that is one ratio a set, and a few more of the same counts. */
import type { ChangeFigure } from '../../../core/emergence/changes.ts';
import type { SelectionFigure } from '../../../core/emergence/selection.ts';
import { denseRatios, type Ratios } from '../../../core/statistics/ratios.ts';
import type { Plot, PlotInput } from '../../plots/plot.ts';
import { PLOTS } from '../../plots/registry.ts';

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
function ofPlot(plot: Plot): EmergenceFigure {
  const { id, label, help, unit, format } = plot;
  return {
    id,
    label,
    help,
    unit,
    format,
    measure(input) {
      const ratios = plot.measure(input)?.ratios ?? null;
      return ratios?.cells === 1 && ratios.whole === null ? ofRatios(ratios) : null;
    },
  };
}

/** The same of sums that are no plot. */
interface OwnFigure extends EmergenceFigure {
  /** The plot behind which it stands. */
  readonly after: string;
}

function ofRatios(ratios: Ratios): ChangeFigure {
  const [top, below] = summed(ratios, () => true);
  return { top, below, byTask: false };
}

/** rollout -> sums over its cells */
function summed({ start, cell, top, below }: Ratios, isCounted: (cell: number) => boolean): [Float64Array, Float64Array] {
  const above = new Float64Array(start.length - 1);
  const under = new Float64Array(start.length - 1);
  for (let r = 0; r + 1 < start.length; r++) {
    for (let i = start[r] ?? 0; i < (start[r + 1] ?? 0); i++) {
      if (!isCounted(cell[i] ?? 0)) continue;
      above[r] = (above[r] ?? 0) + (top[i] ?? 0);
      under[r] = (under[r] ?? 0) + (below[i] ?? 0);
    }
  }
  return [above, under];
}

const turnsByTask: OwnFigure = {
  id: 'turns-by-task',
  after: 'turns',
  label: 'Turns, each task alike',
  help: 'Mean over tasks of the mean turns of their rollouts in the set.',
  unit: 'turns',
  format: 'decimal',
  measure: ({ turns: { turns } }) => ({ ...ofRatios(denseRatios(turns, null)), byTask: true }),
};

const callsPerTurn: OwnFigure = {
  id: 'calls-per-turn',
  after: 'tokens',
  label: 'Calls per turn',
  help: 'Tool calls of a set ÷ all its turns.',
  unit: 'calls',
  format: 'decimal',
  measure: ({ turns: { calls, turns } }) => (calls.some((count) => count > 0) ? ofRatios(denseRatios(calls, turns)) : null),
};

const parallelTurns: OwnFigure = {
  id: 'parallel-turns',
  after: 'parallel-calls',
  label: 'Turns with 2 or more calls',
  help: 'Turns of a set that make at least two tool calls ÷ all its turns.',
  unit: null,
  format: 'percent',
  measure({ turns: { callsInTurn, turns, calls } }) {
    if (!calls.some((count) => count > 0)) return null;
    const { at, ratios } = callsInTurn;
    const [parallel] = summed(ratios, (cell) => (at[cell] ?? 0) >= 2);
    return ofRatios(denseRatios(parallel, turns));
  },
};

const entropy: OwnFigure = {
  id: 'entropy',
  after: 'parallel-calls',
  label: 'Entropy',
  help: 'Mean entropy of a set’s sampled tokens that have one, each from its best source.',
  unit: 'nats',
  format: 'decimal',
  measure({ turns: { entropyByDepth } }) {
    const figure = ofRatios(entropyByDepth.ratios);
    return figure.below.some((known) => known > 0) ? figure : null;
  },
};

const OWN: readonly OwnFigure[] = [turnsByTask, callsPerTurn, parallelTurns, entropy];

export const EMERGENCE_FIGURES: readonly EmergenceFigure[] = PLOTS.flatMap((plot) => [
  ...(plot.kind === 'spread' || plot.kind === 'rate' ? [ofPlot(plot)] : []),
  ...OWN.filter(({ after }) => after === plot.id),
]);

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
