/**
 * Keeps the vocabularies of an export apart: a log may hold ids for some rollouts and text for others. A profile of ids writes
 * the records of one vocabulary only, that of most tokens with loss, and counts the others as left out; a profile of
 * messages writes all.
 */
import { originOf } from '../../core/tokens/token-origin.ts';
import { pathTo } from '../../core/tree/navigate.ts';
import { tokenOriginOf } from '../dataset.ts';
import type { PlannedExport } from './plan.ts';
import type { ExportProfile } from './profile.ts';
import type { TrainingUnit } from './units.ts';

export interface Vocabulary {
  /** As the manifest names it. */
  readonly name: string;
  /** Records of other vocabularies, by name; none where there is one. */
  readonly others: ReadonlyMap<string, number>;
  /** Whether a record of the plan holds ids of another vocabulary. */
  readonly isOther: (record: number) => boolean;
}

const known = new WeakMap<PlannedExport, Vocabulary>();

/** What a profile writes of a plan: where it writes ids, the records of one vocabulary. */
export function plannedFor(profile: ExportProfile, planned: PlannedExport): PlannedExport {
  if (profile.writesIds !== true) return planned;
  const vocabulary = vocabularyOf(planned);
  return vocabulary.others.size === 0
    ? planned
    : { ...planned, records: planned.records.filter(({ record }) => !vocabulary.isOther(record)) };
}

/** The unit as a profile of ids takes it; null where it is a record of another vocabulary. */
export function unitFor(profile: ExportProfile, planned: PlannedExport, unit: TrainingUnit): TrainingUnit | null {
  if (profile.writesIds !== true) return unit;
  const { others, isOther } = vocabularyOf(planned);
  if (others.size === 0) return unit;
  if (unit.kind === 'branch') return isOther(unit.record) ? null : unit;
  return { ...unit, records: unit.records.filter(({ record }) => !isOther(record)) };
}

/** Of a plan as it was made, before it is narrowed down for a profile. */
export function vocabularyOf(planned: PlannedExport): Vocabulary {
  const found = known.get(planned) ?? findVocabulary(planned);
  known.set(planned, found);
  return found;
}

function findVocabulary(planned: PlannedExport): Vocabulary {
  const { plan, records, ruling } = planned;
  const { forest } = ruling.problem;
  const nameOf = vocabularyNames(planned);
  const counts = new Map<string, { records: number; tokens: number }>();
  for (const { record } of records) {
    const name = nameOf(plan.trajectory[record] ?? 0);
    const count = counts.get(name) ?? { records: 0, tokens: 0 };
    counts.set(name, { records: count.records + 1, tokens: count.tokens });
  }
  if (counts.size <= 1) return { name: [...counts.keys()][0] ?? '', others: new Map(), isOther: () => false };
  for (const { record } of records) {
    const trajectory = plan.trajectory[record] ?? 0;
    const count = counts.get(nameOf(trajectory));
    if (count) count.tokens += plan.loss.tokens(trajectory, pathTo(forest, plan.end[record] ?? 0));
  }
  const ranked = [...counts].sort(([a, x], [b, y]) => y.tokens - x.tokens || (a < b ? -1 : 1));
  const name = ranked[0]?.[0] ?? '';
  return {
    name,
    others: new Map(ranked.slice(1).map(([other, count]) => [other, count.records])),
    isOther: (record) => nameOf(plan.trajectory[record] ?? 0) !== name,
  };
}

/** trajectory -> the name of its vocabulary. Logged ids that were read back as the log's text are the session's own tokenizer's. */
function vocabularyNames({ ruling }: PlannedExport): (trajectory: number) => string {
  const { dataset, problem } = ruling;
  const { rollouts } = dataset.tokens;
  const { tokenizer, isVerified } = tokenOriginOf(dataset);
  const table = problem.forest.trajectories;
  return (trajectory) => {
    const row = rollouts[table.rollout[trajectory] ?? 0];
    const from = originOf(row?.tokensFrom, table.branch[trajectory] ?? 0);
    if (from?.origin !== 'logged' || isVerified || row?.tokenizer === tokenizer) return tokenizer;
    return row?.tokenizer === undefined ? 'logged ids' : `logged ids of ${row.tokenizer}`;
  };
}

/** Of records that a profile of ids leaves out. */
export function vocabularyWarnings(profile: ExportProfile, planned: PlannedExport): string[] {
  if (profile.writesIds !== true) return [];
  const { name, others } = vocabularyOf(planned);
  return [...others].map(
    ([other, records]) =>
      `${records.toLocaleString('en')} ${records === 1 ? 'record has' : 'records have'} other ids (${other}) and ` +
      `${records === 1 ? 'is' : 'are'} left out: a file of ids holds one vocabulary, here ${name}.`,
  );
}

/** What the manifest counts them as. */
export const OTHER_VOCABULARY = 'records in another vocabulary, left out';
