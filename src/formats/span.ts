/** Spans of traces, whoever wrote them, in one shape. */
import { get, getId, getList, getObject, getString, isList, isObject, toNumber, type JsonObject } from './json.ts';
import { readTime } from './messages.ts';

export interface Span {
  /** Empty where the log names none. */
  readonly trace: string;
  readonly id: string;
  readonly parent: string;
  readonly name: string;
  /** Seconds since the epoch, NaN where the log does not say. */
  readonly start: number;
  readonly end: number;
  /** By their dotted names. */
  readonly attributes: JsonObject;
  /** Of older conventions, with attributes of their own. */
  readonly events: readonly { readonly name: string; readonly attributes: JsonObject }[];
  /** What the tracer wrote down of its own: `llm`, `GENERATION`. */
  readonly type: string;
  readonly input?: unknown;
  readonly output?: unknown;
}

/** Ids of zeros are none. */
function idOf(value: unknown): string {
  const id = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  return /^0*$/.test(id) ? '' : id;
}

/** Nanoseconds as text, `[seconds, nanoseconds]`, or what other times are written as. */
function timeOf(value: unknown): number {
  if (isList(value)) return Number(value[0]) + Number(value[1]) / 1e9;
  const nanoseconds = toNumber(value);
  if (nanoseconds !== undefined && nanoseconds > 1e15) return nanoseconds / 1e9;
  return readTime(value) ?? Number.NaN;
}

/** A value of OTLP, `{stringValue}` and its like, or any other value as it is. */
function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  for (const key of ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue']) if (value[key] !== undefined) return value[key];
  const values = getList(getObject(value, 'arrayValue') ?? value, 'values');
  if (values !== undefined) return values.map(plainValue);
  const pairs = getObject(value, 'kvlistValue');
  return pairs === undefined ? value : pairsOf(getList(pairs, 'values') ?? []);
}

function pairsOf(list: readonly unknown[]): JsonObject {
  return Object.fromEntries(
    list.flatMap((entry) => (getString(entry, 'key') === undefined ? [] : [[getString(entry, 'key'), plainValue(get(entry, 'value'))]])),
  );
}

const DEEPEST = 12;

/** Attributes as a list of pairs, flat, or nested: by dotted names, with lists as numbers. */
export function attributesOf(value: unknown): JsonObject {
  if (isList(value)) return pairsOf(value);
  const flat: Record<string, unknown> = {};
  const take = (prefix: string, held: JsonObject, depth: number): void => {
    for (const key of Object.keys(held)) {
      const name = prefix === '' ? key : `${prefix}.${key}`;
      const member = plainValue(held[key]);
      if (isObject(member) && depth < DEEPEST) take(name, member, depth + 1);
      else if (isList(member) && member.some(isObject) && depth < DEEPEST) {
        flat[name] = member;
        for (const [i, entry] of member.entries()) if (isObject(entry)) take(`${name}.${i}`, entry, depth + 1);
      } else flat[name] = member;
    }
  };
  if (isObject(value)) take('', value, 0);
  return flat;
}

function eventsOf(list: unknown): Span['events'] {
  return (isList(list) ? list : []).map((event) => ({
    name: getString(event, 'name') ?? '',
    attributes: attributesOf(get(event, 'attributes')),
  }));
}

/** The spans of an OTLP document. https://opentelemetry.io/docs/specs/otlp */
export function otlpSpans(record: unknown): Span[] {
  const spans: Span[] = [];
  for (const resource of getList(record, 'resourceSpans') ?? [])
    for (const scope of getList(resource, 'scopeSpans') ?? getList(resource, 'instrumentationLibrarySpans') ?? [])
      for (const span of getList(scope, 'spans') ?? []) spans.push(spanOf(span));
  return spans;
}

const ATTRIBUTES = 'attributes.';

/** Whether a record is a row of a table of spans, of which each attribute is a column of its own. */
export function isFlatSpan(record: unknown): record is JsonObject {
  return isObject(record) && get(record, 'context.trace_id') !== undefined && Object.keys(record).some((key) => key.startsWith(ATTRIBUTES));
}

/** The attributes of such a row, where they stand, and of any other record. A column that a row has no value for is none. */
function heldAttributes(record: unknown): unknown {
  const held = get(record, 'attributes');
  if (isObject(held) || isList(held) || !isFlatSpan(record)) return isObject(held) || isList(held) ? held : record;
  const own = Object.keys(record).filter((key) => key.startsWith(ATTRIBUTES) && record[key] !== null);
  return Object.fromEntries(own.map((key) => [key.slice(ATTRIBUTES.length), record[key]]));
}

/** A text that some tracers (MLflow) write as JSON once more. */
function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.replace(/^"(.*)"$/, '$1') : undefined;
}

/** One span as OTLP, the SDK of JavaScript, Phoenix, MLflow or Weave writes it, or its bare attributes. */
export function spanOf(record: unknown): Span {
  const context = getObject(record, 'spanContext') ?? getObject(record, 'context');
  const attributes = attributesOf(heldAttributes(record));
  const first = (...keys: readonly string[]): unknown =>
    keys.map((key) => get(record, key)).find((value) => value !== undefined && value !== null);
  return {
    trace: idOf(get(context, 'traceId') ?? get(context, 'trace_id') ?? first('traceId', 'trace_id', 'context.trace_id')),
    id: idOf(get(context, 'spanId') ?? get(context, 'span_id') ?? first('spanId', 'span_id', 'context.span_id', 'id')),
    parent: idOf(
      get(getObject(record, 'parentSpanContext'), 'spanId') ?? first('parentSpanId', 'parent_span_id', 'parent_id', 'parent_run_id'),
    ),
    name: getString(record, 'name') ?? getString(record, 'spanName') ?? getString(record, 'op_name') ?? '',
    start: timeOf(first('startTimeUnixNano', 'start_time_unix_nano', 'startTime', 'start_time', 'started_at')),
    end: timeOf(first('endTimeUnixNano', 'end_time_unix_nano', 'endTime', 'end_time', 'ended_at')),
    attributes,
    events: eventsOf(get(record, 'events')),
    type: getString(record, 'run_type') ?? getString(record, 'span_kind') ?? wordOf(attributes['mlflow.spanType']) ?? '',
    input: first('inputs', 'input') ?? attributes['mlflow.spanInputs'],
    output: first('outputs', 'output') ?? attributes['mlflow.spanOutputs'],
  };
}

/** A name for a span without ids, for its rollout. */
export function spanKey(span: Span): string {
  return span.trace === '' ? (getId({ id: span.id }, 'id') ?? '') : span.trace;
}
