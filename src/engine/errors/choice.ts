/** The settings of records that say which erroneous turns are masked, as rules read them. */
import type { ErrorChoice } from '../../core/errors/masked.ts';
import { ERROR_RULES } from '../../core/errors/registry.ts';
import type { RecordSettings } from '../answers/exporting.ts';

/** The rule that a forest alone can tell, because tokens keep the log's marks. */
export const FLAGGED = 'flagged';

/** Names at commas; `all`: every rule; `none`: no rule. Names that are none are left out. */
function rulesOf(text: string): ReadonlySet<string> {
  const names = namesIn(text);
  const isAll = names.includes('all');
  return new Set(ERROR_RULES.flatMap(({ id }) => (isAll || names.includes(id) ? [id] : [])));
}

/** The first name that is none; null where all are. No name at all is one that is none. */
export function unknownRule(text: string): string | null {
  const names = namesIn(text);
  if (names.length === 0) return JSON.stringify(text);
  if (names.length === 1 && names[0] === 'none') return null;
  return names.find((name) => name !== 'all' && !ERROR_RULES.some(({ id }) => id === name)) ?? null;
}

function namesIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The same rules with one of them on or off, as a setting. */
export function withRule(text: string, rule: string, isOn: boolean): string {
  const before = rulesOf(text);
  const ids = ERROR_RULES.map(({ id }) => id).filter((id) => (id === rule ? isOn : before.has(id)));
  if (ids.length === ERROR_RULES.length) return 'all';
  return ids.length === 0 ? 'none' : ids.join(',');
}

export function errorChoice({
  errorRules,
  corrections,
  correctedWithin,
}: Pick<RecordSettings, 'errorRules' | 'corrections' | 'correctedWithin'>): ErrorChoice {
  return { rules: rulesOf(errorRules), corrections, within: correctedWithin };
}

/** Only what the log flags, and corrections change nothing: the marks of tokens tell it, and no record is read anew. */
export function isOfMarks({ rules, corrections }: ErrorChoice): boolean {
  return corrections !== 'keep' && [...rules].every((rule) => rule === FLAGGED);
}
