/** Small controls without any knowledge of the domain: button, chip, key cap, segments, select, number field. */
import { useId, useState } from 'react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Look = 'plain' | 'go' | 'quiet' | 'cut';

const LOOKS: Readonly<Record<Look, string>> = {
  plain: 'border border-line2 bg-card hover:bg-sunk',
  go: 'border border-leaf bg-leaf text-on-leaf font-[550] hover:brightness-110',
  quiet: 'border border-transparent text-ink2 hover:bg-sunk hover:text-ink',
  cut: 'border border-cut text-cut hover:bg-cut-soft',
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look;
  readonly small?: boolean;
}

export function Button({ look = 'plain', small = false, className = '', ...rest }: ButtonProps) {
  const size = small ? 'h-6 px-2' : 'h-7 px-3';
  return (
    <button
      type="button"
      className={
        `inline-flex flex-none items-center justify-center gap-1.5 rounded text-t1 ` +
        `font-[500] whitespace-nowrap disabled:opacity-45 ${size} ${LOOKS[look]} ${className}`
      }
      {...rest}
    />
  );
}

export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="rounded-sm border border-line border-b-line2 bg-paper px-1 py-0.5 font-mono text-t0 leading-none text-ink2">
      {children}
    </kbd>
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly about?: string;
  readonly keycap?: string;
}

/** A row of which exactly one is chosen: radio buttons in all but looks. */
export function Segments<T extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="flex flex-none overflow-hidden rounded border border-line bg-card text-t1 whitespace-nowrap"
    >
      {choices.map((choice) => (
        <label
          key={choice.value}
          title={choice.keycap ? `${choice.about ?? choice.label} (key ${choice.keycap})` : choice.about}
          className={
            'flex items-center gap-[5px] border-l border-line px-[7px] py-[3px] text-ink2 first:border-l-0 hover:text-ink ' +
            'has-disabled:opacity-60 has-checked:bg-sunk has-checked:font-[550] has-checked:text-ink ' +
            'has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus'
          }
        >
          <input type="radio" name={name} className="sr-only" checked={choice.value === value} onChange={() => onChange(choice.value)} />
          {choice.label}
          {choice.keycap && (
            <span className="hidden min-[1536px]:inline">
              <Kbd>{choice.keycap}</Kbd>
            </span>
          )}
        </label>
      ))}
    </div>
  );
}

const SELECT = 'select h-[26px] min-w-0 truncate rounded border border-line bg-paper pl-2 text-t1 text-ink hover:border-line2';

export function Select<T extends string>({
  label,
  choices,
  value,
  onChange,
  className = '',
}: {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly className?: string;
}) {
  return (
    <select
      aria-label={label}
      title={choices.find((choice) => choice.value === value)?.about}
      value={value}
      onChange={(event) => {
        const chosen = choices.find((choice) => choice.value === event.target.value);
        if (chosen) onChange(chosen.value);
      }}
      className={`${SELECT} ${className}`}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value} title={choice.about}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

/** A number that is taken over on Enter or when left; Escape and nonsense bring the old one back. */
export function NumberField({
  label,
  value,
  format,
  low,
  high,
  step = 1,
  onChange,
  className = '',
}: {
  readonly label: string;
  readonly value: number;
  readonly format: (value: number) => string;
  readonly low: number;
  readonly high: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
  readonly className?: string;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const take = (): void => {
    // A comma groups digits in large numbers and is the decimal sign in small ones.
    const typed = Number(
      (draft ?? '')
        .replace(/[%×\s]/g, '')
        .replaceAll(',', high > 1000 ? '' : '.')
        .replace('−', '-'),
    );
    if (draft !== null && draft.trim() !== '' && Number.isFinite(typed)) onChange(Math.min(high, Math.max(low, typed)));
    setDraft(null);
  };
  return (
    <input
      aria-label={label}
      inputMode="decimal"
      value={draft ?? format(value)}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        else if (event.key === 'Escape') setDraft(null);
        else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
          event.preventDefault();
          setDraft(null);
          const change = (event.key === 'ArrowUp' ? step : -step) * (event.shiftKey ? 10 : 1);
          onChange(Math.min(high, Math.max(low, Number((value + change).toFixed(6)))));
        }
      }}
      className={
        `min-w-0 rounded border border-transparent bg-transparent px-1 tabular-nums ` +
        `hover:border-line2 focus:border-line2 focus:bg-paper ${className}`
      }
    />
  );
}

/** A bar that shows a share; the number stands beside it in text, so that readers need not hear the bar. */
export function Meter({
  share,
  tone = 'leaf',
  className = '',
}: {
  readonly share: number;
  readonly tone?: 'leaf' | 'ink' | 'cut';
  readonly className?: string;
}) {
  const fill = { leaf: 'bg-leaf', ink: 'bg-ink3', cut: 'bg-cut' }[tone];
  const width = `${Math.min(100, Math.max(0, share * 100))}%`;
  return (
    <span aria-hidden="true" className={`block overflow-hidden rounded-full bg-line ${className}`}>
      <span className={`block h-full ${fill}`} style={{ width }} />
    </span>
  );
}
