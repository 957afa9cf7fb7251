/** How far the reading of files has come, and what is said of a file itself on the way. */
import { bytesAt } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import type { OpenProgress } from './answers/opening.ts';
import { heldBytes, outlook, type Reach } from './forest-room.ts';
import { changesOf } from './identity.ts';
import { clippedIssue } from './issue-sink.ts';
import type { Opening } from './opening-inputs.ts';
import type { OpenedInput } from './opened-input.ts';
import { makeMeter } from './progress.ts';
import { UNREADABLE } from './readable-parts.ts';

/** How far reading has come. */
export interface Reading {
  /** Of `bytes`, `passed` are of inputs that are not read at all, and for `left` there was no room. */
  readonly totals: { bytes: number; passed: number; left: number; total: number; records: number };
  readonly report: () => void;
}

export function makeReading(opening: Opening, onProgress: (progress: Omit<OpenProgress, 'partial'>) => void): Reading {
  const meter = makeMeter();
  const totals = { bytes: 0, passed: 0, left: 0, total: 0, records: 0 };
  return {
    totals,
    report() {
      onProgress({
        phase: 'reading',
        bytes: totals.bytes,
        totalBytes: totals.total,
        records: totals.records,
        rollouts: opening.tokens.rollouts.length,
        issues: opening.issues.count,
        ...meter.measure(totals.bytes - totals.left, totals.total - totals.left),
        ...(opening.room < Infinity && { outlook: outlook(reachOf(opening, totals)) }),
      });
    },
  };
}

/** How much there is of the forests, and room for how much. */
export function reachOf(opening: Opening, { bytes, passed, left, total }: Omit<Reading['totals'], 'records'>): Reach {
  const { open, room, tokens } = opening;
  const held = heldBytes(opening);
  return { bytes: bytes - passed - left, total: total - passed, distinctTokens: tokens.pool.length, open, held, room };
}

/** One note for each log of which files beside it, or it and they, say different things. */
export function tellConflicts(opening: Opening, read: readonly OpenedInput[], reading: Reading): void {
  for (const input of read) {
    const conflict = opening.beside.conflicts.get(input.path);
    if (conflict === undefined) continue;
    const found = `${conflict.count.toLocaleString('en')} rollouts with several; of ${conflict.first.id}: ${conflict.first.says}`;
    const expected = 'one outcome of each rollout in the files beside the log';
    const place = { severity: 'note' as const, file: input.path, line: 0, address: bytesAt(0) };
    addFileIssue(opening, input, { ...place, code: 'outcome-conflict', expected, found }, reading);
  }
}

/** One issue for each file that is not what it was when it was opened, or that could not be read to its end. */
export async function tellChanges(opening: Opening, read: readonly OpenedInput[], reading: Reading): Promise<void> {
  const changes = await changesOf(read);
  const told = new Set<ByteSource>();
  for (const input of read) {
    const what = changes.get(input.dropped);
    const fault =
      what === undefined
        ? input.unread !== null && { code: UNREADABLE, expected: 'a file that can be read', found: input.unread }
        : !told.has(input.dropped) && { code: 'changed-file', expected: 'the file as it was when it was opened', found: what };
    told.add(input.dropped);
    if (fault) addFileIssue(opening, input, { severity: 'record', file: input.path, line: 0, address: bytesAt(0), ...fault }, reading);
  }
  reading.report();
}

/** Of the file itself; one that is no note is counted as a record beside those that are read. */
export function addFileIssue(opening: Opening, input: OpenedInput, issue: Issue, { totals }: Reading): void {
  opening.issues.take(input, [], [{ severity: issue.severity, code: issue.code, count: 1 }]);
  input.issues.splice(input.fileIssues++, 0, clippedIssue(issue));
  if (issue.severity === 'note') return;
  input.records++;
  totals.records++;
}
