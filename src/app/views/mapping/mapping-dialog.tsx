/** Where no format matches: which field is what, with the record beside it and the outcome live below. */
import { visible } from '../../../base/visible.ts';
import { useDeferredValue, useState } from 'react';
import { download } from '../../../platform/browser/save.ts';
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { keepMapping } from '../../state/kept-session.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { FIELDS, mappingFrom, textsOf } from './fields.ts';
import type { FieldTexts } from './fields.ts';
import { MappingPreview } from './mapping-preview.tsx';

export default function MappingDialog() {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  const reopen = useChoices((s) => s.reopen);
  const [at, setAt] = useState(0);
  const file = facts?.unmapped[Math.min(at, (facts?.unmapped.length ?? 1) - 1)];
  const [texts, setTexts] = useState<FieldTexts>(() =>
    textsOf(useChoices.getState().openSettings.mapping ?? facts?.unmapped[0]?.suggestion),
  );
  const mapping = mappingFrom(texts);
  const looked = useDeferredValue(mapping);
  if (!file) return null;
  const use = (): void => {
    void keepMapping(mapping);
    reopen({ mapping });
  };
  const footer = (
    <>
      <Button onClick={() => void downloadMapping(mapping)}>Download the mapping</Button>
      <span className="flex-1 text-t0 text-ink2">The CLI takes the same file; you can also drop it here.</span>
      <Button look="go" onClick={use}>
        Apply mapping
      </Button>
    </>
  );
  return (
    <Dialog title="Map fields" onClose={() => set({ panel: null })} footer={footer}>
      <div className="grid gap-4 p-4 text-t1">
        <p className="m-0 text-ink2">
          No format was recognised in <span className="font-mono text-ink">{file.name}</span>. Give the paths of its fields, such as{' '}
          <code className="font-mono text-ink">result.turns</code> or <code className="font-mono text-ink">data[0].text</code>.
        </p>
        {(facts?.unmapped.length ?? 0) > 1 && (
          <label className="flex items-center gap-2 text-ink2">
            File
            <select
              value={at}
              onChange={(event) => setAt(Number(event.target.value))}
              className="h-[26px] rounded border border-line bg-paper px-1.5 text-ink"
            >
              {facts?.unmapped.map((each, i) => (
                <option key={each.name} value={i}>
                  {visible(each.name)}
                </option>
              ))}
            </select>
          </label>
        )}
        <div className="grid gap-4 min-[720px]:grid-cols-2">
          <div className="grid content-start gap-2">
            {FIELDS.map(({ key, name, about }) => (
              <label key={key} title={about} className="grid grid-cols-[92px_minmax(0,1fr)] items-center">
                <span className="text-ink2">{name}</span>
                <input
                  value={texts[key]}
                  placeholder={about}
                  spellCheck={false}
                  onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
                  className={
                    'h-[26px] min-w-0 rounded border border-line2 bg-paper px-2 ' +
                    'font-mono text-t1 placeholder:font-sans placeholder:text-ink3'
                  }
                />
              </label>
            ))}
            <MappingPreview file={file} mapping={looked} />
          </div>
          <Example text={file.examples[0] ?? ''} />
        </div>
      </div>
    </Dialog>
  );
}

/** The file of a mapping, with its checksum. */
async function downloadMapping(mapping: object): Promise<void> {
  const [{ mappingText }, { prepareSha256, sha256Now }] = await Promise.all([
    import('../../../engine/mapping-file.ts'),
    import('../../../engine/export/hash.ts'),
  ]);
  await prepareSha256();
  download({ name: 'espalier.mapping.json', blob: new Blob([mappingText(mapping, sha256Now)], { type: 'application/json' }) });
}

function Example({ text }: { readonly text: string }) {
  return (
    <section aria-label="First record" className="grid min-w-0 content-start gap-1">
      <h3 className="m-0 text-t1 font-[600]">First record</h3>
      <div
        className={
          'max-h-[360px] overflow-auto rounded border border-line bg-paper p-2 font-mono text-t0 wrap-anywhere whitespace-pre-wrap'
        }
      >
        {pretty(text)}
      </div>
    </section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
