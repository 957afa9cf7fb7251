/**
 * Steps of BrowserGym and AgentLab experiments (`step_<n>.pkl.gz`): `browsergym.experiments.loop.StepInfo`, each with the whole
 * conversation of one call of the agent. A file holds one step, a folder one rollout: where the agent kept its messages they are what
 * was said, else goal, observation and action are.
 * https://github.com/ServiceNow/BrowserGym/blob/main/browsergym/experiments/src/browsergym/experiments/loop.py
 */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { get, getList, getNumber, getObject, getString, isObject, toJson } from './json.ts';
import { readMessages, readTime, readTiming, type MessagesRead } from './messages.ts';
import { taskOf } from './task-key.ts';

const STEP = /\bStepInfo$/;

export const browserSteps: Format = {
  id: 'browser-steps',
  label: 'BrowserGym and AgentLab steps',
  detects: (record) => isStep(record) || isRun(record),
  decode: (record, context) => [isRun(record) ? decodeRun(record, context) : decodeStep(record, context)],
};

function isStep(record: unknown): boolean {
  return STEP.test(getString(record, 'py/object') ?? '') && isObject(get(record, 'obs'));
}

/** A folder of steps as `engine/bindings/browser-run.ts` writes it: `{member, steps: {'step 0': …}, summary?}`. */
function isRun(record: unknown): boolean {
  return getString(record, 'member') !== undefined && Object.values(getObject(record, 'steps') ?? {}).some(isStep);
}

/** One rollout, in which each call of the agent has a prompt of its own. */
function decodeRun(record: unknown, context: RecordContext): Decoded {
  const steps = Object.values(getObject(record, 'steps') ?? {});
  const notes: Complaint[] = [];
  const lost = steps.filter((step) => !isStep(step)).length;
  if (lost > 0) notes.push({ code: 'step', expected: 'a step in each file', found: `none in ${lost} of ${steps.length}` });
  const branches: Branch[] = [];
  let reward: number | null = null;
  for (const step of steps) {
    if (!isStep(step)) continue;
    const own = getNumber(step, 'reward');
    if (own !== undefined) reward = (reward ?? 0) + own;
    const read = readStep(step, notes);
    if (!read.ok) return read;
    const events = withTimes(read.events, step);
    // The last step shows what came of the one before: nobody answered it.
    if (events.some(({ sampled }) => sampled))
      branches.push({ events, ...defined({ cause: branches.length === 0 ? undefined : 'rewrite' }) });
  }
  if (branches.length === 0) return refuse('no-answer', 'a step in which the agent acted', 'none');
  const name = getString(record, 'member') ?? context.path;
  const folder = name.slice(name.lastIndexOf('/') + 1);
  const summary = get(record, 'summary');
  const last = steps.findLast(isStep);
  return accept(
    {
      id: name,
      ...taskOf(branches[0]?.events ?? [], /(?:_on_)([^/]+)$/.exec(folder)?.[1] ?? folder),
      reward: getNumber(summary, 'cum_reward') ?? reward,
      ...defined({ status: statusOf(last), startedAt: readTime(get(get(steps.find(isStep), 'profiling'), 'env_start')) }),
      branches,
    },
    notes,
  );
}

function statusOf(step: unknown): string | undefined {
  if (get(step, 'truncated') === true) return 'truncated';
  return get(step, 'terminated') === true ? 'terminated' : undefined;
}

/** The folder of the step's file is the run: `…_on_miniwob.click-checkboxes_20`, `webarena.190_23`. */
function runOf({ path }: RecordContext): string | undefined {
  const folder = path.split('/').at(-2);
  return folder === undefined ? undefined : (/(?:_on_)([^/]+)$/.exec(folder)?.[1] ?? folder);
}

function readStep(record: unknown, notes: Complaint[]): MessagesRead {
  const said = getList(get(get(record, 'agent_info'), 'chat_messages'), 'messages');
  if (said === undefined || said.length === 0) return { ok: true, events: plainStep(record) };
  const last = said.length - 1;
  return readMessages(said, { name: 'chat_messages', notes, sampled: (_, role, at) => role === 'assistant' && at === last });
}

/** What the environment showed last took it from its start to its stop; what the agent answers took it likewise. */
function withTimes(events: readonly RolloutEvent[], step: unknown): readonly RolloutEvent[] {
  const profiling = get(step, 'profiling');
  const agent = readTiming(get(profiling, 'agent_start'), get(profiling, 'agent_stop'));
  const shown = readTiming(get(profiling, 'env_start'), get(profiling, 'env_stop'));
  const time = readTime(get(profiling, 'agent_start'));
  const last = events.findLastIndex(({ sampled }) => !sampled);
  return events.map((event, i) => {
    if (event.sampled) return { ...event, ...(agent ?? defined({ time })) };
    return i === last ? { ...event, ...shown } : event;
  });
}

function decodeStep(record: unknown, context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const read = readStep(record, notes);
  if (!read.ok) return read;
  const events = withTimes(read.events, record);
  const run = runOf(context);
  const step = getNumber(record, 'step');
  const fields = {
    id: run === undefined || step === undefined ? positionId(context) : `${run} step ${step}`,
    reward: getNumber(record, 'reward') ?? null,
    ...defined({
      status: statusOf(record),
      startedAt: readTime(get(get(record, 'profiling'), 'agent_start')),
    }),
  };
  return accept(singleRollout(fields, events, run), notes);
}

/** Of an agent that kept no messages: what it was shown, what it thought, and what it did. */
function plainStep(record: unknown): RolloutEvent[] {
  const obs = get(record, 'obs');
  const goal = getString(obs, 'goal') ?? '';
  const seen = ['last_action', 'last_action_error', 'axtree_txt', 'pruned_html'].flatMap((key) => {
    const text = getString(obs, key) ?? '';
    return text === '' ? [] : [`${key}: ${text}`];
  });
  const talk = (getList(obs, 'chat_messages') ?? []).map(
    (message) => `${getString(message, 'role') ?? ''}: ${getString(message, 'message') ?? toJson(message) ?? ''}`,
  );
  const shown = [...(goal === '' ? talk : [goal]), ...seen].join('\n\n');
  const events: RolloutEvent[] = shown === '' ? [] : [{ role: 'user', sampled: false, parts: [{ kind: 'user', text: shown }] }];
  const thought = getString(get(record, 'agent_info'), 'think') ?? '';
  const action = getString(record, 'action') ?? '';
  if (thought + action !== '')
    events.push({
      role: 'assistant',
      sampled: true,
      parts: [
        ...(thought === '' ? [] : [{ kind: 'thinking' as const, text: thought }]),
        ...(action === '' ? [] : [{ kind: 'text' as const, text: action }]),
      ],
    });
  return events;
}
