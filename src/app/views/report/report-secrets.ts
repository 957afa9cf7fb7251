/** Secrets in a report: counted always, replaced where that is chosen; in every text, and in no picture. */
import { makeRedactor, readRedact, type RedactChoice, type RedactedValue, type Redactor } from '../../../engine/export/preflight/redact.ts';
import { SECRET_KINDS } from '../../../engine/export/preflight/secrets.ts';
import { exact, plural } from '../../text/format.ts';
import type { Report, ReportSection, ReportTable, ReportTranscript } from './report.ts';

export interface CheckedReport {
  readonly report: Report;
  /** The same of a text that comes later, such as its title. */
  readonly textOf: (text: string) => string;
  /** Times that secrets stand in all of these, by kind. */
  readonly found: () => readonly FoundKind[];
  /** Each of them. */
  readonly values: () => readonly RedactedValue[];
}

/** Every kind, without an exception. */
export const ALL_SECRETS: RedactChoice = readRedact('all') ?? { kinds: new Set(), except: new Set() };

export interface FoundKind {
  readonly label: string;
  readonly times: number;
}

/** @param pause waits where the page has been kept busy for long. @param choice what is replaced, and is counted */
export async function withoutSecrets(report: Report, pause: () => Promise<void>, choice: RedactChoice): Promise<CheckedReport> {
  const redactor = makeRedactor(choice);
  const each = async <T>(list: readonly T[]): Promise<T[]> => {
    const out: T[] = [];
    for (const one of list) {
      out.push(redactor.deep(one));
      await pause();
    }
    return out;
  };
  const sections: ReportSection[] = [];
  for (const { tables, pictures, transcripts, plots, ...rest } of report.sections) {
    const own: { readonly tables: ReportTable[]; readonly transcripts: ReportTranscript[] } = { tables: [], transcripts: [] };
    const plain = redactor.deep(rest);
    for (const { rows, ...table } of tables) own.tables.push({ ...redactor.deep(table), rows: await each(rows) });
    for (const { parts, ...transcript } of transcripts) own.transcripts.push({ ...redactor.deep(transcript), parts: await each(parts) });
    const words = pictures.map(({ caption, alt, ...picture }) => ({ ...picture, ...redactor.deep({ caption, alt }) }));
    sections.push({ ...plain, ...own, pictures: words, plots: await each(plots) });
  }
  const about = redactor.deep(report.about);
  const title = redactor.text(report.title);
  return {
    report: { ...report, title, about, sections },
    textOf: (text) => redactor.text(text),
    found: () => kindsOf(redactor),
    values: () => redactor.found(),
  };
}

function kindsOf(redactor: Redactor): readonly FoundKind[] {
  const times = new Map<string, number>();
  for (const value of redactor.found()) times.set(value.kind, (times.get(value.kind) ?? 0) + value.times);
  return SECRET_KINDS.flatMap(({ id, label }) => {
    const count = times.get(id);
    return count === undefined ? [] : [{ label, times: count }];
  });
}

/** "12 secrets: 3 × e-mail address, 9 × AWS access key" */
export function secretsText(found: readonly FoundKind[]): string {
  const sum = found.reduce((all, { times }) => all + times, 0);
  if (sum === 0) return 'no secrets';
  return `${plural(sum, 'secret')}: ${found.map(({ label, times }) => `${exact(times)} × ${label}`).join(', ')}`;
}
