/** `--import-scores FILE[:COLUMN]` of `espalier prune`: the file, and what became of its rows. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { PruneRule } from '../core/model/rule.ts';
import type { ImportAnswer } from '../engine/answers/importing.ts';
import type { ScoresInput } from '../engine/imported-scores.ts';
import { counted, countText } from './text/figures.ts';
import { readFlagFile } from './flag-files.ts';
import { UsageError } from './usage.ts';

const SHOWN = 20;

/** Null where the flag is not given. Throws UsageError where there is no such file, and where the rule has no use for it or needs it. */
export function importedFile(flags: { readonly 'import-scores'?: string | boolean | undefined }, rule: PruneRule): ScoresInput | null {
  const text = flags['import-scores'];
  if (typeof text !== 'string') {
    if (rule.signal === 'imported') throw new UsageError('--signal imported: needs --import-scores FILE');
    return null;
  }
  if (rule.signal !== 'imported') throw new UsageError('--import-scores: needs --signal imported, else nothing would use them');
  // A path may hold colons itself.
  const colon = existsSync(text) ? -1 : text.lastIndexOf(':');
  const path = colon < 0 ? text : text.slice(0, colon);
  return { name: basename(path), bytes: readFlagFile('--import-scores', path), column: colon < 0 ? null : text.slice(colon + 1) };
}

/** Throws UsageError where no row fits. */
export function importLines(answer: ImportAnswer): string[] {
  if (!answer.ok) throw new UsageError(`--import-scores: ${answer.reason}`);
  const { name, file, rows, matched, unmatched, tokens, negative, issues } = answer;
  const lines = [
    `${file}: ${counted(rows, 'row')} = ${countText(matched)} matched + ${countText(unmatched)} not; ` +
      `${name} of ${counted(tokens, 'token')}`,
  ];
  if (negative > 0) lines.push(`${counted(negative, 'value')} below 0 count 0`);
  for (const { line, expected, found } of issues.slice(0, SHOWN)) lines.push(`note  ${file}:${line} expected ${expected}, found ${found}`);
  if (unmatched > SHOWN) lines.push(`… and ${countText(unmatched - SHOWN)} more`);
  if (matched === 0) throw new UsageError(`--import-scores: ${lines.join('; ')}`);
  return lines;
}
