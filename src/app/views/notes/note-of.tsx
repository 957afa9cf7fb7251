/** What a person says of one node, rollout or task: labels as chips with completion, and a text. */
import { useId, useState } from 'react';
import { labelsIn, MOST_NOTE, tidyLabel } from '../../../core/notes/notes.ts';
import type { Subject } from '../../../core/notes/notes.ts';
import { visible } from '../../../base/visible.ts';
import { useChoices } from '../../state/choices.ts';
import { NOTE_ID, setNote, useNote } from '../../state/notes.ts';

export function NoteOf({ subject }: { readonly subject: Subject }) {
  const note = useNote(subject);
  return (
    <>
      <Labels key={`labels ${subject.kind} ${subject.key}`} subject={subject} labels={note.labels} />
      <Text key={`${subject.kind} ${subject.key} ${note.text}`} subject={subject} text={note.text} />
    </>
  );
}

function Labels({ subject, labels }: { readonly subject: Subject; readonly labels: readonly string[] }) {
  const list = useId();
  const [draft, setDraft] = useState('');
  const notes = useChoices((s) => s.pruning.present.notes);
  const note = useNote(subject);
  const add = (): void => {
    const label = tidyLabel(draft);
    setDraft('');
    if (label !== null && !labels.includes(label)) setNote({ ...note, labels: [...labels, label].sort() });
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {labels.map((label) => (
        <span key={label} className="inline-flex max-w-full items-center gap-1 rounded-full border border-line2 bg-sunk pr-0.5 pl-2">
          <span className="min-w-0 truncate">{visible(label)}</span>
          <button
            type="button"
            aria-label={`Take the label ${visible(label)} away`}
            className="size-6 rounded-full text-ink2 hover:bg-card hover:text-ink"
            onClick={() => setNote({ ...note, labels: labels.filter((other) => other !== label) })}
          >
            ✕
          </button>
        </span>
      ))}
      <input
        aria-label="Add a label"
        placeholder="add a label"
        list={list}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key === 'Enter') add();
          else if (event.key === 'Escape') setDraft('');
          else if (event.key === 'Backspace' && draft === '' && labels.length > 0) setNote({ ...note, labels: labels.slice(0, -1) });
        }}
        className={
          'h-6 min-w-0 flex-1 basis-24 rounded border border-transparent bg-transparent px-1 ' +
          'hover:border-line2 focus:border-line2 focus:bg-paper'
        }
      />
      <datalist id={list}>
        {labelsIn(notes)
          .filter((label) => !labels.includes(label))
          .map((label) => (
            <option key={label} value={label}>
              {visible(label)}
            </option>
          ))}
      </datalist>
    </div>
  );
}

/** Taken over when it is left: one step, however much was typed. */
function Text({ subject, text }: { readonly subject: Subject; readonly text: string }) {
  const [draft, setDraft] = useState(text);
  const note = useNote(subject);
  return (
    <textarea
      id={NOTE_ID}
      aria-label="Note"
      placeholder={`A note on this ${subject.kind} (key m)`}
      rows={draft === '' ? 1 : Math.min(6, draft.split('\n').length + 1)}
      maxLength={MOST_NOTE}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => setNote({ ...note, text: draft })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        event.currentTarget.blur();
      }}
      className="min-h-7 w-full resize-y rounded border border-line bg-paper px-2 py-1 placeholder:text-ink3 hover:border-line2"
    />
  );
}
