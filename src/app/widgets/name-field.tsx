/** The name of what is being saved, in a dialog: the first thing that has the focus. */

interface Props {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onChange: (value: string) => void;
}

export function NameField({ label, value, maxLength, onChange }: Props) {
  return (
    <label className="flex items-center gap-2">
      <span className="text-ink2">{label}</span>
      <input
        data-first
        value={value}
        maxLength={maxLength}
        onChange={(event) => onChange(event.target.value)}
        className="h-7 min-w-0 flex-1 rounded border border-line2 bg-paper px-2"
      />
    </label>
  );
}
