/** Events of OpenHands, V0 or V1, to the one rollout that they are. */
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, DecodedLines, LogLine, RecordContext } from './format.ts';
import { get, getObject, getString, isObject } from './json.ts';
import { readTime } from './messages.ts';
import { isV0Event, readEvents, toolsOf } from './openhands-said.ts';
import { taskOf } from './task-key.ts';

/** All events are one rollout; what is none of them is a fault of its line. */
export function readEventLines(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const faults: { line: LogLine; complaint: Complaint }[] = [];
  const events = lines.flatMap((line) => {
    if (isObject(line.value) && (isV0Event(line.value) || isV1Event(line.value))) return [line.value];
    faults.push({ line, complaint: { code: 'unknown-line', expected: 'an event of OpenHands', found: 'another record' } });
    return [];
  });
  if (events.length === 0) return { rollouts: [], faults };
  const notes: Complaint[] = [];
  const read = readEvents(events, notes);
  if (!read.ok) return { rollouts: [read], faults };
  const first = read.branches[0]?.events ?? [];
  if (first.length === 0) return { rollouts: [refuse('empty', 'a message among the events', `none in ${events.length} events`)], faults };
  const policy = events
    .map((event) => getString(get(getObject(event, 'tool_call_metadata'), 'model_response'), 'model'))
    .find((model) => model !== undefined);
  const startedAt = readTime(get(events[0], 'timestamp'));
  const rollout = {
    id: positionId(context),
    ...taskOf(first),
    reward: null,
    branches: read.branches,
    ...defined({ policy, startedAt, tools: toolsOf(events) }),
  };
  return { rollouts: [accept(rollout, notes)], faults };
}

/** The kind is the class that wrote it. */
const KINDS = /^(?:\w+Event|Condensation|CondensationRequest|CondensationSummaryEvent|UserRejectObservation)$/;

export function isV1Event(event: unknown): boolean {
  return (
    KINDS.test(getString(event, 'kind') ?? '') && getString(event, 'timestamp') !== undefined && getString(event, 'source') !== undefined
  );
}
