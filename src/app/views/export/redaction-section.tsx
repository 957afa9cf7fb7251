/** What looks like a secret in the records: what is ticked is replaced in files of messages; which files are not written for it. */
import type { Preflight } from '../../../engine/answers/preflight.ts';
import { readRedact } from '../../../engine/export/preflight/redact.ts';
import type { SecretKind } from '../../../engine/export/preflight/secrets.ts';
import { useExportSpec } from '../../queries/export-spec.ts';
import { plural } from '../../text/format.ts';
import { RedactList } from '../../widgets/redact-list.tsx';

interface Props {
  readonly seen: Preflight;
  /** As the setting has it. */
  readonly redact: string;
  readonly onChange: (redact: string) => void;
}

export function RedactionSection({ seen, redact, onChange }: Props) {
  const chosen = readRedact(redact) ?? { kinds: new Set<SecretKind>(), except: new Set<string>() };
  const { leftOut } = useExportSpec();
  if (seen.secrets === null) return <p className="m-0 text-ink2">Secrets are not looked for: {seen.secretsWhyNot}.</p>;
  const left = seen.secrets.flatMap(({ kind, values }) => values.map((value) => ({ ...value, kind })));
  if (left.length + seen.redacted.length === 0) return null;
  return (
    <section aria-label="Redaction" className="grid gap-1.5 rounded border border-line bg-paper px-3 py-2">
      <h3 className="m-0 text-t1 font-[600]">Redact before writing</h3>
      <p className="m-0 text-ink2">
        {chosen.kinds.size === 0
          ? 'Nothing is replaced. Tick what is to be: placeholders such as [e-mail address 1] stand for it in every file of messages.'
          : `${plural(seen.redacted.length, 'value')} replaced. Files of token ids would still spell them, so none is written.`}
        {leftOut.length > 0 && ` Left out for it: ${leftOut.join(', ')}.`}
      </p>
      <RedactList values={[...left, ...seen.redacted]} chosen={chosen} onChange={onChange} />
    </section>
  );
}
