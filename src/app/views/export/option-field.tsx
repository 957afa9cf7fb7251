/** A control for one option of a profile, or one setting of records, by its type. */
import type { OptionValue, ProfileOption } from '../../../engine/answers/exporting.ts';
import { Select } from '../../widgets/controls.tsx';

interface FieldProps {
  readonly option: ProfileOption;
  readonly value: OptionValue;
  readonly onChange: (value: OptionValue) => void;
}

export function OptionField({ option, value, onChange }: FieldProps) {
  return (
    <label className="flex items-center gap-2 text-ink2" title={option.help}>
      {option.label}
      <OptionControl option={option} value={value} onChange={onChange} />
    </label>
  );
}

function OptionControl({ option, value, onChange }: FieldProps) {
  const look = 'h-[26px] rounded border border-line bg-paper px-2 text-t1 text-ink';
  switch (option.type) {
    case 'flag':
      return <input type="checkbox" checked={value === true} onChange={() => onChange(value !== true)} />;
    case 'choice':
      return (
        <Select
          label={option.label}
          choices={option.values.map((each) => ({ value: each, label: each }))}
          value={String(value)}
          onChange={onChange}
        />
      );
    case 'number':
      return (
        <input
          type="number"
          defaultValue={Number(value)}
          min={option.min}
          max={option.max}
          step={option.whole ? 1 : 'any'}
          onChange={({ currentTarget }) => {
            if (currentTarget.value !== '' && currentTarget.validity.valid) onChange(currentTarget.valueAsNumber);
          }}
          className={`w-20 invalid:border-cut ${look}`}
        />
      );
    case 'text':
      return (
        <input
          type="text"
          value={String(value)}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          className={`w-32 ${look}`}
        />
      );
  }
}
