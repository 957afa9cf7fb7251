/** One parse job: a span of an input's records, to batches of trajectories and issues. */
import { MAX_TEXT_BYTES } from '../base/bounds.ts';
import type { Regard } from '../core/rollouts/regard.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import { makeBatchWriter, type BatchWriter } from '../core/tokens/batch-writer.ts';
import { TOKENISE_COUNTS, type Tokenisation } from '../core/tokens/tokenisation.ts';
import { parseColumns } from '../formats/columns.ts';
import { tooDeep, type Decoded, type Format, type RecordContext, type Report } from '../formats/format.ts';
import { fieldsOf } from '../formats/fields.ts';
import { decodeText, parseJson } from '../formats/json.ts';
import { parseListed } from '../formats/listed.ts';
import { expansionOf, expansionRoom, tooMuch } from '../formats/expansion.ts';
import { decodeRecord } from '../formats/detect.ts';
import { sideFile } from '../formats/side-files.ts';
import { decodePieces, invalidText, noJson } from './decode-pieces.ts';
import { emptyReply, RecordFailure, type ParsePlace } from './parse-thread.ts';
import type { FoundRecord } from './readers/reader.ts';
import { makeIssueSink, type IssueSink } from './issue-sink.ts';
import { readable, Unreadable } from './readable.ts';
import { brokenSeal, prepareSeals } from './seals.ts';
import { readerById } from './readers/reader-by-id.ts';
import { findingOf } from './surveys/finding.ts';
import { takeRollout, type Taking } from './take-rollout.ts';
import type { ParseJob, ParseReply } from './parse-job.ts';

/** A batch is sent when it holds this many tokens: large enough to amortise a message, small enough to keep memory low. */
const BATCH_TOKENS = 1 << 18;

/**
 * Line numbers in replies count from the job's start; the session adds the lines of the ranges before it. Throws RecordFailure where
 * reading one record does.
 *
 * @param tell told of each record before it is read, and of what else takes time
 * @param regard applied to each batch
 */
