/** Which rollouts the filter of an act finds. */
import { checkFilter, type ColumnKind } from '../../core/filter/check.ts';
import { matchFilter } from '../../core/filter/match.ts';
import { parseFilter } from '../../core/filter/parse.ts';
import { textTermsOf } from '../../core/filter/text-terms.ts';
import type { RolloutColumns } from '../../core/rollouts/columns.ts';
import type { Dataset } from '../dataset.ts';
import type { Notes } from '../../core/notes/notes.ts';
import { saidOn } from '../rollouts/said-on.ts';
import { cutTerm, cutTermFault } from './cut-term.ts';
import { withPassing } from '../search/through.ts';
import { rolloutColumns } from '../rollouts/rollouts.ts';
import type { ModelColumns } from '../score/columns.ts';

type Matched = { readonly ok: true; readonly taken: Uint8Array } | { readonly ok: false; readonly fault: string };

/** A filter looks for words that nobody has looked for in this log yet: `prepareTexts` does. */
class NotScanned extends Error {
  constructor(where: string) {
    super(`the words of ${where} have not been looked for in the log yet`);
  }
}

const texts = new WeakMap<Dataset, Map<string, Uint8Array>>();
const kinds = new WeakMap<Dataset, readonly ColumnKind[]>();
const faults = new WeakMap<Dataset, Map<string, string>>();
const columns = new WeakMap<Dataset, { readonly model: ModelColumns | null; readonly notes: Notes; readonly columns: RolloutColumns }>();

/** Of a part of a log: the columns that the whole has. */
export function sayKinds(dataset: Dataset, all: readonly ColumnKind[]): void {
  kinds.set(dataset, all);
}

/** Text term -> rollout -> 1, as far as they have been looked for. */
export function scannedTexts(dataset: Dataset): Map<string, Uint8Array> {
  const known = texts.get(dataset) ?? new Map<string, Uint8Array>();
  texts.set(dataset, known);
  return known;
}

/** Text term -> why the texts could not be looked through for it, as far as that is so. */
export function textFaults(dataset: Dataset): Map<string, string> {
  const known = faults.get(dataset) ?? new Map<string, string>();
  faults.set(dataset, known);
  return known;
}

/** Terms of a filter that have to be looked for in texts first; none of one that is no filter. */
export function missingTerms(dataset: Dataset, where: string): readonly string[] {
  const parsed = parseFilter(where);
  const known = scannedTexts(dataset);
  return parsed.ok ? textTermsOf(parsed.filter).flatMap(({ key }) => (known.has(key) ? [] : [key])) : [];
}

/** Throws `NotScanned` where the line is on and words of it are missing. */
export function matchWhere(dataset: Dataset, where: string, model: ModelColumns | null, isOn: boolean): Matched {
  const parsed = parseFilter(where);
  if (!parsed.ok) return parsed;
  const asked = cutTerm(parsed.filter);
  if (asked !== null) return { ok: false, fault: cutTermFault(asked) };
  const own = columnsOf(dataset, model);
  const fault = checkFilter(parsed.filter, kinds.get(dataset) ?? own.columns);
  if (fault !== null) return fault;
  // Also where they happen to be known: a manifest must not say what else was looked for.
  if (!isOn && textTermsOf(parsed.filter).length > 0) return { ok: false, fault: 'off: its words are not looked for' };
  if (missingTerms(dataset, where).length > 0) throw new NotScanned(where);
  const why = textTermsOf(parsed.filter).flatMap(({ key }) => textFaults(dataset).get(key) ?? [])[0];
  if (why !== undefined) return { ok: false, fault: why };
  return { ok: true, taken: matchFilter(parsed.filter, own, withPassing(dataset, parsed.filter, scannedTexts(dataset))) };
}

function columnsOf(dataset: Dataset, model: ModelColumns | null): RolloutColumns {
  const known = columns.get(dataset);
  const { notes } = saidOn(dataset);
  if (known?.model === model && known.notes === notes) return known.columns;
  const made = rolloutColumns(dataset, model);
  columns.set(dataset, { model, notes, columns: made });
  return made;
}
