/**
 * Chrome trace events, as slime and others write the times of a trainer: `{traceEvents: [{ph, name, ts, dur?, pid, tid}]}`, or the list.
 * Spans alone are read, `X` events and `B` with the `E` of the same name; times are microseconds.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
import type { TraceSpan } from '../core/schedule/phases.ts';
import { get, getList, getNumber, getString, isList } from './json.ts';

export interface ChromeTrace {
  readonly spans: readonly TraceSpan[];
  /** Events of all kinds. */
  readonly events: number;
  /** Counters, marks and what else is no span. */
  readonly others: number;
  /** Begun and never ended, ended and never begun, or without a time: in no span. */
  readonly unmatched: number;
}

/** Null where it is none. Never throws. */
export function readChromeTrace(record: unknown): ChromeTrace | null {
  const list = isList(record) ? record : getList(record, 'traceEvents');
  if (list === undefined || !list.some((event) => getString(event, 'ph') !== undefined)) return null;
  const spans: TraceSpan[] = [];
  const open = new Map<string, number[]>();
  let others = 0;
  let unmatched = 0;
  for (const event of inOrder(list)) {
    const kind = getString(event, 'ph');
    if (kind !== 'X' && kind !== 'B' && kind !== 'E') {
      others++;
      continue;
    }
    const at = getNumber(event, 'ts');
    const name = getString(event, 'name') ?? '';
    const lane = wordOf(get(event, 'pid'));
    const key = JSON.stringify([lane, wordOf(get(event, 'tid')), name]);
    const took = getNumber(event, 'dur');
    if (at === undefined || (kind === 'X' && !(took !== undefined && took >= 0))) unmatched++;
    else if (kind === 'X') spans.push({ lane, name, start: at / 1e6, end: (at + (took ?? 0)) / 1e6 });
    else if (kind === 'B') {
      const begun = open.get(key);
      if (begun === undefined) open.set(key, [at]);
      else begun.push(at);
    } else {
      const start = open.get(key)?.pop();
      if (start === undefined) unmatched++;
      else spans.push({ lane, name, start: start / 1e6, end: at / 1e6 });
    }
  }
  for (const left of open.values()) unmatched += left.length;
  return { spans, events: list.length, others, unmatched };
}

/** By time; those of one time as they stand. */
function inOrder(list: readonly unknown[]): readonly unknown[] {
  const timeOf = (event: unknown): number => getNumber(event, 'ts') ?? Infinity;
  return list.toSorted((a, b) => (timeOf(a) === timeOf(b) ? 0 : timeOf(a) - timeOf(b)));
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