export async function* parseJob(
  job: ParseJob,
  source: ByteSource,
  format: Format | null,
  tokenisation: Tokenisation,
  tell: (place: ParsePlace) => void = () => undefined,
  regard: Regard = (batch) => batch,
): AsyncGenerator<ParseReply> {
  if (format?.isSealed) await prepareSeals();
  const writer = makeBatchWriter();
  const finding = findingOf(job);
  const active = { ...job, finding };
  const counted = { ...tokenisation.counts };
  const issues = makeIssueSink();
  let answer: { -readonly [K in keyof ParseReply]: ParseReply[K] } = emptyReply();
  const reply = (): ParseReply => {
    for (const key of TOKENISE_COUNTS) answer.counts[key] = tokenisation.counts[key] - counted[key];
    Object.assign(counted, tokenisation.counts);
    if (writer.tokenCount > 0 || job.rowsOnly === true) answer.batch = regard(writer.finish(), job.path);
    const finished = { ...answer, ...issues.finish(), ...finding?.finish() };
    answer = emptyReply();
    return finished;
  };
  let batches = 0;
  let record = 0;
  let left = job.span.end - job.span.start;
  const unitBytes = job.span.bytes === undefined ? 1 : job.span.bytes / left;
  tell({ record, size: 0, stage: 'reading' });
  try {
    for await (const batch of readerById(job.reader).read(readable(source), job.span)) {
      left -= batch.size;
      if (batches++ < (job.taken ?? 0)) {
        record += batch.records.length;
        continue;
      }
      for (const found of batch.records) {
        answer.records += readOne(found, record, active, format, tokenisation, writer, issues, tell);
        record++;
      }
      answer.bytes += batch.size * unitBytes;
      answer.lines += batch.lines;
      answer.batches++;
      // What waits for more tokens is still the writer's, and would be lost with it.
      if (job.rowsOnly === true || writer.tokenCount === 0 || writer.tokenCount >= BATCH_TOKENS) yield reply();
      tell({ record, size: 0, stage: 'reading' });
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    answer.bytes += left * unitBytes;
    answer.unread = error.message;
  }
  yield reply();
}

/** A job under way. */
type ActiveJob = ParseJob & Pick<Taking, 'finding'>;

/** `readRecord`, or the issue of a record that is passed over. */
function readOne(
  found: FoundRecord,
  record: number,
  job: ActiveJob,
  format: Format | null,
  tokenisation: Tokenisation,
  writer: BatchWriter,
  issues: IssueSink,
  tell: (place: ParsePlace) => void,
): number {
  const fault = job.passed?.get(record) ?? (job.passFrom !== undefined && record >= job.passFrom.record ? job.passFrom.fault : null);
  if (fault !== null) {
    issues.take('record', { file: job.path, line: found.line, address: found.address }, fault.code, 0, () => fault);
    return 1;
  }
  const size = 'value' in found.content ? 0 : found.address.size;
  tell({ record, size, stage: 'parsing' });
  try {
    return readRecord(found, job, format, tokenisation, writer, issues, () => tell({ record, size, stage: 'tokenising' }));
  } catch (error) {
    // Of the engine: its stack, or its longest text or list. Each engine has words of its own for it.
    const reason = error instanceof RangeError ? 'more than the engine can hold' : error instanceof Error ? error.message : String(error);
    throw new RecordFailure(record, reason);
  }
}

/** @returns the number of records that the bytes hold: each is a rollout in the writer or an issue of severity `record`. */
function readRecord(
  at: FoundRecord,
  job: ActiveJob,
  format: Format | null,
  tokenisation: Tokenisation,
  writer: BatchWriter,
  issues: IssueSink,
  onTokens: () => void,
): number {
  const { content } = at;
  const where = { file: job.path, line: at.line, address: at.address };
  const report: Report = (severity, complaint) => issues.take(severity, where, complaint.code, complaint.more ?? 0, () => complaint);
  if ('fault' in content) {
    report('record', content.fault);
    return 1;
  }
  const bytes = 'json' in content ? content.json : null;
  const { unit, size } = at.address;
  if (unit === 'bytes' && size > MAX_TEXT_BYTES && !('pieces' in content)) {
    report('record', {
      code: 'too-long',
      expected: `a record of at most ${MAX_TEXT_BYTES.toLocaleString('en')} bytes`,
      found: `${size.toLocaleString('en')} bytes`,
    });
    return 1;
  }
  const context: RecordContext = {
    name: job.name,
    path: job.path,
    index: at.index,
    line: at.line,
    ...(job.document === undefined ? {} : { document: job.document }),
  };
  const take = (record: unknown, entries: readonly Decoded[], repairs: readonly string[]): number => {
    for (const repair of repairs) report('note', { code: 'json-repair', expected: 'standard JSON', found: repair });
    const room = expansionRoom(bytes?.length ?? ('pieces' in content ? size : 0));
    const fields = fieldsOf(record, entries.length, format?.columns);
    let taken = 0;
    entries.forEach((entry, member) => {
      const size = entry.ok ? expansionOf(entry.rollout) : 0;
      taken += size;
      if (taken > room) {
        taken -= size;
        report('record', entry.ok ? tooMuch(taken + size, room) : entry.complaint);
      } else if (entry.ok)
        takeRollout(
          entry,
          { line: at.line, address: { ...at.address, member } },
          () => (entry.fields === undefined ? fields(member) : fieldsOf(entry.fields, 1)(0)),
          job,
          tokenisation,
          writer,
          report,
          onTokens,
        );
      else report('record', entry.complaint);
    });
    return entries.length;
  };
  if ('pieces' in content) {
    if (format === null) throw new Error('lines are read together only for a format that takes them so');
    const { entries, lost } = decodePieces(format, content.pieces, size, context, (severity, place, complaint) =>
      issues.take(severity, { file: job.path, ...place }, complaint.code, complaint.more ?? 0, () => complaint),
    );
    return take(null, entries, []) + lost;
  }
  const columns = bytes === null || format?.columns === undefined ? null : parseColumns(bytes, format.columns);
  if (format && columns) {
    const entries = format.decode(columns.value, context);
    if (entries.every(({ ok }) => ok)) return take(columns.value, entries, columns.repairs);
  }
  const listed = bytes === null || format === null || format.isSealed || format.write ? null : parseListed(bytes);
  if (format && listed) return take(listed.value, decodeRecord(format, listed.value, context), listed.repairs);
  const decoded = bytes === null ? { text: '', invalid: 0 } : decodeText(bytes);
  const parsed = 'json' in content ? parseJson(decoded.text) : { ok: true as const, value: content.value, repairs: [] };
  if (!parsed.ok && parsed.levels !== undefined) {
    report('record', tooDeep(parsed.levels));
    return 1;
  }
  if (!parsed.ok) {
    issues.take('record', where, at.torn ? 'torn-line' : 'invalid-json', 0, () => noJson(decoded.text, parsed, at.torn));
    return 1;
  }
  if (format === null) {
    const side = sideFile(parsed.value);
    if (side !== null) report('record', { code: 'side-file', expected: 'a record of a known format', found: side });
    else
      report('record', { code: 'unknown-format', expected: 'a record of a known format, or a mapping', found: describeKeys(parsed.value) });
    return 1;
  }
  if (decoded.invalid > 0) report('note', invalidText(decoded.invalid));
  if (format.isSealed?.(parsed.value) === true) {
    const fault = brokenSeal(bytes ?? new Uint8Array(0));
    if (fault !== null) {
      report('record', { code: 'checksum', ...fault });
      return 1;
    }
  }
  if (format.write) {
    for (const repair of parsed.repairs) report('note', { code: 'json-repair', expected: 'standard JSON', found: repair });
    return format.write(parsed.value, { source: job.source, line: at.line, address: at.address }, writer, report);
  }
  return take(parsed.value, decodeRecord(format, parsed.value, context), parsed.repairs);
}

function describeKeys(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value === null || typeof value !== 'object') return `${typeof value} ${JSON.stringify(value)}`.slice(0, 120);
  const keys = Object.keys(value);
  return `an object with ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ` and ${keys.length - 12} more keys` : ''}`.slice(0, 240);
}
