/** Which columns the table shows: those that are counted, and the fields of the log. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { hasValues, type RolloutColumn, type RolloutColumns } from '../../../core/rollouts/columns.ts';
import type { RolloutsAnswer } from '../../../engine/answers/rollouts.ts';
import { exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { Popover } from '../../widgets/popover.tsx';

export function ColumnChooser({
  all,
  shown,
  leftOut,
  onChange,
}: {
  readonly all: RolloutColumns;
  readonly shown: readonly RolloutColumn[];
  readonly leftOut: RolloutsAnswer['leftOut'];
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
      {() => <Choice all={all} shown={shown} leftOut={leftOut} onChange={onChange} />}
    </Popover>
  );
}

function Choice({ all, shown, leftOut, onChange }: Parameters<typeof ColumnChooser>[0]) {
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
      <Group name="Rollouts" columns={counted} ids={ids} onToggle={toggle} />
      {fields.length > 0 && <Group name="Fields of the log" columns={fields} ids={ids} onToggle={toggle} />}
      {found.length === 0 && <p className="m-0 text-ink2">No column is called so.</p>}
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
