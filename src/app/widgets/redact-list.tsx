/** What looks like a secret, by kind and value, each with a box: what is ticked is replaced. */
import { visible } from '../../base/visible.ts';
import type { RedactChoice } from '../../engine/export/preflight/redact.ts';
import { SECRET_KINDS } from '../../engine/export/preflight/secrets.ts';
import { exact, plural } from '../text/format.ts';

/** One value, masked. */
interface SecretValue {
  readonly kind: string;
  readonly id: string;
  readonly masked: string;
  readonly times: number;
}

interface Props {
  /** Values that are there, replaced or not; of several of one kind and id the first counts. */
  readonly values: readonly SecretValue[];
  readonly chosen: RedactChoice;
  /** Told as the setting `redact` has it. */
  readonly onChange: (redact: string) => void;
}

/** Nothing where there are no values. */
export function RedactList({ values, chosen, onChange }: Props) {
  const put = ({ kinds, except }: RedactChoice): void =>
    onChange(kinds.size === 0 ? 'none' : [...kinds, ...Array.from(except, (id) => `!${id}`)].join(','));
  return SECRET_KINDS.map(({ id, label }) => {
    const own = ofKind(values, id);
    if (own.length === 0) return null;
    const isOn = chosen.kinds.has(id);
    return (
      <details key={id} open={isOn} className="border-t border-line pt-1">
        <summary className="flex items-center gap-2">
          <input
            type="checkbox"
            aria-label={`Redact: ${label}`}
            checked={isOn}
            onChange={() => put({ kinds: toggled(chosen.kinds, id), except: isOn ? without(chosen.except, own) : chosen.except })}
          />
          {label}
          <span className="text-ink2 tabular-nums">{exact(own.length)} different</span>
        </summary>
        <ul className="m-0 grid max-h-40 list-none gap-0.5 overflow-auto py-1 pl-6">
          {own.map((value) => (
            <li key={value.id}>
              <label className="flex items-center gap-2">
                <input
                  type="checkbox"
                  disabled={!isOn}
                  checked={isOn && !chosen.except.has(value.id)}
                  onChange={() => put({ ...chosen, except: toggled(chosen.except, value.id) })}
                />
                <span className="min-w-0 truncate font-mono">{visible(value.masked)}</span>
                <span className="text-ink2 tabular-nums">{plural(value.times, 'time')}</span>
              </label>
            </li>
          ))}
        </ul>
      </details>
    );
  });
}

/** In an order that ticking does not change. */
function ofKind(values: readonly SecretValue[], kind: string): readonly SecretValue[] {
  const own = new Map<string, SecretValue>();
  for (const value of values) if (value.kind === kind && !own.has(value.id)) own.set(value.id, value);
  return [...own.values()].sort((a, b) => (a.masked < b.masked ? -1 : a.masked > b.masked ? 1 : a.id < b.id ? -1 : 1));
}

function toggled<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return new Set(set.has(one) ? [...set].filter((each) => each !== one) : [...set, one]);
}

function without(set: ReadonlySet<string>, values: readonly SecretValue[]): ReadonlySet<string> {
  return new Set([...set].filter((id) => !values.some((value) => value.id === id)));
}
