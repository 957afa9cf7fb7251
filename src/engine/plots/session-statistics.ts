/** The verbs of a session about statistics of sets of rollouts. */
import { measureTurns, type TurnMeasures } from '../../core/statistics/turn-measures.ts';
import type { SessionRollouts } from '../rollouts/session-rollouts.ts';
import type { NoStatistics, StatisticsAnswer, StatisticsQuestion } from '../answers/statistics.ts';
import type { Dataset } from '../dataset.ts';
import type { SessionSearch } from '../search/session-search.ts';
import type { ModelColumns } from '../score/columns.ts';
import { makePause } from '../pause.ts';
import { moved } from '../transferables.ts';
import { statisticsOf } from './statistics.ts';

export interface SessionStatistics {
  /**
   * Statistics of sets of rollouts. `onProgress` counts the draws of the bootstrap. A newer question ends one that runs: it rejects with
   * `AbortError`.
   */
  statistics(question: StatisticsQuestion, onProgress: (done: number, total: number) => void): Promise<StatisticsAnswer | NoStatistics>;
}

/** What of a session they need. */
interface StatisticsContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly rollouts: Pick<SessionRollouts, 'rollouts'>;
  readonly model: () => ModelColumns | null;
  readonly scoreVersion: () => number;
  readonly search: Pick<SessionSearch, 'where'>;
}

export function makeSessionStatistics(context: StatisticsContext): SessionStatistics {
  let held: { readonly dataset: Dataset; readonly scoreVersion: number; readonly turns: TurnMeasures } | null = null;
  let job = new AbortController();
  return {
    async statistics(question, onProgress) {
      job.abort();
      const mine = (job = new AbortController());
      const pause = makePause(mine.signal);
      const dataset = context.dataset();
      const scoreVersion = context.scoreVersion();
      if (held?.dataset !== dataset || held.scoreVersion !== scoreVersion) {
        held = null;
        const turns = await turnsOf(dataset, context.model()?.entropy ?? null, pause);
        held = { dataset, scoreVersion, turns };
      }
      const input = { dataset, rollouts: context.rollouts.rollouts(), turns: held.turns };
      let told = performance.now();
      const tell = (done: number, total: number): void => {
        const now = performance.now();
        if (now - told < TELL_MS && done < total) return;
        told = now;
        onProgress(done, total);
      };
      const match = async (text: string): Promise<Uint8Array> => {
        const found = await context.search.where(text, question.cut, () => undefined);
        mine.signal.throwIfAborted();
        if (!found.ok) throw new NotTaken(`${text}: ${found.fault}`);
        return found.taken;
      };
      try {
        return moved(await statisticsOf(input, question, match, pause, tell));
      } catch (error) {
        if (error instanceof NotTaken) return { ok: false, fault: error.message };
        throw error;
      }
    },
  };
}

/** Caught here, where it becomes an answer. */
class NotTaken extends Error {}

/** Between two reports of progress. */
const TELL_MS = 200;

async function turnsOf(dataset: Dataset, model: Float32Array | null, pause: () => Promise<void>): Promise<TurnMeasures> {
  const { forest, rollouts } = dataset.tokens;
  const steps = measureTurns(forest, rollouts.length, model);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
}
