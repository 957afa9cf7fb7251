/** What looks like a secret in the records, by kind and value: what is ticked is replaced in files of messages. */
import { visible } from '../../../base/visible.ts';
import type { Preflight } from '../../../engine/answers/preflight.ts';
import { readRedact } from '../../../engine/export/preflight/redact.ts';
import { SECRET_KINDS, type SecretKind } from '../../../engine/export/preflight/secrets.ts';
import { exact, plural } from '../../text/format.ts';

interface Listed {
  readonly id: string;
  readonly masked: string;
  readonly times: number;
}

export function RedactionSection({
  seen,
  redact,
  onChange,
}: {
  readonly seen: Preflight;
  /** As the setting has it. */
  readonly redact: string;
  readonly onChange: (redact: string) => void;
}) {
  const chosen = readRedact(redact) ?? { kinds: new Set<SecretKind>(), except: new Set<string>() };
  const put = (kinds: ReadonlySet<SecretKind>, except: ReadonlySet<string>): void =>
    onChange(kinds.size === 0 ? 'none' : [...kinds, ...Array.from(except, (id) => `!${id}`)].join(','));
  const all = SECRET_KINDS.map(({ id, label }) => ({ id, label, values: valuesOf(seen, id) }));
  const listed = all.filter(({ values }) => values.length > 0);
  if (seen.secrets === null) return <p className="m-0 text-ink2">Secrets are not looked for: {seen.secretsWhyNot}.</p>;
  if (listed.length === 0) return null;
  return (
    <section aria-label="Redaction" className="grid gap-1.5 rounded border border-line bg-paper px-3 py-2">
      <h3 className="m-0 text-t1 font-[600]">Redact before writing</h3>
      <p className="m-0 text-ink2">
        {chosen.kinds.size === 0
          ? 'Nothing is replaced. Tick what is to be: placeholders such as [e-mail address 1] stand for it in every file of messages.'
          : `${plural(seen.redacted.length, 'value')} replaced. Files of token ids would still spell them, so none is written.`}
      </p>
      {listed.map(({ id, label, values }) => {
        const isOn = chosen.kinds.has(id);
        return (
          <details key={id} open={isOn} className="border-t border-line pt-1">
            <summary className="flex items-center gap-2">
              <input
                type="checkbox"
                aria-label={`Redact: ${label}`}
                checked={isOn}
                onChange={() => put(toggled(chosen.kinds, id), isOn ? without(chosen.except, values) : chosen.except)}
              />
              {label}
              <span className="text-ink2 tabular-nums">{exact(values.length)} different</span>
            </summary>
            <ul className="m-0 grid max-h-40 list-none gap-0.5 overflow-auto py-1 pl-6">
              {values.map((value) => (
                <li key={value.id}>
                  <label className="flex items-center gap-2">
                    <input
                      type="checkbox"
                      disabled={!isOn}
                      checked={isOn && !chosen.except.has(value.id)}
                      onChange={() => put(chosen.kinds, toggled(chosen.except, value.id))}
                    />
                    <span className="min-w-0 truncate font-mono">{visible(value.masked)}</span>
                    <span className="text-ink2 tabular-nums">{plural(value.times, 'time')}</span>
                  </label>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </section>
  );
}

/** Left and replaced ones together, so that the list stays as it is while things are ticked. */
function valuesOf({ secrets, redacted }: Preflight, kind: SecretKind): readonly Listed[] {
  const left = secrets?.find((each) => each.kind === kind)?.values ?? [];
  const all = new Map<string, Listed>();
  for (const value of [...left, ...redacted.filter((each) => each.kind === kind)]) if (!all.has(value.id)) all.set(value.id, value);
  return [...all.values()].sort((a, b) => (a.masked < b.masked ? -1 : a.masked > b.masked ? 1 : a.id < b.id ? -1 : 1));
}

function toggled<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return new Set(set.has(one) ? [...set].filter((each) => each !== one) : [...set, one]);
}

function without(set: ReadonlySet<string>, values: readonly Listed[]): ReadonlySet<string> {
  return new Set([...set].filter((id) => !values.some((value) => value.id === id)));
}
