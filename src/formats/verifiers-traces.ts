/**
 * verifiers v1 traces, as evals and prime-rl (0.9 and later) write them to `traces.jsonl`: an episode per line with
 * one trace per agent, or a bare trace. A trace is a graph of messages; each leaf ends a branch.
 * https://github.com/PrimeIntellect-ai/verifiers/blob/main/verifiers/v1/trace.py
 */
import type { Branch, Part, Rollout, RolloutEvent } from '../core/model/rollout.ts';
import type { ColumnTree } from './columns.ts';
import { ADVANTAGES } from '../core/tokens/plausible.ts';
import { tooManyMessages } from './expansion.ts';
import { accept, defined, positionId, refuse, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { type JsonObject, asLogged, get, getId, getList, getObject, getString, isObject } from './json.ts';
import { readMessages, readTime } from './messages.ts';
import { commonValue } from './per-token.ts';
import { oneLine, taskOf } from './task-key.ts';
import { annotated, annotationsOf } from './trace-annotations.ts';
import { isSummary, leafPaths, pathCause, readParents } from './trace-graph.ts';
import { readNodeTokens } from './trace-tokens.ts';
import { readTools } from './tools.ts';

const TRACE_COLUMNS: ColumnTree = { nodes: { token_ids: 'read', mask: 'read', logprobs: 'read', entropies: 'read', advantages: 'read' } };

export const verifiersTraces: Format = {
  id: 'verifiers-traces',
  label: 'verifiers v1 traces (prime-rl traces.jsonl)',
  beats: ['prime-rl-tokens', 'verifiers-results', 'chat'],
  columns: { ...TRACE_COLUMNS, traces: TRACE_COLUMNS },
  detects: (record) => isTrace(record) || isEpisode(record),
  decode(record, context) {
    if (isTrace(record)) return [decodeTrace(record, record, 0, 1, context)];
    const traces = getList(record, 'traces') ?? [];
    if (traces.length === 0) {
      return [refuse('episode-empty', 'an episode with at least one trace', episodeState(record))];
    }
    return traces.map((trace, i) => decodeTrace(record, trace, i, traces.length, context));
  },
};

function isTrace(record: unknown): boolean {
  const nodes = getList(record, 'nodes');
  if (nodes === undefined) return false;
  return nodes.length === 0 ? isObject(get(record, 'rewards')) : isObject(get(nodes[0], 'message'));
}

function isEpisode(record: unknown): boolean {
  const traces = getList(record, 'traces');
  if (traces === undefined) return false;
  return traces.length === 0 ? isObject(get(record, 'task')) && isObject(get(record, 'env')) : traces.some(isTrace);
}

function episodeState(record: unknown): string {
  const error = getList(record, 'errors')?.at(-1);
  const type = getString(error, 'type');
  return type === undefined ? 'no trace' : `no trace, and the error ${oneLine(`${type}: ${getString(error, 'message') ?? ''}`)}`;
}

function decodeTrace(episode: unknown, trace: unknown, member: number, members: number, context: RecordContext): Decoded {
  const nodes = getList(trace, 'nodes');
  if (!isObject(trace) || nodes === undefined) return refuseShape('a trace with a list of nodes', trace);
  if (nodes.length === 0) return refuse('trace-empty', 'a trace with at least one node', traceStatus(trace) || 'no node');
  const parents = readParents(nodes);
  if (typeof parents === 'string') return refuse('node-parent', 'for each node, a parent that comes before it, or none', parents);
  const many = tooManyMessages(parents);
  if (many !== null) return { ok: false, complaint: many };
  const notes: Complaint[] = [];
  const trained = get(getObject(trace, 'agent'), 'trainable') !== false;
  const read = readMessages(
    nodes.map((node) => get(node, 'message')),
    {
      name: 'nodes',
      notes,
      sampled: (_, __, index) => trained && get(nodes[index], 'sampled') === true,
    },
  );
  if (!read.ok) return read;
  const policy = trained ? policySpan(get(get(get(episode, 'run'), 'work'), 'policy')) : undefined;
  const tokenizer = [trace, get(trace, 'info'), episode].map((at) => getString(at, 'tokenizer')).find((name) => name !== undefined);
  const told = readNodeTokens(nodes, read.events, notes) ?? read.events;
  const events = told.map((event, n) => withStamps(trained ? event : asContext(event), nodes[n], policy));
  const later = trained ? annotationsOf(episode, getId(trace, 'id')) : null;
  const made = makeBranches(nodes, parents, events);
  const branches = later === null ? made : annotated(made, later, notes);
  const rewards = readRewards(trace);
  const first = branches[0]?.events ?? [];
  const rollout: Rollout = {
    id: traceId(episode, trace, member, members) ?? `${positionId(context)}.${member}`,
    ...identify(episode, trace, first, trained),
    reward: rewards.total,
    branches,
    ...defined({
      rewardParts: rewards.parts,
      advantage:
        later?.advantage ??
        asLogged(get(trace, 'advantage')) ??
        (members === 1 ? asLogged(get(episode, 'advantage')) : undefined) ??
        commonValue(
          events.map((event) => event.tokens?.advantages),
          ADVANTAGES,
        ),
      status: traceStatus(trace),
      policy,
      startedAt: readTime(get(get(trace, 'timing'), 'start')) ?? readTime(get(nodes[0], 'timestamp')),
      tools: readTools([trace, nodes[0]]),
      tokenizer,
    }),
  };
  return accept(rollout, notes);
}

/** What an agent that is not trained said is context, whatever the log masks. */
function asContext(event: RolloutEvent): RolloutEvent {
  const ids = event.tokens?.ids;
  const { tokens: _, ...rest } = event;
  return ids === undefined ? rest : { ...rest, tokens: { ids } };
}

function withStamps(event: RolloutEvent, node: unknown, policy: string | undefined): RolloutEvent {
  const time = readTime(get(node, 'timestamp')) ?? event.time;
  const own = policySpan(get(node, 'policy')) ?? (event.sampled ? policy : undefined);
  return { ...event, ...defined({ time, policy: own }) };
}

function makeBranches(nodes: readonly unknown[], parents: Int32Array, events: readonly RolloutEvent[]): Branch[] {
  const shown = new Uint8Array(nodes.length);
  return leafPaths(parents).map((path, b) => {
    const cause = b === 0 ? undefined : pathCause(nodes, path, shown);
    const fresh = path.filter((n) => shown[n] === 0);
    for (const n of fresh) shown[n] = 1;
    const summary = cause === 'compaction' ? lastPromptNode(fresh, events) : -1;
    return {
      events: path.map((n) => (n === summary || isSummary(nodes[n]) ? asSummary(events[n]!) : events[n]!)),
      ...defined({ cause }),
    };
  });
}

/** The message that a compaction puts in place of the history: the last one before the branch's first new reply. */
function lastPromptNode(fresh: readonly number[], events: readonly RolloutEvent[]): number {
  const reply = fresh.findIndex((n) => events[n]!.sampled);
  const before = reply > 0 ? fresh[reply - 1]! : -1;
  return before >= 0 && events[before]!.role === 'user' ? before : -1;
}

function asSummary(event: RolloutEvent): RolloutEvent {
  const parts = event.parts.map((part): Part => (part.kind === 'user' || part.kind === 'text' ? { ...part, kind: 'summary' } : part));
  return { ...event, parts };
}

function traceId(episode: unknown, trace: JsonObject, member: number, members: number): string | undefined {
  const own = getId(trace, 'id');
  if (members === 1) return own ?? getId(episode, 'id');
  const agent = getString(getObject(trace, 'agent'), 'name') ?? 'agent';
  return `${agent}:${own ?? `${getId(episode, 'id') ?? 'episode'}#${member}`}`;
}

/** An agent that is not trained (a judge, a simulated user) has a task of its own, beside that of the policy. */
function identify(
  episode: unknown,
  trace: JsonObject,
  first: readonly RolloutEvent[],
  trained: boolean,
): { task: string; taskLabel: string } {
  const task = getObject(episode, 'task') ?? getObject(trace, 'task');
  const env = getId(getObject(episode, 'env'), 'name', 'id');
  const key = getId(task, 'key') ?? getId(task, 'hash') ?? getId(getObject(episode, 'group'), 'id');
  if (key === undefined) return taskOf(first);
  const data = getObject(task, 'data');
  const agent = trained ? '' : ` (${getString(getObject(trace, 'agent'), 'name') ?? 'other agent'})`;
  const told = taskOf(first, `${env === undefined ? '' : `${env}:`}${key}${agent}`);
  const question = getString(data, 'question') ?? getString(data, 'prompt') ?? getString(data, 'instruction') ?? getId(data, 'name');
  return question === undefined ? told : { task: told.task, taskLabel: `${oneLine(question)}${agent}` };
}

/** `{start, end}` of policy versions, or a single version. */
function policySpan(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  const start = getId(value, 'start');
  const end = getId(value, 'end');
  return start === undefined || end === undefined || start === end ? (start ?? end) : `${start}-${end}`;
}

function traceStatus(trace: JsonObject): string | undefined {
  const type = get(trace, 'ok') === false ? getString(getList(trace, 'errors')?.at(-1), 'type') : undefined;
  if (type !== undefined) return `error: ${type}`;
  if (get(trace, 'is_truncated') === true) return 'truncated';
  return getString(trace, 'stop_condition') ?? (get(trace, 'is_completed') === true ? 'completed' : undefined);
}

/** Σ score · weight. Null entries were never scored: where all are, there is no reward. */
function readRewards(trace: JsonObject): { total: number | null; parts?: Record<string, number> } {
  const rewards = getObject(trace, 'rewards');
  if (rewards === undefined) return { total: asLogged(get(trace, 'reward')) ?? null };
  const entries: [string, number][] = [];
  for (const name of Object.keys(rewards)) {
    const entry = rewards[name];
    const score = asLogged(entry) ?? asLogged(get(entry, 'score'));
    if (score !== undefined) entries.push([name, score * (asLogged(get(entry, 'weight')) ?? 1)]);
  }
  if (entries.length === 0) return { total: asLogged(get(trace, 'reward')) ?? null };
  return { total: entries.reduce((sum, [, value]) => sum + value, 0), parts: Object.fromEntries(entries) };
}
