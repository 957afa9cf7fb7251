/** A person's own scores per token, dropped on the page: they become the signal. */
import type { ImportAnswer } from '../../engine/answers/importing.ts';
import type { PickedFile } from '../../platform/browser/inputs.ts';
import { useChoices } from '../state/choices.ts';
import { ask } from './client.ts';
import { refreshScoresNow } from './score-refresh.ts';

/** Matches them with what is open and makes them the signal. @returns what became of the rows, as a sentence */
export async function importScores({ path, blob }: PickedFile): Promise<string> {
  const { opening } = useChoices.getState();
  if (!opening) return 'Scores of your own need the logs that they are for: drop those first.';
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const name = path.slice(path.lastIndexOf('/') + 1);
  const answer = await ask<ImportAnswer>((session) => session.importScores({ name, bytes, column: null }));
  if (!answer.ok) return `${name}: ${answer.reason}.`;
  if (answer.matched > 0) {
    useChoices.getState().setRule({ signal: 'imported' });
    await refreshScoresNow(opening.id);
  }
  return importSentence(answer);
}

function importSentence({ file, name, rows, matched, unmatched, issues }: Extract<ImportAnswer, { ok: true }>): string {
  const count = (value: number): string => value.toLocaleString('en');
  const then = matched > 0 ? `${name} is the signal now` : 'nothing has changed';
  const all = `${file}: ${count(matched)} of ${count(rows)} rows match; ${then}.`;
  const [first] = issues;
  return unmatched === 0 || !first ? all : `${all} Line ${count(first.line)}: expected ${first.expected}, found ${first.found}.`;
}
