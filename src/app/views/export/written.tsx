/** What was written, what its targets cannot say, and the exact lines that train on it. */
import type { ExportedFile } from '../../../engine/answers/exporting.ts';
import { packingText } from '../../../engine/words/packing.ts';
import { shortfallText } from '../../../engine/words/shortfall.ts';
import type { ProfileTraining } from '../../../engine/words/training.ts';
import { bytes, plural } from '../../text/format.ts';
import { CodeBlock } from '../../widgets/code-block.tsx';

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

export function Written({ files, training }: { readonly files: readonly ExportedFile[]; readonly training: readonly ProfileTraining[] }) {
  return (
    <>
      <output ref={intoView} aria-label="Written" className="grid gap-1">
        <h3 className="m-0 text-t1 font-[600] text-leaf">Written</h3>
        {files.map((file) => (
          <div key={file.name} className="flex flex-wrap gap-x-3">
            <span className="font-mono">{file.name}</span>
            <span className="text-ink2">
              {plural(file.records, 'record')}, {bytes(file.bytes)}
            </span>
            <span className="truncate font-mono text-t0 text-ink3" title={file.sha256}>
              sha256 {file.sha256.slice(0, 16)}…
            </span>
            {file.packing && <span className="basis-full text-ink2">{packingText(file.packing)}</span>}
            {file.shortfalls?.map((each) => (
              <span key={each.what} className="basis-full text-cut">
                <span aria-hidden="true">▲</span> {shortfallText(each)}
              </span>
            ))}
          </div>
        ))}
      </output>
      {training.length > 0 && (
        <section aria-label="Train on it" className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
          <h3 className="m-0 text-t1 font-[600]">Train on it</h3>
          <p className="m-0 text-ink2">
            Run these in the folder of the files, with the name of your model for <span className="font-mono">MODEL</span>.
          </p>
          {training.flatMap(({ profile, lines }) =>
            lines.map(({ trainer, fileName, text }, i) => (
              <CodeBlock
                key={`${profile} ${i}`}
                label={`${fileName ?? 'command'} of ${profile} for ${trainer}`}
                title={
                  <>
                    <span className="font-[550]">{trainer}</span> <span className="font-mono">{fileName ?? 'command'}</span>{' '}
                    <span className="text-ink3">{profile}</span>
                  </>
                }
                text={text}
              />
            )),
          )}
        </section>
      )}
    </>
  );
}
