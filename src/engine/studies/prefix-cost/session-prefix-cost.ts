/** The verbs of a session about prefix-shared training: what it costs in three ways, and how its records fill blocks. */
import type { Forest } from '../../../core/model/forest.ts';
import type { Budget } from '../../../core/model/rule.ts';
import type { ExportSpec } from '../../answers/exporting.ts';
import type {
  PrefixCostAnswer,
  PrefixCostSettings,
  PrefixPackingAnswer,
  PrefixPackingSettings,
  RecordSet,
  RecordSetCost,
} from '../../answers/prefix-cost.ts';
import type { PlannedExport } from '../../export/planned.ts';
import { moved } from '../../transferables.ts';
import type { StudyContext } from '../study-context.ts';
import { setCost, taskCost } from './count-sets.ts';
import { packingAnswer } from './picture.ts';
import { exportTrees, logTrees, type TaskTree } from './record-sets.ts';

export interface SessionPrefixCost {
  /** What an export with this spec, and the whole log, cost a trainer. `spec`: `profiles` does not matter. */
  prefixCost(orderId: number, budget: Budget, spec: ExportSpec, settings: PrefixCostSettings): Promise<PrefixCostAnswer>;
  /** The records of one of the two sets, packed in two ways. */
  prefixPacking(
    orderId: number,
    budget: Budget,
    spec: ExportSpec,
    set: RecordSet,
    settings: PrefixPackingSettings,
  ): Promise<PrefixPackingAnswer>;
}

/** A tick waits no longer for a count that is on its way. */
const STEP_MS = 20;

export function makeSessionPrefixCost({ plan, begin }: Pick<StudyContext, 'plan' | 'begin'>): SessionPrefixCost {
  /** forest -> what its whole log costs, which no budget changes, by the settings that were asked for last */
  const known = new WeakMap<Forest, { readonly key: string; readonly cost: RecordSetCost }>();
  const treesOf = (planned: PlannedExport, set: RecordSet): Generator<TaskTree> =>
    set === 'log' ? logTrees(planned.ruling.problem.forest) : exportTrees(planned);
  return {
    async prefixCost(orderId, budget, spec, settings) {
      refuse('context', settings.context);
      refuse('kernel', settings.kernel);
      const signal = begin('prefix-cost');
      const planned = await plan(orderId, budget, spec, signal);
      const costOf = async (set: RecordSet): Promise<RecordSetCost> =>
        setCost(await inSteps(treesOf(planned, set), (tree) => taskCost(tree, settings), signal));
      const { forest } = planned.ruling.problem;
      const key = `${settings.context} ${settings.kernel}`;
      const ofLog = known.get(forest);
      const own = await costOf('export');
      const log = ofLog?.key === key ? ofLog.cost : await costOf('log');
      known.set(forest, { key, cost: log });
      return { settings, sets: { export: own, log }, taskKeys: planned.ruling.dataset.tokens.tasks.map((task) => task.key) };
    },
    async prefixPacking(orderId, budget, spec, set, settings) {
      refuse('room', settings.room);
      const signal = begin('prefix-packing');
      const planned = await plan(orderId, budget, spec, signal);
      const trees = await inSteps(treesOf(planned, set), (tree) => tree, signal);
      signal.throwIfAborted();
      return moved(packingAnswer(set, trees, settings));
    },
  };
}

function refuse(name: string, tokens: number): void {
  if (!(Number.isSafeInteger(tokens) && tokens >= 1))
    throw new Error(`${name}: expected a whole number of tokens, at least 1; found ${tokens}`);
}

async function inSteps<T, R>(items: Iterable<T>, of: (item: T) => R, signal: AbortSignal): Promise<R[]> {
  signal.throwIfAborted();
  const done: R[] = [];
  let paused = performance.now();
  for (const item of items) {
    done.push(of(item));
    if (performance.now() - paused < STEP_MS) continue;
    await new Promise<void>((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    paused = performance.now();
  }
  return done;
}
