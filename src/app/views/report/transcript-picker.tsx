/** Which rollouts a report writes out: the selected one, and others of those that the filter takes. */
import { columnOf } from '../../../core/rollouts/columns.ts';
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import { exact, plural } from '../../text/format.ts';
import { cellText } from '../table/cell.ts';
import type { Table } from '../table/use-table.ts';
import { MOST_TRANSCRIPTS } from './report-parts.ts';

/** Rows that can be ticked here. */
const LISTED = 100;

interface Props {
  readonly table: Table;
  readonly chosen: readonly RolloutKey[];
  readonly selected: RolloutKey | null;
  readonly onChange: (chosen: readonly RolloutKey[]) => void;
}

export function TranscriptPicker({ table, chosen, selected, onChange }: Props) {
  const { rollouts, rows, all } = table;
  const own = selected === null ? -1 : rollouts.keys.indexOf(selected);
  const listed = [...(own < 0 ? [] : [own]), ...Array.from(rows.subarray(0, LISTED)).filter((r) => r !== own)];
  const [id, task, reward] = ['id', 'task', 'reward'].map((name) => columnOf(all, name));
  const toggle = (key: RolloutKey): void => onChange(chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen, key]);
  return (
    <fieldset className="m-0 min-w-0 border-0 p-0">
      <legend className="p-0 pb-1 font-[600]">
        Transcripts{' '}
        <span className="font-[400] text-ink2 tabular-nums">
          {exact(chosen.length)} chosen, at most {MOST_TRANSCRIPTS}
        </span>
      </legend>
      <ul aria-label="Rollouts" className="m-0 max-h-[168px] list-none overflow-auto rounded border border-line p-0">
        {listed.map((r) => {
          const key = rollouts.keys[r] ?? '';
          const isOn = chosen.includes(key);
          return (
            <li key={key} className="border-t border-line first:border-t-0">
              <label className="flex items-center gap-2 px-2 py-1">
                <input type="checkbox" checked={isOn} disabled={!isOn && chosen.length >= MOST_TRANSCRIPTS} onChange={() => toggle(key)} />
                <span className="min-w-0 flex-1 truncate">{id && cellText(id, r).exact}</span>
                {r === own && <span className="flex-none text-ink2">selected</span>}
                <span className="max-w-[40%] min-w-0 truncate text-ink2">{task && cellText(task, r).exact}</span>
                <span className="flex-none text-ink2 tabular-nums">reward {reward ? cellText(reward, r).shown : '–'}</span>
              </label>
            </li>
          );
        })}
      </ul>
      {rows.length > LISTED && (
        <p className="m-0 pt-1 text-t0 text-ink2">
          The first {exact(LISTED)} of {plural(rows.length, 'rollout')} in the order of the table; narrow the filter for others.
        </p>
      )}
    </fieldset>
  );
}
