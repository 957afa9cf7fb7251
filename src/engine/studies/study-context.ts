/** What studies need of a session. */
import type { Budget } from '../../core/model/rule.ts';
import type { ExportSpec } from '../answers/exporting.ts';
import type { Dataset } from '../dataset.ts';
import type { ExportGrounds } from '../export/plan.ts';
import type { PlannedExport } from '../export/planned.ts';
import type { Orders } from '../orders.ts';
import type { SessionRollouts } from '../rollouts/session-rollouts.ts';
import type { ModelColumns } from '../score/columns.ts';
import type { SessionSearch } from '../search/session-search.ts';
import type { Surveys } from '../surveys/session-surveys.ts';

/** What studies need of a session. */
export interface StudyContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly surveys: Surveys;
  readonly rollouts: Pick<SessionRollouts, 'rollouts'>;
  /** What an export would write, with what it rests on got ready. Rejects where nothing is open, or the order is gone. */
  readonly plan: (orderId: number, budget: Budget, spec: ExportSpec, signal: AbortSignal) => Promise<PlannedExport>;
  /** What any export reads and writes with. Throws where nothing is open. */
  readonly exporting: () => ExportGrounds;
  readonly orders: Pick<Orders, 'of' | 'keepOf'>;
  readonly search: Pick<SessionSearch, 'where'>;
  /** Entropy by a language model, and a number that changes with it. */
  readonly model: () => ModelColumns | null;
  readonly scoreVersion: () => number;
  /** Begins a question of a study: ends the question before of the same study, and is ended by `stopStudy`. */
  readonly begin: (study: string) => AbortSignal;
}
