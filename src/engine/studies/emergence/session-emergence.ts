/** The verb of a session about emergence: versions of the policy side by side, and what the selection by the tree prefers. */
import type { TurnMeasures } from '../../../core/statistics/turn-measures.ts';
import { measureTurns } from '../../../core/statistics/turn-measures.ts';
import { forestOrder } from '../../../core/statistics/turn-table.ts';
import type { EmergenceAnswer, EmergenceProgress, EmergenceQuestion, NoEmergence } from '../../answers/emergence.ts';
import { BOOTSTRAP_SEED } from '../../answers/statistics.ts';
import type { Dataset } from '../../dataset.ts';
import { groupings } from '../../plots/sets.ts';
import type { StudyContext } from '../study-context.ts';
import { lookAtSelections } from './selections.ts';
import { makeSteps } from './steps.ts';
import { versionSets } from './version-sets.ts';
import { compareVersions } from './versions.ts';

export interface EmergenceVerbs {
  /**
   * Versions of the policy, and what a rule's selection prefers. A newer question, or `stopStudy`, ends one that runs: it rejects with
   * `AbortError`.
   */
  emergence(question: EmergenceQuestion, onProgress: (progress: EmergenceProgress) => void): Promise<EmergenceAnswer | NoEmergence>;
}

/** Caught below, where it becomes an answer. */
class Refused extends Error {}

export function makeSessionEmergence(context: StudyContext): EmergenceVerbs {
  const held = new WeakMap<Dataset, { readonly scoreVersion: number; readonly turns: TurnMeasures }>();
  return {
    async emergence(question, onProgress) {
      const signal = context.begin('emergence');
      const steps = makeSteps(signal, onProgress);
      const dataset = context.dataset();
      const scoreVersion = context.scoreVersion();
      const ruling = context.orders.of(question.orderId);
      let known = held.get(dataset);
      if (known?.scoreVersion !== scoreVersion) {
        const { forest, rollouts } = dataset.tokens;
        const measured = measureTurns(forest, rollouts.length, context.model()?.entropy ?? null);
        known = { scoreVersion, turns: await steps.run('turns', measured, 1) };
        held.set(dataset, known);
      }
      const input = { dataset, rollouts: context.rollouts.rollouts(), turns: known.turns };
      const match = async (text: string): Promise<Uint8Array> => {
        const found = await context.search.where(text, { orderId: question.orderId, budget: question.budget }, () => undefined);
        signal.throwIfAborted();
        if (!found.ok) throw new Refused(`${text}: ${found.fault}`);
        return found.taken;
      };
      try {
        refuseSplit(question, groupings(input.rollouts));
        const taken = await match(question.where);
        const sets = await versionSets(input.rollouts, taken, question.split, match);
        const order = forestOrder(dataset.tokens.forest, taken.length);
        const versions = sets === null ? null : await compareVersions(input, sets, order, question, steps);
        const versionBits = sets?.bits ?? new Int32Array(taken.length);
        const selection = await lookAtSelections({ input, ruling, taken, order, question, versions, versionBits }, steps);
        return {
          ok: true,
          rollouts: { here: taken.reduce((sum, is) => sum + is, 0), of: taken.length },
          bootstrap: { resamples: question.resamples, seed: BOOTSTRAP_SEED },
          versions: versions?.answer ?? null,
          selection,
        };
      } catch (error) {
        if (error instanceof Refused) return { ok: false, fault: error.message };
        throw error;
      }
    },
  };
}

function refuseSplit({ split }: EmergenceQuestion, ways: ReturnType<typeof groupings>): void {
  if (split === null || !('by' in split) || ways.some(({ id }) => id === split.by)) return;
  throw new Refused(`nothing to part by ${split.by}; here are ${ways.map(({ id }) => id).join(', ') || 'no columns that differ'}`);
}
