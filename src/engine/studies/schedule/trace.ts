/** A trainer's trace, which is no log: what its processes did, from the bytes of its file, packed by gzip or not. */
import { Gunzip } from 'fflate';
import { phasesOf } from '../../../core/schedule/phases.ts';
import { readChromeTrace } from '../../../formats/chrome-trace.ts';
import { decodeText, parseJson } from '../../../formats/json.ts';
import type { ScheduleTrace } from '../../answers/schedule.ts';

/** Of the file as it is unpacked. */
const MOST_BYTES = 256 << 20;
/** Packed bytes that are unpacked at once. */
const STEP = 1 << 16;

/** Never throws. */
export function readTrace(bytes: Uint8Array): ScheduleTrace {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? unpacked(bytes) : bytes;
  if (typeof plain === 'string') return { ok: false, why: plain };
  if (plain.length > MOST_BYTES) return { ok: false, why: tooMuch() };
  const parsed = parseJson(decodeText(plain).text);
  if (!parsed.ok) return { ok: false, why: 'expected JSON, found none' };
  const trace = readChromeTrace(parsed.value);
  if (trace === null)
    return { ok: false, why: 'expected Chrome trace events (a list with ph, ts and name, or one at traceEvents), found none' };
  const { spans, events, others, unmatched } = trace;
  return { ok: true, events, others, unmatched, spans: spans.length, lanes: phasesOf(spans) };
}

function tooMuch(): string {
  return `expected at most ${MOST_BYTES.toLocaleString('en')} bytes, found more`;
}

/** Or why there is nothing. */
function unpacked(bytes: Uint8Array): Uint8Array | string {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const gunzip = new Gunzip((chunk) => {
      length += chunk.length;
      if (length <= MOST_BYTES) chunks.push(chunk);
    });
    for (let at = 0; at < bytes.length; at += STEP) {
      if (length > MOST_BYTES) return tooMuch();
      gunzip.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
    }
  } catch (error) {
    return `expected a gzip file, found a damaged one: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (length > MOST_BYTES) return tooMuch();
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
