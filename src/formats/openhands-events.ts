/**
 * OpenHands events on their own: the list that a V0 trajectory is downloaded as, and V1 events, a line for each. All of a file are one
 * rollout. https://github.com/OpenHands/software-agent-sdk/tree/main/openhands-sdk/openhands/sdk/event
 */
import type { Format } from './format.ts';
import { getList } from './json.ts';
import { isV1Event, readEventLines } from './openhands-lines.ts';
import { isV0Event } from './openhands-said.ts';
import { oneLine } from './together.ts';

export const openhandsEvents: Format = {
  id: 'openhands-events',
  label: 'OpenHands events (trajectories, V1)',
  beats: ['chat'],
  detects: (record) => (isV0Event(record) || isV1Event(record)) && getList(record, 'history') === undefined,
  decode: oneLine(readEventLines),
  together: readEventLines,
};
