/**
 * OpenHands V0 runs: a record for each instance with its `history` of events, flat or (before 1.0) as pairs of action and observation, as
 * evaluations write to `output.jsonl`; and what the issue resolver writes.
 * https://github.com/All-Hands-AI/OpenHands/blob/main/evaluation/utils/shared.py
 */
import type { Rollout } from '../core/model/rollout.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isList, isObject } from './json.ts';
import { readReward, readTime } from './messages.ts';
import { isV0Event, readEvents, toolsOf } from './openhands-said.ts';
import { readSubmission } from './submission.ts';
import { oneLine, taskOf } from './task-key.ts';

export const openhands: Format = {
  id: 'openhands',
  label: 'OpenHands runs (output.jsonl)',
  beats: ['chat', 'swe-agent'],
  detects: (record) => historyOf(record).some(isV0Event) || isUnbegun(record),
  decode(record, context) {
    const history = historyOf(record);
    if (!isObject(record) || history.length === 0)
      return [refuse('empty', 'at least one event in history', oneLine(getString(record, 'error') ?? 'none'))];
    return [decodeRun(record, history, context)];
  },
};

/** The events in order; of pairs both. A trajectory that is downloaded may stand at `trajectory`. */
function historyOf(record: unknown): JsonObject[] {
  return (getList(record, 'history') ?? getList(record, 'trajectory') ?? [])
    .flatMap((entry) => (isList(entry) ? entry : [entry]))
    .filter(isObject);
}

/** An instance whose run failed before its first event. */
function isUnbegun(record: unknown): boolean {
  return (
    isObject(record) &&
    (getList(record, 'history')?.length === 0 || get(record, 'history') === null) &&
    isObject(get(record, 'metadata')) &&
    get(record, 'test_result') !== undefined
  );
}

function decodeRun(record: JsonObject, history: readonly JsonObject[], context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const read = readEvents(history, notes);
  if (!read.ok) return read;
  const metadata = getObject(record, 'metadata');
  const result = getObject(record, 'test_result');
  const reward = readReward(
    get(record, 'reward') ??
      get(record, 'resolved') ??
      get(result, 'resolved') ??
      get(getObject(result, 'report'), 'resolved') ??
      get(getObject(record, 'report'), 'resolved') ??
      get(result, 'result') ??
      get(record, 'success'),
  );
  const rollout: Rollout = {
    id: getId(record, 'run_id', 'trajectory_id', 'uuid') ?? positionId(context),
    ...taskOf(read.branches[0]?.events ?? [], getId(record, 'instance_id', 'id') ?? issueOf(record)),
    reward: reward?.reward ?? null,
    branches: read.branches,
    ...defined({
      rewardParts: reward?.parts,
      status: statusOf(record, history),
      policy: getString(getObject(metadata, 'llm_config'), 'model') ?? getString(metadata, 'model_name'),
      startedAt: readTime(get(history[0], 'timestamp')),
      tools: toolsOf(history),
      submission: readSubmission(record),
    }),
  };
  return accept(rollout, notes);
}

/** The resolver's task: https://github.com/All-Hands-AI/OpenHands/blob/main/openhands/resolver/resolver_output.py */
function issueOf(record: JsonObject): string | undefined {
  const issue = getObject(record, 'issue');
  const number = getId(issue, 'number');
  return number === undefined ? undefined : `${getString(issue, 'owner') ?? ''}/${getString(issue, 'repo') ?? ''}#${number}`;
}

function statusOf(record: JsonObject, history: readonly JsonObject[]): string | undefined {
  const error = getString(record, 'error') ?? '';
  if (error !== '') return 'error';
  return history.some((event) => getString(event, 'action') === 'finish') ? 'finish' : undefined;
}
