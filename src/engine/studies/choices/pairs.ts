/** Preference pairs of the best and the worst candidate of each task: rows as the profile for TRL's DPOTrainer writes them. */
import { resolveActs } from '../../../core/acts/resolve.ts';
import { DEFAULT_RULE } from '../../../core/model/rule.ts';
import type { ExportSpec } from '../../answers/exporting.ts';
import type { Counted } from '../../answers/choices.ts';
import { defaultExport } from '../../export/choose.ts';
import { jsonRows } from '../../export/json-rows.ts';
import { pairRows } from '../../export/pair-rows.ts';
import { planExport } from '../../export/plan.ts';
import type { ExportJob } from '../../export/planned.ts';
import { ARGUMENTS_OPTION } from '../../export/spelling.ts';
import { makeTally } from '../../export/tally.ts';
import { trainingUnits, type TaskUnit } from '../../export/units.ts';
import type { Dataset } from '../../dataset.ts';
import { applyBudget, makeRuling } from '../../ruling.ts';
import type { Ruling } from '../../ruled.ts';

/** rollout -> its score, of those that are paired: two of a task */
export type PairedScores = ReadonlyMap<number, number>;

export interface WrittenPairs {
  readonly text: string;
  readonly rows: number;
  /** Tasks that have a pair. */
  readonly written: number;
  readonly notes: readonly Counted[];
}

/** As that profile has them by default, of one pair of each task at most at each fork. */
const OPTIONS = { pairs: 1, gap: 0, sides: 'rest', [ARGUMENTS_OPTION.name]: ARGUMENTS_OPTION.default };

/** Scores stand in the place of rewards: a pair is found and written as that profile does. */
export async function writePairs(
  dataset: Dataset,
  scores: PairedScores,
  { readBack, opened, tokenizer, template }: Pick<ExportJob, 'readBack' | 'opened' | 'tokenizer' | 'template'>,
  signal: AbortSignal,
): Promise<WrittenPairs> {
  const ruling = writing(dataset, scores);
  const spec: ExportSpec = { ...defaultExport(), profiles: [], weights: 'train-once' };
  const planned = planExport({ ruling, keep: applyBudget(ruling, { cut: 1, train: 1 }), spec, readBack, opened, tokenizer, template });
  const tally = makeTally();
  const writer = jsonRows(({ records }: TaskUnit) => pairRows(records, planned, OPTIONS, tally))(planned, OPTIONS, tally);
  const { rollout } = dataset.tokens.forest.trajectories;
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let written = 0;
  for await (const unit of trainingUnits(planned, { branches: false, tasks: 'with-records', messages: true })) {
    signal.throwIfAborted();
    if (unit.kind !== 'task' || unit.records.length === 0) continue;
    const records = unit.records.map((record) => ({ ...record, reward: scores.get(rollout[record.trajectory] ?? -1) ?? null }));
    const bytes = writer.write({ ...unit, records });
    if (bytes === null) continue;
    lines.push(decoder.decode(bytes));
    written++;
  }
  return { text: lines.join(''), rows: writer.records?.() ?? 0, written, notes: tally.shortfalls() };
}

/** The default rule, with all kept and trained, of which only these rollouts are written. */
function writing(dataset: Dataset, scores: PairedScores): Ruling {
  const ruling = makeRuling(dataset, { ...DEFAULT_RULE, acts: [], outcome: 'all' }, 0, null);
  const { forest, rollouts } = dataset.tokens;
  const written = Uint8Array.from({ length: rollouts.length }, (_, r) => (scores.has(r) ? 1 : 0));
  return { ...ruling, acted: { ...ruling.acted, resolved: { ...resolveActs(forest, rollouts.length, []), written } } };
}
