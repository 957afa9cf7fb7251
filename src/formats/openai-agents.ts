/**
 * Traces of the OpenAI Agents SDK as its exporters and processors write them: `{object: "trace"}` and `{object: "trace.span", span_data}`,
 * a line each, in a list, or below `data`. Spans of one trace are one rollout.
 * https://openai.github.io/openai-agents-python/tracing
 */
import { positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { describe, get, getId, getList, getObject, getString, isList, type JsonObject } from './json.ts';
import { readTime } from './messages.ts';
import { itemMessages } from './responses.ts';
import { byTrace, rolloutOfTrace, type TraceFacts } from './span-rollouts.ts';
import type { Span } from './span.ts';
import { oneLine } from './together.ts';

const isTrace = (record: unknown): record is JsonObject => getString(record, 'object') === 'trace' && getId(record, 'id') !== undefined;
const isSpan = (record: unknown): boolean => getString(record, 'object') === 'trace.span' && getObject(record, 'span_data') !== undefined;

/** What an exporter posts holds many of them. */
function itemsOf(record: unknown): readonly unknown[] {
  return getList(record, 'data') ?? [record];
}

export const openaiAgents: Format = {
  id: 'openai-agents',
  label: 'OpenAI Agents SDK traces',
  beats: ['otel', 'chat'],
  detects: (record) => itemsOf(record).some((item) => isTrace(item) || isSpan(item)),
  decode: oneLine(together),
  together,
};

const EXPECTED = 'a trace or a span of the OpenAI Agents SDK';

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const traces = new Map<string, readonly [JsonObject, LogLine]>();
  const spans: (readonly [Span, LogLine])[] = [];
  const rollouts: Decoded[] = [];
  const faults: { line: LogLine; complaint: Complaint }[] = [];
  for (const line of lines)
    for (const item of itemsOf(line.value)) {
      if (isTrace(item)) traces.set(getId(item, 'id') ?? '', [item, line]);
      else if (isSpan(item)) spans.push([spanOf(item), line]);
      else faults.push({ line, complaint: { code: 'session-line', expected: EXPECTED, found: describe(item) } });
    }
  for (const entries of byTrace(spans)) {
    const own = entries.map(([span]) => span);
    const [trace] = traces.get(own[0]?.trace ?? '') ?? [];
    const line = entries[0]?.[1];
    const entry = decodeTrace(own, trace, positionId({ ...context, index: line?.start ?? context.index }));
    // What cannot be used is said where its trace begins.
    if (entry.ok || line === undefined) rollouts.push(entry);
    else faults.push({ line, complaint: entry.complaint });
  }
  for (const [{ trace }] of spans) traces.delete(trace);
  for (const [id, [, line]] of traces)
    faults.push({ line, complaint: { code: 'no-messages', expected: 'spans of the trace', found: `${id} without spans` } });
  if (rollouts.length + faults.length === 0) rollouts.push(refuse('empty', EXPECTED, 'none'));
  return { rollouts, faults };
}

function decodeTrace(spans: readonly Span[], trace: JsonObject | undefined, fallback: string): Decoded {
  const bare = spans.filter(({ type }) => type === BARE).length;
  const note: Complaint = {
    code: 'no-messages',
    expected: 'what was asked and answered in each response span',
    found: `${bare} with the id of the response alone, whose words only the server has`,
  };
  const failed = spans.some(({ type, attributes }) => type !== 'function' && attributes['error'] !== undefined);
  const facts: TraceFacts = { fields: scalarsOf(trace), ...(failed ? { status: 'error' } : {}) };
  const entry = rolloutOfTrace(spans, fallback, facts);
  if (bare === 0) return entry;
  return entry.ok ? { ...entry, notes: [...(entry.notes ?? []), note] } : { ok: false, complaint: note };
}

function scalarsOf(trace: JsonObject | undefined): JsonObject {
  const all = { ...trace, ...getObject(trace, 'metadata') };
  return Object.fromEntries(Object.entries(all).filter(([key, value]) => key !== 'object' && key !== 'id' && typeof value !== 'object'));
}

/** A response of which only the id was written down: no call that anyone can read. */
const BARE = 'response';

function spanOf(record: unknown): Span {
  const data = getObject(record, 'span_data') ?? {};
  const kind = getString(data, 'type') ?? '';
  const call = kind === 'response' ? responseOf(data) : kind === 'generation' ? generationOf(data) : null;
  const own = kind === 'function' ? { input: get(data, 'input'), output: get(data, 'output') } : {};
  const error = get(record, 'error');
  const model = getString(data, 'model') ?? getString(getObject(data, 'response'), 'model');
  return {
    trace: getId(record, 'trace_id') ?? '',
    id: getId(record, 'id') ?? '',
    parent: getId(record, 'parent_id') ?? '',
    name: getString(data, 'name') ?? kind,
    start: readTime(get(record, 'started_at')) ?? Number.NaN,
    end: readTime(get(record, 'ended_at')) ?? Number.NaN,
    attributes: {
      ...(model === undefined ? {} : { model }),
      ...(error === undefined || error === null ? {} : { error }),
    },
    events: [],
    type: call !== null ? 'generation' : kind === 'function' ? 'tool' : kind,
    ...(call ?? own),
  };
}

type Call = Pick<Span, 'input' | 'output'>;

/** Processors of one's own may write the whole response down, with what went in. */
function responseOf(data: JsonObject): Call | null {
  const response = getObject(data, 'response');
  const output = response ?? (isList(get(data, 'output')) ? { object: 'response', output: get(data, 'output') } : undefined);
  if (output === undefined) return null;
  const input = get(data, 'input') ?? get(response, 'input');
  const given = typeof input === 'string' ? [{ role: 'user', content: input }] : isList(input) ? input : [];
  const items = itemMessages(given, []);
  const asked = typeof items === 'string' ? given : items.map(({ message }) => message);
  const instructions = getString(response, 'instructions') ?? '';
  const before = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  return { input: { messages: [...before, ...asked], tools: get(response, 'tools') }, output };
}

function generationOf(data: JsonObject): Call {
  const settings = getObject(data, 'model_config');
  const tools = get(settings, 'tools');
  const input = get(data, 'input');
  return { input: isList(input) && isList(tools) ? { messages: input, tools } : input, output: get(data, 'output') };
}
