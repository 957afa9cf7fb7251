/** `--out FILE` of `espalier study candidates`: the chosen candidates as a predictions file, or as preference pairs. */
import { predictionFormatOf } from '../../core/candidates/predictions.ts';
import type { CandidatesQuestion } from '../../engine/answers/candidates.ts';
import type { Dataset } from '../api.ts';
import { note } from '../streams.ts';
import { counted, countText } from '../text/figures.ts';
import { intoFile, refuseFile } from '../usage.ts';
import type { StudyFlags } from './study.ts';

export const CHOICE_OPTIONS = { out: { type: 'string' }, pairs: { type: 'string' }, 'out-model': { type: 'string' } } as const;

export const CHOICE_HELP = `\
  --out FILE             the patch that the ranking puts first in each task, as predictions that harnesses of SWE-bench read: JSON Lines
                         for names that end in .jsonl, one object by instance for preds.json, else a JSON list
  --out-model NAME       what model_name_or_path says (default best-by- and the ranking's name)
  --pairs FILE           the first against the last of each task, where both are rollouts, as rows for TRL's DPOTrainer`;

/** Throws UsageError where a file cannot be written, before anything is opened. */
export function checkChoices({ out, pairs }: StudyFlags): void {
  if (typeof out === 'string') refuseFile(out, '--out');
  if (typeof pairs === 'string') refuseFile(pairs, '--pairs');
}

/** Writes what is asked for, and says on stderr how many rows there are and what was left out. @returns what goes into JSON of it */
export async function writeChoices(
  dataset: Dataset,
  question: CandidatesQuestion,
  ranking: string,
  flags: StudyFlags,
): Promise<object | null> {
  const written: Record<string, object> = {};
  const { out, pairs } = flags;
  if (typeof out === 'string') {
    const model = typeof flags['out-model'] === 'string' ? flags['out-model'] : `best-by-${ranking}`;
    written['predictions'] = await write(out, 'prediction', { kind: 'predictions', format: predictionFormatOf(out), model });
  }
  if (typeof pairs === 'string') written['pairs'] = await write(pairs, 'pair', { kind: 'pairs' });
  return Object.keys(written).length === 0 ? null : written;

  async function write(path: string, one: string, file: Parameters<Dataset['studies']['chooseCandidates']>[2]): Promise<object> {
    const { text, ...rest } = await dataset.studies.chooseCandidates(question, ranking, file);
    await intoFile(path, [text]);
    const tied = rest.tied === 0 ? '' : `, ${countText(rest.tied)} decided among equals`;
    note(`${path}: ${counted(rest.rows, one)} of ${counted(rest.tasks, 'task')}${tied}`);
    for (const { what, count } of rest.notes) note(`  ${what}: ${countText(count)}`);
    return rest;
  }
}
