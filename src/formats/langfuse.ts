/**
 * Traces of Langfuse, `{trace, observations}`: observations in any order, repeated in the trace, with JSON inside of JSON texts.
 * https://langfuse.com
 */
import { positionId } from './envelope.ts';
import type { Format } from './format.ts';
import { get, getId, getList, getObject, getString, isObject, toNumber, type JsonObject } from './json.ts';
import { opened } from './loose-messages.ts';
import { spanOfObservation } from './langfuse-span.ts';
import { rolloutOfTrace } from './span-rollouts.ts';

export const langfuse: Format = {
  id: 'langfuse',
  label: 'Langfuse traces',
  beats: ['chat', 'otel'],
  detects: (record) => observationsOf(record).some((each) => getString(each, 'type') !== undefined && getId(each, 'traceId') !== undefined),
  decode(record, context) {
    const trace = getObject(record, 'trace') ?? record;
    const scores = (getList(trace, 'scores') ?? []).flatMap((score): [string, number][] => {
      const [name, value] = [getString(score, 'name'), toNumber(get(score, 'value'))];
      return name === undefined || value === undefined ? [] : [[name, value]];
    });
    const id = getId(trace, 'id');
    return [
      rolloutOfTrace(observationsOf(record).map(spanOfObservation), positionId(context), {
        ...(id === undefined ? {} : { id }),
        input: opened(get(trace, 'input')),
        output: opened(get(trace, 'output')),
        ...(scores.length === 0 ? {} : { rewardParts: Object.fromEntries(scores) }),
        fields: scalarsOf(trace),
      }),
    ];
  },
};

function observationsOf(record: unknown): readonly unknown[] {
  return getList(record, 'observations') ?? getList(getObject(record, 'trace'), 'observations') ?? [];
}

function scalarsOf(trace: unknown): JsonObject {
  if (!isObject(trace)) return {};
  return Object.fromEntries(Object.entries(trace).filter(([key, value]) => key !== 'input' && key !== 'output' && !isObject(value)));
}
