/**
 * mini-swe-agent trajectories (`.traj.json`): an object with `info` and `messages`, or the bare list of messages.
 * https://mini-swe-agent.com/latest/usage/output_files/
 */
import type { Branch, Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls, callOfReply } from './call-branches.ts';
import { accept, defined, positionId, readTaskId, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isObject } from './json.ts';
import { readMessages, readReward, readTime } from './messages.ts';
import { readSubmission } from './submission.ts';
import { asObservation, instanceOf, withInlineCall } from './swe-shared.ts';
import { taskOf } from './task-key.ts';
import { readTools } from './tools.ts';

export const miniSweAgent: Format = {
  id: 'mini-swe-agent',
  label: 'mini-swe-agent trajectories',
  beats: ['chat'],
  detects: (record) => (Array.isArray(record) ? isBareList(record) : isDocument(record)),
  decode: (record, context) => [decodeTrajectory(record, context)],
};

function isDocument(record: unknown): boolean {
  if (!Array.isArray(get(record, 'messages'))) return false;
  const format = getString(record, 'trajectory_format') ?? '';
  const info = getObject(record, 'info');
  const isRun = get(info, 'model_stats') !== undefined && get(info, 'exit_status') !== undefined;
  return (
    format.startsWith('mini-swe-agent') || get(info, 'mini_version') !== undefined || (isRun && getList(record, 'history') === undefined)
  );
}

/** The instructions of every version end with the command that submits. */
const SUBMIT = /MICRO_SWE_AGENT_FINAL_OUTPUT|COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT|mswea_bash_command/;

function isBareList(record: readonly unknown[]): boolean {
  if (getString(record[0], 'role') !== 'system') return false;
  return record.slice(0, 2).some((message) => SUBMIT.test(getString(message, 'content') ?? ''));
}

function decodeTrajectory(record: unknown, context: RecordContext): Decoded {
  const list = Array.isArray(record) ? (record as unknown[]) : getList(record, 'messages');
  if (list === undefined || !list.every(isObject)) return refuseShape('a list of messages, or an object with one', record);
  // The exit message tells the reader how it ended; no model has seen it.
  const exit = list.find((message) => get(message, 'role') === 'exit' || getString(get(message, 'extra'), 'exit_status') !== undefined);
  const messages = list.filter((message) => message !== exit);
  const marked = messages.some(isFromModel);
  const notes: Complaint[] = [];
  const read = readMessages(messages.map(withTime), {
    notes,
    sampled: (_, role, i) => role === 'assistant' && (!marked || isFromModel(messages[i]!)),
    reply: rawReply,
  });
  if (!read.ok) return read;
  const info = getObject(record, 'info');
  const config = getObject(info, 'config');
  const model = getObject(config, 'model');
  const events = withObservations(read.events, messages);
  const branches = branchesOf(events, messages, notes);
  const reward = readReward(get(record, 'resolved') ?? get(info, 'resolved') ?? get(record, 'reward') ?? get(info, 'reward'));
  const rollout: Rollout = {
    id: positionId(context),
    ...taskOf(events, readTaskId(record) ?? instanceOf(context)),
    reward: reward?.reward ?? null,
    branches,
    ...defined({
      rewardParts: reward?.parts,
      status: getString(get(exit, 'extra'), 'exit_status') ?? getString(info, 'exit_status'),
      submission: readSubmission(record) ?? getString(get(exit, 'extra'), 'submission'),
      tools: readTools([record, info, config, model, getObject(model, 'model_kwargs'), getObject(config, 'agent')]),
      startedAt: events.find((event) => event.time !== undefined)?.time,
      tokenizer: branches.some((branch) => branch.events.some((event) => event.tokens?.ids)) ? modelName(messages) : undefined,
    }),
  };
  return accept(rollout, notes);
}

/** Replies carry what they cost and when they came; a demonstration carries nothing. */
function isFromModel(message: JsonObject): boolean {
  const extra = getObject(message, 'extra');
  return get(message, 'role') === 'assistant' && extra !== undefined && Object.keys(extra).length > 0;
}

function withTime(message: JsonObject): JsonObject {
  const time = readTime(get(getObject(message, 'extra'), 'timestamp'));
  return time === undefined ? message : { ...message, timestamp: time };
}

/** The one tool there is, by the name that models with tools know it by. */
const SHELL = 'bash';

/** The text models put their one command into a fence or a tag; two of them are an error that the agent answers. */
const COMMAND =
  /```(?:mswea_bash_command|bash|sh|shell)[ \t]*\r?\n([\s\S]*?)\r?\n```|<mswea_bash_command>([\s\S]*?)<\/mswea_bash_command>/g;

function commandIn(message: JsonObject): string | undefined {
  const actions = getList(getObject(message, 'extra'), 'actions') ?? [];
  if (actions.length > 1) return undefined;
  const logged = getString(actions[0], 'command');
  if (logged !== undefined) return logged;
  const found = [...(getString(message, 'content') ?? '').matchAll(COMMAND)];
  return found.length === 1 ? (found[0]?.[1] ?? found[0]?.[2]) : undefined;
}

/** After the first reply, what a user says is the output of a command. A return code other than 0 is its error. */
function withObservations(events: readonly RolloutEvent[], messages: readonly JsonObject[]): RolloutEvent[] {
  let replied = false;
  return events.map((event, i) => {
    replied ||= event.sampled;
    if (event.role === 'user' && replied) return asObservation(event, SHELL, failed(messages[i]!));
    if (event.role === 'assistant') return withInlineCall(event, commandIn(messages[i]!), SHELL);
    if (event.role !== 'tool' || !failed(messages[i]!)) return event;
    return { ...event, parts: event.parts.map((part) => (part.kind === 'result' ? { ...part, error: true } : part)) };
  });
}

function failed(message: JsonObject): boolean {
  const extra = getObject(message, 'extra');
  const code = get(extra, 'returncode') ?? /^\s*<returncode>(-?\d+)</.exec(getString(message, 'content') ?? '')?.[1];
  return (getString(extra, 'exception_info') ?? '') !== '' || (code !== undefined && code !== null && Number(code) !== 0);
}

/** By ids where the server returned those of every call; else one branch, with log-probs where they were logged. */
function branchesOf(events: readonly RolloutEvent[], messages: readonly JsonObject[], notes: Complaint[]): Branch[] {
  const replies = events.flatMap((event, at) => (event.sampled ? [{ at, reply: rawReply(messages[at]!) }] : []));
  const calls = replies.flatMap(({ at, reply }) => callOfReply(at, reply, notes) ?? []);
  if (calls.length > 0 && calls.length === replies.length) return branchesOfCalls(events, calls);
  // Bare lists end with a submission that may be empty, and that no model has seen either.
  return [{ events: events.filter((event) => event.sampled || event.parts.length > 0) }];
}

/** What the model's server sent, as the log keeps it. */
function rawReply(message: JsonObject): unknown {
  return get(getObject(message, 'extra'), 'response');
}

function modelName(messages: readonly JsonObject[]): string | undefined {
  const reply = messages.find(isFromModel);
  return reply === undefined ? undefined : getId(rawReply(reply), 'model');
}
