/** The first records of each file to be written, and what to know before training on them. */
import { visibleText } from '../../../base/visible.ts';
import type { ExportSpec } from '../../../engine/answers/exporting.ts';
import { useExportPreview } from '../../queries/answers.ts';
import { exact, plural } from '../../text/format.ts';

export function ExportPreviews({ spec }: { readonly spec: ExportSpec | null }) {
  const { data, error } = useExportPreview(spec);
  if (error)
    return (
      <p role="alert" className="m-0 text-cut">
        The preview failed: {error.message}
      </p>
    );
  return (
    <div className="grid gap-3">
      {data
        ?.filter((preview) => spec?.profiles.some(({ profile }) => profile === preview.profile))
        .map((preview) => (
          <section key={preview.profile} aria-label={`Preview of ${preview.fileName}`} className="grid min-w-0 gap-1">
            <h3 className="m-0 flex items-baseline gap-2 text-t1 font-[600]">
              <span className="font-mono">{preview.fileName}</span>
              <span className="font-[400] text-ink2">
                {preview.records === null ? 'records are counted while they are written' : plural(preview.records, 'record')}
                {preview.lines.length > 0 && `, the first ${exact(preview.lines.length)}:`}
              </span>
            </h3>
            {preview.warnings.map((warning) => (
              <p key={warning} className="m-0 flex gap-1.5 text-cut">
                <span aria-hidden="true">▲</span>
                {warning}
              </p>
            ))}
            <div
              {...scrollable(`First records of ${preview.fileName}`)}
              className={
                'max-h-[132px] overflow-auto rounded border border-line ' +
                'bg-paper p-2 font-mono text-t0 wrap-anywhere whitespace-pre-wrap'
              }
            >
              {preview.lines.map((line, i) => (
                <p key={i} className="m-0 mb-2 last:mb-0">
                  {visibleText(line.text)}
                  {line.length > line.text.length && (
                    <span className="text-ink3">
                      {' '}
                      … showing {exact(line.text.length)} of {exact(line.length)} characters
                    </span>
                  )}
                </p>
              ))}
            </div>
          </section>
        ))}
    </div>
  );
}

/** Keys scroll only what can have the focus. */
const scrollable = (label: string) => ({ role: 'region', tabIndex: 0, 'aria-label': label });
