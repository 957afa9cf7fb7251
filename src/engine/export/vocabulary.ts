/**
 * Keeps the vocabularies of an export apart: a log may hold ids for some rollouts and text for others. A profile of ids writes
 * the records of one vocabulary only, that of most of the log's tokens, and counts the others as left out; a profile of
 * messages writes all.
 */
import { tokenOriginOf, type Dataset } from '../dataset.ts';
import { countIds, idsOf, LOGGED_IDS, OWN_IDS } from '../vocabularies.ts';
import type { PlannedExport } from './planned.ts';
import type { ExportProfile } from './profile.ts';
import type { TrainingUnit } from './units.ts';

/** The vocabulary of a log's files of ids. */
interface Vocabulary {
  readonly name: string;
  /** Of the ids of a rollout, as `idsOf` says whose they are. */
  readonly nameOf: (ids: string) => string;
}

const known = new WeakMap<Dataset, Vocabulary>();

function vocabularyOf(dataset: Dataset): Vocabulary {
  const found = known.get(dataset) ?? findVocabulary(dataset);
  known.set(dataset, found);
  return found;
}

/** Logged ids that were read back as the log's text, or that the log says are of the session's tokenizer, are of one with its own. */
function findVocabulary(dataset: Dataset): Vocabulary {
  const { tokenizer, isVerified } = tokenOriginOf(dataset);
  const nameOf = (ids: string): string => {
    if (ids === OWN_IDS || isVerified || ids === `${LOGGED_IDS} ${tokenizer}`) return tokenizer;
    return ids === LOGGED_IDS ? 'logged ids' : `logged ids of ${ids.slice(LOGGED_IDS.length + 1)}`;
  };
  const tokens = new Map<string, number>();
  for (const [ids, count] of dataset.ids ?? countIds(dataset.tokens)) tokens.set(nameOf(ids), (tokens.get(nameOf(ids)) ?? 0) + count);
  const [first] = [...tokens].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return { name: first?.[0] ?? tokenizer, nameOf };
}

/** The name of another vocabulary that a record of the plan is of, or null. */
function otherVocabulary(planned: PlannedExport, record: number): string | null {
  const own = recordVocabulary(planned, record).name;
  return own === vocabularyOf(planned.ruling.dataset).name ? null : own;
}

interface RecordVocabulary {
  readonly name: string;
  /** The log has only text: the session's tokenizer made the ids. */
  readonly isMade: boolean;
  /** The session's tokenizer can look the ids up: it made them, or the log does not say that they are another's. */
  readonly isChecked: boolean;
}

/** Whose ids a record of the plan has. */
export function recordVocabulary({ plan, ruling: { dataset, problem } }: PlannedExport, record: number): RecordVocabulary {
  const { rollout, branch } = problem.forest.trajectories;
  const trajectory = plan.trajectory[record] ?? 0;
  const ids = idsOf(dataset.tokens.rollouts[rollout[trajectory] ?? 0], branch[trajectory] ?? 0);
  const name = vocabularyOf(dataset).nameOf(ids);
  const isMade = ids === OWN_IDS && !tokenOriginOf(dataset).isForest;
  return { name, isMade, isChecked: ids === LOGGED_IDS || name === dataset.tokenizerName };
}

/** What a profile writes of a plan: where it writes ids, the records of one vocabulary. */
export function plannedFor(profile: ExportProfile, planned: PlannedExport): PlannedExport {
  if (profile.writesIds !== true) return planned;
  return { ...planned, records: planned.records.filter((record) => otherVocabulary(planned, record) === null) };
}

/** The unit as a profile takes it, and the records of another vocabulary that it is without; null where nothing is left. */
export function unitFor(
  profile: ExportProfile,
  planned: PlannedExport,
  unit: TrainingUnit,
): { readonly unit: TrainingUnit | null; readonly left: number } {
  if (profile.writesIds !== true || unit.kind === 'lines') return { unit, left: 0 };
  if (unit.kind === 'branch') return otherVocabulary(planned, unit.record) === null ? { unit, left: 0 } : { unit: null, left: 1 };
  const records = unit.records.filter(({ record }) => otherVocabulary(planned, record) === null);
  return { unit: { ...unit, records }, left: unit.records.length - records.length };
}

/** Of records that a profile of ids leaves out. */
export function vocabularyWarnings(profile: ExportProfile, planned: PlannedExport): string[] {
  if (profile.writesIds !== true) return [];
  const others = new Map<string, number>();
  for (const record of planned.records) {
    const other = otherVocabulary(planned, record);
    if (other !== null) others.set(other, (others.get(other) ?? 0) + 1);
  }
  const { name } = vocabularyOf(planned.ruling.dataset);
  return [...others].map(
    ([other, records]) =>
      `${records.toLocaleString('en')} ${records === 1 ? 'record has' : 'records have'} other ids (${other}) and ` +
      `${records === 1 ? 'is' : 'are'} left out: a file of ids holds one vocabulary, here ${name}.`,
  );
}

/** What the manifest counts them as. */
export const OTHER_VOCABULARY = 'records in another vocabulary, left out';
