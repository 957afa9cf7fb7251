/**
 * Traces of MLflow, `{info, data: {spans}}` of its version 3 and before, and rows of `search_traces`, which hold the trace as JSON text.
 * What went in and came out of a span is JSON text among its attributes. https://mlflow.org/docs/latest/genai/tracing
 */
import { defined, positionId } from './envelope.ts';
import type { Format } from './format.ts';
import { get, getId, getList, getObject, getString, isObject, type JsonObject } from './json.ts';
import { opened } from './loose-messages.ts';
import { readReward } from './messages.ts';
import { rolloutOfTrace } from './span-rollouts.ts';
import { spanOf } from './span.ts';

interface Trace {
  readonly info: JsonObject;
  readonly spans: readonly unknown[];
}

/** Null where the record is none. Of a row the whole trace stands at `trace`, and its spans once more beside it. */
function traceOf(record: unknown): Trace | null {
  const trace = opened(get(record, 'trace'));
  const held = isObject(trace) ? trace : record;
  const info = getObject(held, 'info');
  const spans = getList(opened(get(held, 'data')), 'spans');
  if (info === undefined || spans === undefined || getId(info, 'trace_id', 'request_id') === undefined) return null;
  return { info, spans };
}

/** Verdicts of people and judges, by name: of several with one name the last counts. */
function rewardsOf(info: JsonObject): Readonly<Record<string, number>> | undefined {
  const parts = (getList(info, 'assessments') ?? []).flatMap((each): [string, number][] => {
    const name = getString(each, 'assessment_name') ?? getString(each, 'name');
    const value = get(getObject(each, 'feedback'), 'value');
    const reward = value === undefined || typeof value === 'object' ? undefined : readReward(value)?.reward;
    return name === undefined || reward === undefined || !Number.isFinite(reward) ? [] : [[name, reward]];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

export const mlflow: Format = {
  id: 'mlflow',
  label: 'MLflow traces',
  beats: ['chat', 'otel', 'prompt-completion'],
  detects: (record) => traceOf(record) !== null,
  decode(record, context) {
    const { info, spans } = traceOf(record) ?? { info: {}, spans: [] };
    return [
      rolloutOfTrace(spans.map(spanOf), positionId(context), {
        fields: info,
        ...defined({
          id: getId(info, 'trace_id', 'request_id'),
          status: getString(info, 'state') ?? getString(info, 'status'),
          rewardParts: rewardsOf(info),
        }),
      }),
    ];
  },
};
