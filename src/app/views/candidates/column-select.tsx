/** Chooses a column of rollouts as a ranking: scores that the log has, or any other number. */
import { visible } from '../../../base/visible.ts';
import { useScoreColumns } from '../../queries/score-lists.ts';
import { Select } from '../../widgets/controls.tsx';

const NOTHING = '';

/** @param value name of a ranking, `column:ID` or `column:-ID` where the smallest is best; null: none */
export function ColumnSelect({ value, onChange }: { readonly value: string | null; readonly onChange: (value: string | null) => void }) {
  const columns = useScoreColumns();
  if (columns.length === 0) return null;
  const choices = columns.flatMap(({ id, label, help }) => [
    { value: `column:${id}`, label: `${visible(label)}, largest`, about: visible(help) },
    { value: `column:-${id}`, label: `${visible(label)}, smallest`, about: visible(help) },
  ]);
  return (
    <span className="flex items-center gap-1.5">
      Also by
      <Select
        label="A column as a ranking"
        className="max-w-44"
        value={value ?? NOTHING}
        choices={[{ value: NOTHING, label: 'no column' }, ...choices]}
        onChange={(name) => onChange(name === NOTHING ? null : name)}
      />
    </span>
  );
}
