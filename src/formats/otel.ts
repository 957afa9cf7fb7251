/**
 * Spans of agents by OpenTelemetry: OTLP documents, spans of the JavaScript SDK, exports of Phoenix (also as tables) and Weave, bare
 * attributes. All spans of one trace are one rollout.
 */
import type { DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { get, getId, getList, getObject, getString, isList, isObject } from './json.ts';
import { positionId } from './envelope.ts';
import { hasModelNames } from './span-calls.ts';
import { byTrace, rolloutOfTrace } from './span-rollouts.ts';
import { attributesOf, isFlatSpan, otlpSpans, spanOf, type Span } from './span.ts';
import { oneLine } from './together.ts';

/** A Weave call; its `op_name` is an address. */
function isWeave(record: unknown): boolean {
  return getString(record, 'op_name') !== undefined && getString(record, 'trace_id') !== undefined;
}

function isSpan(record: unknown): boolean {
  if (isWeave(record) || isFlatSpan(record)) return true;
  const attributes = get(record, 'attributes');
  if (isObject(getObject(record, 'spanContext')) || getString(record, 'spanName') !== undefined) return isObject(attributes);
  const ids = getId(getObject(record, 'context'), 'trace_id') ?? getId(record, 'traceId', 'trace_id', 'context.trace_id');
  if (ids !== undefined && (isObject(attributes) || isList(attributes))) return true;
  // Bare attributes have dotted names only.
  return isObject(record) && getString(record, 'role') === undefined && hasModelNames(attributesOf(record));
}

function spansOf(record: unknown): Span[] {
  if (getList(record, 'resourceSpans') !== undefined) return otlpSpans(record);
  const list = getList(record, 'spans');
  return list !== undefined && list.some(isSpan) ? list.map(spanOf) : [spanOf(record)];
}

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const spans = lines.flatMap((line) => spansOf(line.value).map((span): readonly [Span, LogLine] => [span, line]));
  const traces = byTrace(spans).map((entries) => {
    const line = entries[0]?.[1];
    return rolloutOfTrace(
      entries.map(([span]) => span),
      positionId({ ...context, index: line?.start ?? context.index }),
    );
  });
  if (traces.length > 0) return { rollouts: traces, faults: [] };
  const complaint = { code: 'side-file', expected: 'spans', found: 'none' };
  return { rollouts: lines.length === 0 ? [] : [{ ok: false, complaint }], faults: [] };
}

export const otel: Format = {
  id: 'otel',
  label: 'Spans of traces',
  beats: ['chat', 'prompt-completion', 'server-reply'],
  detects: (record) => getList(record, 'resourceSpans') !== undefined || getList(record, 'spans')?.some(isSpan) === true || isSpan(record),
  decode: oneLine(together),
  together,
};
