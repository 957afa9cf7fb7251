/** Observations of Langfuse as spans. https://langfuse.com/docs/observability/data-model */
import { get, getId, getString } from './json.ts';
import { opened } from './loose-messages.ts';
import { readTime } from './messages.ts';
import { attributesOf, type Span } from './span.ts';

/** An observation as the API names its members, or with underscores, as exports to storage do. */
export function spanOfObservation(observation: unknown): Span {
  const model = ['model', 'providedModelName', 'provided_model_name'].map((key) => getString(observation, key)).find((name) => !!name);
  const time = (...keys: readonly string[]): number => keys.map((key) => readTime(get(observation, key))).find((at) => !!at) ?? Number.NaN;
  return {
    trace: getId(observation, 'traceId', 'trace_id') ?? '',
    id: getId(observation, 'id') ?? '',
    parent: getId(observation, 'parentObservationId', 'parent_observation_id') ?? '',
    name: getString(observation, 'name') ?? '',
    start: time('startTime', 'start_time'),
    end: time('endTime', 'end_time'),
    attributes: { ...attributesOf(opened(get(observation, 'metadata'))), ...(model === undefined ? {} : { model }) },
    events: [],
    type: getString(observation, 'type') ?? '',
    input: valueOf(get(observation, 'input')),
    output: valueOf(get(observation, 'output')),
  };
}

/** In tables nothing is an empty text, or the JSON text of null. */
function valueOf(value: unknown): unknown {
  return value === null || value === '' || value === 'null' ? undefined : value;
}
