/** The lines of a file that are read together, to rollouts and to what is wrong with single lines. */
import { MAX_TOGETHER_BYTES } from '../base/bounds.ts';
import { bytesAt, type RecordAddress } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import { tooDeep, type Complaint, type Decoded, type Format, type LogLine, type RecordContext } from '../formats/format.ts';
import { decodeText, parseJson } from '../formats/json.ts';
import type { RecordPiece } from './readers/reader.ts';

/** Takes what there is to say of one line, at its own place. */
export type ReportLine = (severity: Issue['severity'], place: Pick<Issue, 'line' | 'address'>, complaint: Complaint) => void;

/**
 * Each entry is a record; so is each line that is reported with severity `record`, of which `lost` tells the number. At least one of
 * either. @param size bytes of the file
 */
export function decodePieces(
  format: Format,
  pieces: readonly RecordPiece[],
  size: number,
  context: RecordContext,
  report: ReportLine = () => undefined,
): { readonly entries: readonly Decoded[]; readonly lost: number } {
  if (size > MAX_TOGETHER_BYTES) return { entries: [tooLong(size)], lost: 0 };
  const lines: LogLine[] = [];
  let lost = 0;
  const isTable = pieces[0]?.isRow === true;
  const addressAt = (start: number, size: number): RecordAddress =>
    isTable ? { unit: 'row', start, size: 1, member: 0 } : bytesAt(start, size);
  for (const { json, line, start, torn } of pieces) {
    const place = { line, address: addressAt(start, json.length) };
    const { text, invalid } = decodeText(json);
    const parsed = parseJson(text);
    if (parsed.ok) {
      for (const repair of parsed.repairs) report('note', place, { code: 'json-repair', expected: 'standard JSON', found: repair });
      if (invalid > 0) report('note', place, invalidText(invalid));
      lines.push({ value: parsed.value, line, start, size: json.length });
      continue;
    }
    lost++;
    report('record', place, parsed.levels === undefined ? noJson(text, parsed, torn) : tooDeep(parsed.levels));
  }
  const { rollouts, faults } = lines.length === 0 ? { rollouts: [], faults: [] } : (format.together?.(lines, context) ?? NONE);
  for (const { line, complaint } of faults) report('record', { line: line.line, address: addressAt(line.start, line.size) }, complaint);
  lost += faults.length;
  if (rollouts.length + lost > 0) return { entries: rollouts, lost };
  const found = `${lines.length.toLocaleString('en')} lines without any`;
  return { entries: [{ ok: false, complaint: { code: 'no-rollout', expected: 'lines of a rollout', found } }], lost: 0 };
}

const NONE = { rollouts: [], faults: [] };

function tooLong(size: number): Decoded {
  const expected = `a file of at most ${MAX_TOGETHER_BYTES.toLocaleString('en')} bytes, whose lines are read together`;
  return { ok: false, complaint: { code: 'too-long', expected, found: `${size.toLocaleString('en')} bytes` } };
}

/** Of a text that is no JSON; `torn`: the input ends in it. */
export function noJson(text: string, { at, message }: { readonly at: number; readonly message: string }, torn: boolean): Complaint {
  return {
    code: torn ? 'torn-line' : 'invalid-json',
    expected: torn ? 'a complete JSON value before the end of the file' : 'one JSON value',
    found: `${message} near ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 20))}`,
  };
}

export function invalidText(count: number): Complaint {
  return { code: 'invalid-utf8', expected: 'UTF-8 text', found: `${count} invalid byte sequences, read as U+FFFD` };
}
