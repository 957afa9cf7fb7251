/** What becomes of a parse job whose thread stops: it is read again from where its replies ended, at last without what stops it. */
import { MAX_DEATHS_AT_RECORD, MAX_STUCK_RECORDS } from '../base/bounds.ts';
import { bytesAt } from '../core/model/address.ts';
import { emptyReply, type ParsePlace } from './parse-thread.ts';
import type { RecordFault } from './readers/reader.ts';
import type { ParseJob, ParseReply } from './parse-job.ts';

/** How an attempt ended, other than well. */
export type Stop =
  /** Parsing a record threw. */
  | { readonly how: 'failed'; readonly record: number; readonly reason: string }
  /** Nothing was heard for so long. */
  | { readonly how: 'stuck'; readonly place: ParsePlace | null; readonly seconds: number }
  | { readonly how: 'died'; readonly place: ParsePlace | null; readonly reason: string };

/** A search of which nothing is heard: it is not tried again. */
export class SearchStuck extends Error {}

export interface Retries {
  /** The job as it is to be done now. */
  readonly job: ParseJob;
  /** To be told of every reply that was taken. */
  took(reply: ParseReply): void;
  /** @returns what is still to be taken where no thread can do the rest of the job; else the job is to be done again */
  stopped(stop: Stop): ParseReply | null;
}

/** @param isCareful every record is announced from the beginning. @param tokenizer its name, for people */
export function makeRetries(asked: ParseJob, isCareful: boolean, tokenizer: string): Retries {
  const passed = new Map<number, RecordFault>();
  const deaths = new Map<number, number>();
  const isSearch = asked.look !== undefined;
  let careful = isCareful;
  let taken = 0;
  let bytes = 0;
  let stuck = 0;
  let passFrom: { readonly record: number; readonly fault: RecordFault } | undefined;

  const passOver = (record: number, fault: RecordFault): null => {
    passed.set(record, fault);
    if (passed.size >= MAX_STUCK_RECORDS && passFrom === undefined)
      passFrom = {
        record: record + 1,
        fault: {
          code: 'not-read',
          expected: 'records that can be read',
          found: `${MAX_STUCK_RECORDS} before it that stopped their thread`,
        },
      };
    return null;
  };
  const count = (record: number): number => {
    const times = (deaths.get(record) ?? 0) + 1;
    deaths.set(record, times);
    return times;
  };

  return {
    get job() {
      return { ...asked, taken, passed, isCareful: careful, ...(passFrom === undefined ? {} : { passFrom }) };
    },
    took(reply) {
      taken += reply.batches;
      bytes += reply.bytes;
    },
    stopped(stop) {
      if (isSearch && stop.how === 'stuck')
        throw new SearchStuck(`the search found no end within ${stop.seconds.toLocaleString('en')} s in one record of ${asked.path}`);
      if (stop.how === 'failed')
        return passOver(stop.record, { code: 'failed', expected: 'a record that can be read', found: stop.reason });
      const record = careful && stop.place !== null && stop.place.stage !== 'reading' ? stop.place.record : null;
      const wasCareful = careful;
      careful = true;
      const fault = faultOf(stop, tokenizer);
      // The first thread may have been ended by somebody else; one more is not.
      if (stop.how === 'stuck' && ++stuck > 1 && record !== null) return passOver(record, fault);
      if (stop.how === 'stuck' && record !== null) return null;
      if (record !== null) return count(record) < MAX_DEATHS_AT_RECORD ? null : passOver(record, fault);
      if (!wasCareful || count(-1) < MAX_DEATHS_AT_RECORD) return null;
      return restOf(asked, bytes, fault);
    },
  };
}

function faultOf(stop: Exclude<Stop, { readonly how: 'failed' }>, tokenizer: string): RecordFault {
  const doing =
    stop.place === null ? '' : { reading: '', parsing: ', at its JSON', tokenising: `, at its tokens (${tokenizer})` }[stop.place.stage];
  return stop.how === 'stuck'
    ? { code: 'stuck', expected: `an end within ${stop.seconds.toLocaleString('en')} s`, found: `none${doing}` }
    : { code: 'thread-died', expected: 'a thread that reads it', found: `${stop.reason}, ${MAX_DEATHS_AT_RECORD} times${doing}` };
}

/** One issue for all that is left of a job behind so many bytes of its records. */
function restOf({ path, span, only }: ParseJob, done: number, fault: RecordFault): ParseReply {
  let start = span.start + done;
  let size = span.end - start;
  if (span.records !== undefined) {
    const { starts, ends } = span.records;
    let left = done;
    let at = 0;
    for (; at < starts.length && left > 0; at++) left -= (ends[at] ?? 0) - (starts[at] ?? 0);
    start = starts[at] ?? span.end;
    for (size = 0; at < starts.length; at++) size += (ends[at] ?? 0) - (starts[at] ?? 0);
  }
  const issue = { severity: 'record' as const, file: path, line: 0, address: bytesAt(start, Math.max(0, span.end - start)), ...fault };
  // Where single records are read once more, what is missing is told of by whoever asked for them.
  return { ...emptyReply(), issues: [issue], records: only === undefined ? 1 : 0, bytes: Math.max(0, size) };
}
