/**
 * moatless runs: a state machine whose `transitions` name the one before (`trajectory.json`), or a search tree of nodes in each other
 * (`root.children`). A leaf ends a branch; all branches are one rollout.
 * https://github.com/aorwall/moatless-tools
 */
import type { Branch, Part, RolloutEvent } from '../core/model/rollout.ts';
import { tooManyMessages } from './expansion.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Decoded, Format, RecordContext } from './format.ts';
import { asLogged, get, getId, getList, getString, isObject, toJson } from './json.ts';
import { readReward } from './messages.ts';
import { readSubmission } from './submission.ts';
import { taskOf } from './task-key.ts';
import { leafPaths } from './trace-graph.ts';
import { listById, listNested, parentsOf, type Listed } from './tree-paths.ts';

export const moatless: Format = {
  id: 'moatless',
  label: 'moatless search trees',
  detects: (record) => isMachine(record) || isSearch(record),
  decode: (record, context) => [decodeRun(record, context)],
};

function isMachine(record: unknown): boolean {
  return getString(record, 'initial_message') !== undefined && getList(record, 'transitions') !== undefined;
}

function isSearch(record: unknown): boolean {
  const root = get(record, 'root');
  return (
    isObject(root) && getList(root, 'children') !== undefined && (get(root, 'visits') !== undefined || get(root, 'node_id') !== undefined)
  );
}

function decodeRun(record: unknown, context: RecordContext): Decoded {
  const listed = isMachine(record)
    ? listById(
        getList(record, 'transitions') ?? [],
        (node) => getId(node, 'id'),
        (node) => getId(node, 'previous_state_id'),
      )
    : listNested(get(record, 'root'), 'children');
  if (listed.length === 0) return refuse('tree-empty', 'at least one state', 'none');
  const parents = parentsOf(listed);
  const many = tooManyMessages(parents);
  if (many !== null) return { ok: false, complaint: many };
  const events = listed.map(({ node }) => eventsOf(node));
  const message =
    getString(record, 'initial_message') ??
    getString(get(record, 'root'), 'message') ??
    getString(get(record, 'root'), 'user_message') ??
    '';
  const prompt: RolloutEvent[] = message === '' ? [] : [{ role: 'user', sampled: false, parts: [{ kind: 'user', text: message }] }];
  const branches = leafPaths(parents).map((path, b): Branch => ({
    events: [...prompt, ...path.flatMap((n) => events[n]!)],
    ...defined({ cause: b === 0 ? undefined : 'search', reward: nodeReward(listed[path.at(-1)!]) }),
  }));
  const info = get(record, 'info');
  const rewards = branches.flatMap(({ reward }) => (reward === undefined ? [] : [reward]));
  const best = rewards.length === 0 ? null : rewards.reduce((a, b) => Math.max(a, b));
  return accept({
    id: getId(info, 'trace_id') ?? getId(record, 'trace_id') ?? positionId(context),
    ...taskOf(
      branches[0]?.events ?? [],
      getId(info, 'instance_id') ?? getId(get(record, 'metadata'), 'instance_id') ?? getId(record, 'instance_id'),
    ),
    reward: readReward(get(info, 'resolved') ?? get(record, 'reward'))?.reward ?? best,
    ...defined({ status: getString(info, 'status'), submission: readSubmission(record) }),
    branches,
  });
}

function nodeReward(listed: Listed | undefined): number | undefined {
  const reward = get(listed?.node, 'reward');
  return asLogged(isObject(reward) ? get(reward, 'value') : reward);
}

/** What a state did, and what came of it. */
function eventsOf(node: unknown): RolloutEvent[] {
  const name = getString(node, 'name');
  const actions = getList(node, 'actions') ?? getList(node, 'action_steps');
  if (actions !== undefined)
    return actions.flatMap((action) =>
      step(name, get(action, 'request') ?? get(action, 'action'), get(action, 'response') ?? get(action, 'observation')),
    );
  return step(name, get(node, 'action'), get(node, 'observation') ?? get(node, 'output'));
}

function step(name: string | undefined, request: unknown, response: unknown): RolloutEvent[] {
  const events: RolloutEvent[] = [];
  if (isObject(request)) {
    const { scratch_pad: pad, thoughts, ...rest } = request;
    const thought = typeof pad === 'string' ? pad : typeof thoughts === 'string' ? thoughts : '';
    const tool = name ?? getString(request, 'action_name') ?? getString(request, 'name') ?? 'action';
    const parts: Part[] = thought === '' ? [] : [{ kind: 'thinking', text: thought }];
    parts.push({ kind: 'call', tool, text: toJson(rest) ?? '{}' });
    events.push({ role: 'assistant', sampled: true, parts });
  } else if (typeof request === 'string' && request !== '')
    events.push({ role: 'assistant', sampled: true, parts: [{ kind: 'text', text: request }] });
  const text =
    typeof response === 'string'
      ? response
      : (getString(response, 'message') ?? (isObject(response) ? (toJson(get(response, 'output') ?? response) ?? '') : ''));
  if (text !== '') events.push({ role: 'tool', sampled: false, parts: [{ kind: 'result', text }] });
  return events;
}
