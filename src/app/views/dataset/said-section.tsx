/** What a person said of the open log, counted, and as a file. */
import { labelsIn } from '../../../core/notes/notes.ts';
import { visible } from '../../../base/visible.ts';
import { saveNotes } from '../../queries/said-files.ts';
import { useChoices } from '../../state/choices.ts';
import { plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

/** Labels that are named. */
const NAMED = 8;

export function SaidSection() {
  const notes = useChoices((s) => s.pruning.present.notes);
  if (notes.length === 0) return null;
  const labels = labelsIn(notes);
  const named = labels.slice(0, NAMED).map((label) => visible(label));
  return (
    <section aria-label="Your notes" className="flex flex-wrap items-center gap-2">
      <span>{plural(notes.length, 'note')} of your own</span>
      <span className="min-w-0 flex-1 truncate text-ink2">
        {named.join(', ')}
        {labels.length > NAMED && ` and ${plural(labels.length - NAMED, 'more label')}`}
      </span>
      <Button small onClick={saveNotes}>
        Save as notes.jsonl
      </Button>
    </section>
  );
}
