/** Verdicts of a file: matched with what is open, shown, and only then attached. */
import { withLabels } from '../../core/notes/notes.ts';
import { visible } from '../../base/visible.ts';
import type { VerdictMatch } from '../../engine/answers/verdicts.ts';
import type { PickedFile } from '../../platform/browser/inputs.ts';
import { useChoices } from '../state/choices.ts';
import { useIncoming } from '../state/incoming.ts';
import { ask } from './client.ts';

/** @returns a sentence for the person; empty where the verdicts wait for a yes */
export async function offerVerdicts({ path, blob }: PickedFile): Promise<string> {
  const isTable = /\.(csv|tsv)$/i.test(path);
  const table = isTable ? `${visible(path)} is CSV: convert it to JSONL if it is a log. ` : '';
  if (useChoices.getState().opening === null) return `${table}Verdicts on rollouts can be dropped once their log is open.`;
  const text = await blob.text();
  const answer = await ask((session) => session.verdicts(path, text));
  if (!answer.ok) return `${table}${table === '' ? '' : 'Verdicts are not in it either: '}${answer.reason}. What is open stays as it is.`;
  useIncoming.setState({ verdicts: answer });
  return '';
}

/** Rewards are attached where the log is read, so it is read again; labels are kept as a person's own are. One undoable step each. */
export function attachVerdicts({ rewards, labels }: VerdictMatch): void {
  const { openSettings, reopen } = useChoices.getState();
  if (labels.length > 0) {
    const { pruning, setNotes } = useChoices.getState();
    const given = labels.map(([key, label]) => ({ subject: { kind: 'rollout' as const, key }, label }));
    setNotes(withLabels(pruning.present.notes, given));
  }
  if (rewards.length === 0) return;
  const all = new Map([...(openSettings.rewards ?? []), ...rewards]);
  reopen({ rewards: [...all].sort(([a], [b]) => (a < b ? -1 : 1)) });
}
