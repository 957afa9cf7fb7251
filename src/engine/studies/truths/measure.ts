/** How far each rollout of a task is from its nearest ground truth, and where it begins to be. */
import { NONE } from '../../../core/model/kinds.ts';
import { answerDistance, answerWords } from '../../../core/truths/answers.ts';
import { CALL, NEVER, pairCost, type MadeCall, type TrueCall } from '../../../core/truths/calls.ts';
import { listCosts, type PairCosts } from '../../../core/truths/discrepancy.ts';
import type { TruthSettings } from '../../../core/truths/settings.ts';
import type { MadeCalls } from '../../surveys/made-calls.ts';
import type { Truth } from './gather.ts';

/** Of one rollout. */
export interface Measured {
  /** 0 to 1. */
  readonly discrepancy: number;
  /** Place among the truths of its task. */
  readonly nearest: number;
  /** Places of the calls that are compared, among all of the rollout. */
  readonly compared: readonly number[];
  /** Compared call -> the least cost of all up to it, in parts of a call. */
  readonly beginnings: Float64Array;
  readonly comparesAnswer: boolean;
  readonly comparesPatch: boolean;
}

/** Which tools of a task are compared; null: all. */
export type ComparedTools = ReadonlySet<string> | null;

export function comparedTools(of: readonly (readonly Truth[])[], tools: TruthSettings['tools']): (task: number) => ComparedTools {
  if (tools === 'all') return () => null;
  const named = of.map((truths) => new Set(truths.flatMap(({ calls }) => calls.map(({ tool }) => tool))));
  if (tools === 'task') return (task) => named[task] ?? new Set();
  const all = new Set(named.flatMap((own) => [...own]));
  return () => all;
}

/** Whether the final answer is compared with this truth. */
function comparesAnswer({ answer }: Truth, compared: number, setting: TruthSettings['answer']): boolean {
  return answer !== null && (setting === 'always' || (setting === 'alone' && compared === 0));
}

interface Task {
  readonly truths: readonly Truth[];
  readonly tools: ComparedTools;
  readonly settings: Pick<TruthSettings, 'tools' | 'answer' | 'patch' | 'itself'>;
}

/** The truths that a rollout is compared with: with itself only where there are no others, if each counts for others only. */
function truthsFor(rollout: number, truths: readonly Truth[], itself: TruthSettings['itself']): readonly number[] {
  const all = [...truths.keys()];
  if (itself === 'counts') return all;
  const others = all.filter((at) => {
    const own = truths[at]?.rollouts ?? [];
    return own.length !== 1 || own[0] !== rollout;
  });
  return others.length === 0 ? all : others;
}

/** Measures the rollouts of one task, one by one. @param pause awaited between truths */
export function makeTaskMeasure(
  { truths, tools, settings }: Task,
  pause: () => Promise<void>,
): (rollout: number, made: MadeCalls) => Promise<Measured | null> {
  const isCompared = ({ tool }: { readonly tool: string }): boolean => tools === null || tools.has(tool);
  const own = truths.map((truth) => truth.calls.filter((call) => isCompared(call)));
  const truthWords = truths.map(({ answer }) => (answer === null ? [] : answerWords(answer)));
  const { costs } = makePairCosts();
  return async (rollout, { calls, answer, patch }) => {
    const compared = [...calls.keys()].filter((at) => isCompared(calls[at] ?? { tool: '' }));
    const made = compared.flatMap((at) => calls[at] ?? []);
    let best: Measured | null = null;
    const beginnings = new Float64Array(made.length).fill(Infinity);
    for (const at of truthsFor(rollout, truths, settings.itself)) {
      const truth = truths[at];
      const list = own[at];
      if (truth === undefined || list === undefined) continue;
      const withPatch = truth.patch !== null && settings.patch !== 'never';
      // Where the patch alone is compared, no call deviates.
      const isPatchAlone = withPatch && settings.patch === 'alone';
      const withAnswer = !isPatchAlone && comparesAnswer(truth, list.length, settings.answer);
      // Where no truth names a tool, no call is compared: that says nothing.
      if (settings.tools === 'task' && tools?.size === 0 && !withAnswer && !withPatch) continue;
      const { whole, beginnings: least } = isPatchAlone
        ? { whole: 0, beginnings: new Float64Array(made.length) }
        : listCosts(made.length, list.length, costs(made, list));
      const words = withAnswer ? Math.round(2 * CALL * answerDistance(answerWords(answer ?? ''), truthWords[at] ?? [])) : 0;
      const lines = withPatch ? Math.round(2 * CALL * answerDistance(patch?.lines ?? [], truth.patch ?? [])) : 0;
      const most = (isPatchAlone ? 0 : made.length + list.length) + (withAnswer ? 2 : 0) + (withPatch ? 2 : 0);
      const discrepancy = most === 0 ? 0 : (whole + words + lines) / CALL / most;
      for (let i = 0; i < least.length; i++) beginnings[i] = Math.min(beginnings[i] ?? Infinity, least[i] ?? Infinity);
      if (best === null || discrepancy < best.discrepancy)
        best = { discrepancy, nearest: at, compared, beginnings, comparesAnswer: withAnswer, comparesPatch: withPatch };
      await pause();
    }
    return best;
  };
}

/** Pairs whose costs are held: a task of many rollouts whose calls all differ has as many as there are calls, times calls of truths. */
const MOST_PAIRS = 1 << 20;

interface TaskCosts {
  readonly costs: (made: readonly MadeCall[], truth: readonly TrueCall[]) => PairCosts;
  /** Pairs that are held. */
  readonly held: () => number;
}

/** Costs of pairs of calls; those of pairs that come again are held, up to `most`. */
export function makePairCosts(most = MOST_PAIRS): TaskCosts {
  let held = 0;
  const ids = { made: new Map<string, number>(), truth: new Map<string, number>() };
  const known = new Map<number, Map<number, number>>();
  const idOf = (of: Map<string, number>, key: string): number => {
    const id = of.get(key) ?? of.size;
    of.set(key, id);
    return id;
  };
  const truthIds = new Map<readonly TrueCall[], Int32Array>();
  const costs: TaskCosts['costs'] = (made, truth) => {
    const mine = Int32Array.from(made, ({ tool, args }) => idOf(ids.made, JSON.stringify([tool, args])));
    const theirs = truthIds.get(truth) ?? Int32Array.from(truth, (call) => idOf(ids.truth, JSON.stringify(call)));
    truthIds.set(truth, theirs);
    return (i, j) => {
      const [a, b] = [made[i], truth[j]];
      if (a === undefined || b === undefined || a.tool !== b.tool) return NEVER;
      const [x, y] = [mine[i] ?? NONE, theirs[j] ?? NONE];
      let row = known.get(x);
      if (row === undefined) known.set(x, (row = new Map()));
      const before = row.get(y);
      if (before !== undefined) return before;
      const cost = pairCost(a, b);
      if (held === most) {
        known.clear();
        known.set(x, (row = new Map()));
        held = 0;
      }
      row.set(y, cost);
      held++;
      return cost;
    };
  };
  return { costs, held: () => held };
}
