/**
 * Observations of Langfuse without their traces: lists and lines of its API, of exports from its tables (CSV made JSON) and to blob
 * storage, whose names have underscores. All of one trace are one rollout. https://langfuse.com/docs/api-and-data-platform
 */
import { positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { describe, get, getId, getList, getString, isObject, type JsonObject } from './json.ts';
import { spanOfObservation } from './langfuse-span.ts';
import { byTrace, rolloutOfTrace } from './span-rollouts.ts';
import type { Span } from './span.ts';
import { oneLine } from './together.ts';

const TYPE = /^(?:GENERATION|SPAN|EVENT|AGENT|TOOL|CHAIN|RETRIEVER|EVALUATOR|EMBEDDING|GUARDRAIL)$/;

function isObservation(record: unknown): boolean {
  return (
    isObject(record) &&
    TYPE.test(getString(record, 'type') ?? '') &&
    getId(record, 'traceId', 'trace_id') !== undefined &&
    (Object.hasOwn(record, 'input') || Object.hasOwn(record, 'output')) &&
    get(record, 'attributes') === undefined
  );
}

/** A page of the API holds many. */
function observationsOf(record: unknown): readonly unknown[] {
  return getList(record, 'data') ?? [record];
}

export const langfuseObservations: Format = {
  id: 'langfuse-observations',
  label: 'Langfuse observations',
  beats: ['chat', 'otel', 'prompt-completion'],
  detects: (record) => observationsOf(record).some(isObservation),
  decode: oneLine(together),
  together,
};

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const expected = 'an observation of Langfuse, with a type, a trace, and what went in or came out';
  const faults: { line: LogLine; complaint: Complaint }[] = [];
  const spans: (readonly [Span, LogLine])[] = [];
  const about = new Map<string, JsonObject>();
  for (const line of lines)
    for (const value of observationsOf(line.value)) {
      if (!isObservation(value)) {
        faults.push({ line, complaint: { code: 'session-line', expected, found: describe(value) } });
        continue;
      }
      const span = spanOfObservation(value);
      spans.push([span, line]);
      if (!about.has(span.trace)) about.set(span.trace, traceFields(value));
    }
  const rollouts: Decoded[] = [];
  for (const entries of byTrace(spans)) {
    const own = entries.map(([span]) => span);
    const line = entries[0]?.[1];
    const fields = about.get(own[0]?.trace ?? '') ?? {};
    const entry = rolloutOfTrace(own, positionId({ ...context, index: line?.start ?? context.index }), { fields });
    // What cannot be used is said where its trace begins.
    if (entry.ok || line === undefined) rollouts.push(entry);
    else faults.push({ line, complaint: entry.complaint });
  }
  if (rollouts.length + faults.length === 0) rollouts.push(refuse('empty', expected, 'none'));
  return { rollouts, faults };
}

const OF_TRACE = ['traceName', 'trace_name', 'sessionId', 'session_id', 'userId', 'user_id', 'environment', 'release', 'version'];

/** What an observation repeats of its trace. */
function traceFields(observation: unknown): JsonObject {
  return Object.fromEntries(
    OF_TRACE.flatMap((key) => {
      const word = getString(observation, key) ?? '';
      return word === '' ? [] : [[key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), word]];
    }),
  );
}
