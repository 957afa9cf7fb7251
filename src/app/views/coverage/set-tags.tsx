/** Sets a tag of all selected tasks, takes guesses over, and reads and saves tags. */
import { useRef, useState } from 'react';
import { AXES, axisOf, type AxisId } from '../../../core/axes/axes.ts';
import type { TaggedTask } from '../../queries/coverage.ts';
import { readTags, saveTags } from '../../queries/tag-files.ts';
import { useChoices } from '../../state/choices.ts';
import { setTags, takeGuesses } from '../../state/tags.ts';
import { exact, plural } from '../../text/format.ts';
import { Button, Select } from '../../widgets/controls.tsx';

/** In place of a tag: nothing is said any more. */
const NOTHING = '';

interface SetTagsProps {
  /** In the list. */
  readonly listed: readonly TaggedTask[];
  /** All of the filter, for files. */
  readonly tasks: readonly TaggedTask[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (subjects: readonly string[]) => void;
}

export function SetTags({ listed, tasks, selected, onSelect }: SetTagsProps) {
  const [axis, setAxis] = useState<AxisId>('tasktype');
  const [tag, setTag] = useState('bug-fixing');
  const picker = useRef<HTMLInputElement>(null);
  const set = useChoices((s) => s.set);
  const chosen = tasks.filter(({ subject }) => selected.has(subject));
  const of = chosen.length > 0 ? chosen : listed;
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 py-1.5 text-t1">
      <Button small onClick={() => onSelect(chosen.length === listed.length ? [] : listed.map(({ subject }) => subject))}>
        {chosen.length > 0 && chosen.length === listed.length ? 'Select none' : `Select all ${exact(listed.length)}`}
      </Button>
      <span className="min-w-[92px] tabular-nums">{plural(chosen.length, 'task')} selected</span>
      <Select
        label="Axis to set"
        choices={AXES.map(({ id, label }) => ({ value: id, label }))}
        value={axis}
        onChange={(next) => {
          setAxis(next);
          setTag(axisOf(next).tags[0]?.id ?? NOTHING);
        }}
      />
      <Select
        label="Tag to set"
        choices={[...axisOf(axis).tags.map(({ id, label }) => ({ value: id, label })), { value: NOTHING, label: '(take away)' }]}
        value={tag}
        onChange={setTag}
      />
      <Button
        small
        look="go"
        disabled={chosen.length === 0}
        onClick={() =>
          setTags(
            chosen.map(({ subject }) => subject),
            axis,
            tag === NOTHING ? null : tag,
          )
        }
      >
        Set
      </Button>
      <span className="flex-1" />
      <Button
        small
        title="Guesses become tags where nothing is said: filters, acts and exports count said tags only"
        onClick={() => takeGuesses(of)}
      >
        Take {plural(of.length, 'guess', 'guesses')} over
      </Button>
      <Button small onClick={() => picker.current?.click()}>
        Read tags…
      </Button>
      <input
        ref={picker}
        type="file"
        aria-label="File of tags"
        accept=".csv,.json,.jsonl"
        className="hidden"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void readTags(file).then((notice) => set({ notice }));
          currentTarget.value = '';
        }}
      />
      <Button small onClick={() => saveTags(tasks, 'csv')}>
        Save tags as CSV
      </Button>
      <Button small onClick={() => saveTags(tasks, 'jsonl')}>
        JSONL
      </Button>
    </div>
  );
}
