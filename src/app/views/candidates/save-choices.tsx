/** Saves the candidate that a ranking chooses of each task: as predictions, or as preference pairs. */
import { useState } from 'react';
import type { CandidatesQuestion } from '../../../engine/answers/candidates.ts';
import type { ChoiceFile, ChoicesAnswer } from '../../../engine/answers/choices.ts';
import { download } from '../../../platform/browser/save.ts';
import { ask } from '../../queries/client.ts';
import { exact, plural } from '../../text/format.ts';
import { Button, Select } from '../../widgets/controls.tsx';

const FILES = [
  { value: 'preds.json', label: 'preds.json', about: 'One object by instance, as mini-swe-agent writes it' },
  { value: 'predictions.json', label: 'predictions.json', about: 'A JSON list, as the SWE-bench harness reads it' },
  { value: 'predictions.jsonl', label: 'predictions.jsonl', about: 'JSON Lines, as the SWE-bench harness reads it' },
  {
    value: 'pairs.jsonl',
    label: 'pairs.jsonl',
    about: 'The first against the last of each task as prompt, chosen and rejected, for TRL’s DPOTrainer',
  },
] as const;
type FileName = (typeof FILES)[number]['value'];

const FORMATS = { 'preds.json': 'by-instance', 'predictions.json': 'list', 'predictions.jsonl': 'lines' } as const;

interface Saved {
  readonly name: FileName;
  readonly answer: ChoicesAnswer;
}

export function SaveChoices({ question, ranking }: { readonly question: CandidatesQuestion; readonly ranking: string }) {
  const [name, setName] = useState<FileName>('preds.json');
  const [isBusy, setBusy] = useState(false);
  const [saved, setSaved] = useState<Saved | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const file: ChoiceFile =
      name === 'pairs.jsonl' ? { kind: 'pairs' } : { kind: 'predictions', format: FORMATS[name], model: `best-by-${ranking}` };
    try {
      const answer = await ask((session) => session.chooseCandidates(question, ranking, file));
      setSaved({ name, answer });
      if (answer.rows > 0) download({ name, blob: new Blob([answer.text], { type: 'application/json' }) });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label="Save the chosen candidates" className="grid gap-1 text-t1">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-ink2">Save what the ranking chooses as</span>
        <Select label="File of the chosen candidates" value={name} choices={FILES} onChange={setName} />
        <Button small disabled={isBusy} onClick={() => void save()}>
          {isBusy ? 'Reading…' : 'Save'}
        </Button>
      </div>
      {problem !== null && (
        <p role="alert" className="m-0 text-cut wrap-anywhere">
          {problem}
        </p>
      )}
      {saved !== null && problem === null && <Outcome saved={saved} />}
    </section>
  );
}

function Outcome({ saved: { name, answer } }: { readonly saved: Saved }) {
  const { rows, tasks, tied, notes } = answer;
  const one = name === 'pairs.jsonl' ? 'pair' : 'prediction';
  return (
    <output aria-label="What was saved" className="text-t0 text-ink2">
      {rows === 0 ? `No ${one}: nothing was saved` : `${name}: ${plural(rows, one)} of ${plural(tasks, 'task')}`}
      {tied === 0 ? '' : `, ${exact(tied)} decided among equals by key`}
      {notes.map(({ what, count }) => `; ${what}: ${exact(count)}`).join('')}.
    </output>
  );
}
