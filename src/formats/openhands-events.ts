/**
 * OpenHands events on their own: the list that a V0 trajectory is downloaded as, and V1 events, a line for each. All of a file are one
 * rollout. https://github.com/OpenHands/software-agent-sdk/tree/main/openhands-sdk/openhands/sdk/event
 */
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { get, getList, getObject, getString, isObject } from './json.ts';
import { readTime } from './messages.ts';
import { isV0Event, readEvents, toolsOf } from './openhands-said.ts';
import { taskOf } from './task-key.ts';
import { oneLine } from './together.ts';

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
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

function isV1Event(event: unknown): boolean {
  return (
    KINDS.test(getString(event, 'kind') ?? '') && getString(event, 'timestamp') !== undefined && getString(event, 'source') !== undefined
  );
}

export const openhandsEvents: Format = {
  id: 'openhands-events',
  label: 'OpenHands events (trajectories, V1)',
  beats: ['chat'],
  detects: (record) => (isV0Event(record) || isV1Event(record)) && getList(record, 'history') === undefined,
  decode: oneLine(together),
  together,
};
