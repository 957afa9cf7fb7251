/** From an input's bytes to parse jobs: the reader whose records it holds, the format that they are of, spans for the pool. */
import { bytesAt } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import type { Format } from '../formats/format.ts';
import { decodeText, parseJson } from '../formats/json.ts';
import { isRewardFile, MOST_REWARD_BYTES, rewardComplaint } from '../formats/reward-file.ts';
import type { UnmappedFile } from './answers/opening.ts';
import type { ParseJob } from './parse-job.ts';
import { readRestored } from './read-rule.ts';
import type { Restored } from './restored.ts';
import type { InputFault, RecordReader, RecordSpan } from './readers/reader.ts';
import { READERS } from './readers/registry.ts';
import { brokenSeal, prepareSeals } from './seals.ts';
import { recognise } from './recognise.ts';

/** What a file needs to become: the jobs that read it, or the one issue that says why it cannot be read. */
export type Intake =
  | {
      readonly ok: true;
      /** Id of the reader that found its records; null for an empty input. */
      readonly reader: string | null;
      readonly format: Format | null;
      readonly jobs: readonly ParseJob[];
      readonly torn: Issue | null;
      readonly unmapped: UnmappedFile | null;
      readonly restored: Restored | null;
    }
  | { readonly ok: false; readonly issue: Issue };

/**
 * @param index of the input in the session. @param path the input's own, for ids and issues. @param name of its file
 * @param readers that its first bytes speak for, in the order in which they are asked
 */
export async function planIntake(
  source: ByteSource,
  index: number,
  path: string,
  name: string,
  readers: readonly RecordReader[],
  mapping: unknown,
): Promise<Intake> {
  const issueOf = (fault: InputFault): Issue => ({ severity: 'record', file: path, ...fault });
  if (isRewardFile(name) && source.byteLength <= MOST_REWARD_BYTES) {
    const complaint = rewardComplaint(decodeText(await source.read(0, source.byteLength)).text);
    if (complaint !== null) return { ok: false, issue: issueOf({ line: 1, address: bytesAt(0), ...complaint }) };
  }
  for (const reader of readers) {
    const planned = await reader.plan(source, { name, path, recognise: (seen) => recognise(seen, path, mapping) });
    if (planned === null) continue;
    if (!planned.ok) return { ok: false, issue: issueOf(planned.fault) };
    const { spans, recognised, first, document, fault } = planned.plan;
    const { format, unmapped } = recognised;
    const isWhole = format?.together !== undefined && reader.givesPieces !== true;
    const whole = isWhole ? READERS.find(({ isTogether }) => isTogether) : undefined;
    const readBy = (whole ?? reader).id;
    const jobs = (whole ? [{ start: 0, end: source.byteLength, firstIndex: 0 }] : spans).map((span): ParseJob => ({
      source: index,
      name,
      path,
      format: format?.id ?? null,
      reader: readBy,
      span,
      ...(document === undefined ? {} : { document }),
    }));
    const restored =
      format?.restore && (await isUnbroken(reader, source, spans, format, first)) ? readRestored(format.restore(first)) : null;
    return { ok: true, reader: readBy, format, jobs, torn: fault && issueOf(fault), unmapped, restored };
  }
  return { ok: true, reader: null, format: null, jobs: [], torn: null, unmapped: null, restored: null };
}

/** Whether the first record is what was written, where it says so by a checksum: else nothing of it is used. */
async function isUnbroken(
  reader: RecordReader,
  source: ByteSource,
  spans: readonly RecordSpan[],
  format: Format,
  first: unknown,
): Promise<boolean> {
  const [span] = spans;
  if (span === undefined || format.isSealed?.(first) !== true) return true;
  await prepareSeals();
  for await (const { records } of reader.read(source, span))
    for (const { content } of records) {
      if (!('json' in content)) return false;
      // The first that is JSON is the one that was looked at.
      if (parseJson(decodeText(content.json).text).ok) return brokenSeal(content.json) === null;
    }
  return false;
}
