/** Which columns the table shows: those that are counted, and the fields of the log. */
import { useRef, useState, type KeyboardEvent } from 'react';
import { visible } from '../../../base/visible.ts';
import { hasValues, type RolloutColumn, type RolloutColumns } from '../../../core/rollouts/columns.ts';
import type { RolloutsAnswer } from '../../../engine/answers/rollouts.ts';
import { exact, plural } from '../../text/format.ts';
import { movedColumn } from './shown-columns.ts';
import { Button } from '../../widgets/controls.tsx';
import { Popover } from '../../widgets/popover.tsx';

export function ColumnChooser({
  all,
  shown,
  leftOut,
  spared,
  onChange,
}: {
  readonly all: RolloutColumns;
  readonly shown: readonly RolloutColumn[];
  readonly leftOut: RolloutsAnswer['leftOut'];
  /** Columns of those shown at first for which there is no room. */
  readonly spared: readonly RolloutColumn[];
  /** Null: those that are shown at first. */
  readonly onChange: (ids: readonly string[] | null) => void;
}) {
  return (
    <Popover
      label="Columns"
      value={`${shown.length} of ${all.columns.length}`}
      button={`Columns ${exact(shown.length)} of ${exact(all.columns.length)} ▾`}
      className="h-[26px] flex-none rounded border border-line bg-card px-2 text-t1 whitespace-nowrap hover:border-line2"
    >
      {() => <Choice all={all} shown={shown} leftOut={leftOut} spared={spared} onChange={onChange} />}
    </Popover>
  );
}

function Choice({ all, shown, leftOut, spared, onChange }: Parameters<typeof ColumnChooser>[0]) {
  const [wanted, setWanted] = useState('');
  const ids = new Set(shown.map(({ id }) => id));
  const isWanted = ({ label, id }: RolloutColumn): boolean => `${label} ${id}`.toLowerCase().includes(wanted.trim().toLowerCase());
  const found = all.columns.filter(isWanted);
  const counted = found.filter(({ id }) => !id.startsWith('field.'));
  const fields = found.filter(({ id }) => id.startsWith('field.'));
  const toggle = (id: string): void => onChange(ids.has(id) ? [...ids].filter((each) => each !== id) : [...ids, id]);
  return (
    <div className="grid gap-2 p-3">
      <input
        type="search"
        aria-label="Find a column"
        placeholder="Find a column"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        className="h-7 rounded border border-line2 bg-paper px-2"
      />
      {wanted.trim() === '' && <Order shown={shown} onChange={onChange} />}
      <Group name="Rollouts" columns={counted} ids={ids} onToggle={toggle} />
      {fields.length > 0 && <Group name="Fields of the log" columns={fields} ids={ids} onToggle={toggle} />}
      {found.length === 0 && <p className="m-0 text-ink2">No column is called so.</p>}
      {spared.length > 0 && (
        <p className="m-0 text-t0 text-ink2">Left out for room: {spared.map(({ label }) => visible(label)).join(', ')}.</p>
      )}
      {leftOut.columns + leftOut.values > 0 && (
        <p className="m-0 text-t0 text-ink2">
          Left out: {plural(leftOut.columns, 'field')} of the log that fewer rollouts have, and {plural(leftOut.values, 'value')} that are
          too many in one record or too long.
        </p>
      )}
      <Button small onClick={() => onChange(null)}>
        As at first
      </Button>
    </div>
  );
}

/** The columns that are shown, from the left on; each is moved by the arrow keys, as the heads are by the pointer. */
function Order({ shown, onChange }: Pick<Parameters<typeof ColumnChooser>[0], 'shown' | 'onChange'>) {
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');
  const move = (at: number, by: 1 | -1): void => {
    const to = at + by;
    const column = shown[at];
    if (column === undefined || to < 0 || to >= shown.length) return;
    const ids = shown.map(({ id }) => id);
    onChange(movedColumn(ids, column.id, ids[by === 1 ? to + 1 : to] ?? null));
    setSaid(`${column.label} is now column ${to + 1} of ${shown.length}.`);
    // The same column keeps the focus where it stands now.
    requestAnimationFrame(() => list.current?.children[to]?.querySelector<HTMLElement>('button')?.focus());
  };
  const press = (event: KeyboardEvent, at: number): void => {
    const by = event.key === 'ArrowUp' || event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    move(at, by);
  };
  return (
    <section aria-label="Order of the columns">
      <h4 className="m-0 pb-1 text-t0 font-[600] text-ink2">Order: arrow keys move a column, or drag its head</h4>
      <ol ref={list} className="m-0 flex list-none flex-wrap gap-1 p-0">
        {shown.map((column, at) => (
          <li key={column.id} className="min-w-0">
            <button
              type="button"
              aria-label={`Move ${visible(column.label)}, column ${at + 1} of ${shown.length}`}
              onKeyDown={(event) => press(event, at)}
              className="max-w-[140px] truncate rounded border border-line bg-paper px-1.5 text-t0 hover:border-line2"
            >
              {visible(column.label)}
            </button>
          </li>
        ))}
      </ol>
      <output className="sr-only">{said}</output>
    </section>
  );
}

function Group({
  name,
  columns,
  ids,
  onToggle,
}: {
  readonly name: string;
  readonly columns: readonly RolloutColumn[];
  readonly ids: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}) {
  return (
    <fieldset className="m-0 grid gap-1 border-0 p-0">
      <legend className="p-0 pb-1 text-t0 font-[600] text-ink2">{name}</legend>
      {columns.map((column) => (
        <label key={column.id} title={visible(column.help)} className="flex min-w-0 items-center gap-2">
          <input type="checkbox" checked={ids.has(column.id)} onChange={() => onToggle(column.id)} className="accent-leaf" />
          <span className="truncate">{visible(column.label)}</span>
          {!hasValues(column) && <span className="text-t0 text-ink3">nothing known</span>}
        </label>
      ))}
    </fieldset>
  );
}
