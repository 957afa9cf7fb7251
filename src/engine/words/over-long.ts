/** What became of records that are longer than a limit, in words. */
import type { ExportFigures, RecordSettings } from '../answers/exporting.ts';

/** Without a full stop. */
export function overLongText(
  { records, parts, tokens }: ExportFigures['overLong'],
  { maxTokens, overLong }: Pick<RecordSettings, 'maxTokens' | 'overLong'>,
): string {
  const count = (value: number): string => value.toLocaleString('en');
  const became = { drop: 'left out', cut: `${count(parts)} of them cut, the others left out`, windows: `written in ${count(parts)} parts` }[
    overLong
  ];
  const lost = tokens > 0 ? `; ${count(tokens)} tokens train nowhere for it` : '';
  return `${count(records)} ${records === 1 ? 'record is' : 'records are'} longer than ${count(maxTokens)} tokens: ${became}${lost}`;
}
