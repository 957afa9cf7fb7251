/**
 * Steps of BrowserGym and AgentLab experiments (`step_<n>.pkl.gz`): `browsergym.experiments.loop.StepInfo`, each with the whole
 * conversation of one call of the agent. A file holds one step: where the agent kept its messages they are the rollout, else goal,
 * observation and action are.
 * https://github.com/ServiceNow/BrowserGym/blob/main/browsergym/experiments/src/browsergym/experiments/loop.py
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { accept, defined, positionId, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { get, getList, getNumber, getString, isObject, toJson } from './json.ts';
import { readMessages, readTime } from './messages.ts';

const STEP = /\bStepInfo$/;

export const browserSteps: Format = {
  id: 'browser-steps',
  label: 'BrowserGym and AgentLab steps',
  detects: (record) => STEP.test(getString(record, 'py/object') ?? '') && isObject(get(record, 'obs')),
  decode: (record, context) => [decodeStep(record, context)],
};

/** The folder of the step's file is the run: `…_on_miniwob.click-checkboxes_20`, `webarena.190_23`. */
function runOf({ path }: RecordContext): string | undefined {
  const folder = path.split('/').at(-2);
  return folder === undefined ? undefined : (/(?:_on_)([^/]+)$/.exec(folder)?.[1] ?? folder);
}

function decodeStep(record: unknown, context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const said = getList(get(get(record, 'agent_info'), 'chat_messages'), 'messages');
  let events: readonly RolloutEvent[] = [];
  if (said !== undefined && said.length > 0) {
    const last = said.length - 1;
    const read = readMessages(said, { name: 'chat_messages', notes, sampled: (_, role, at) => role === 'assistant' && at === last });
    if (!read.ok) return { ok: false, complaint: read.complaint };
    events = read.events;
  } else events = plainStep(record);
  const run = runOf(context);
  const step = getNumber(record, 'step');
  const isOver = get(record, 'terminated') === true || get(record, 'truncated') === true;
  const fields = {
    id: run === undefined || step === undefined ? positionId(context) : `${run} step ${step}`,
    reward: getNumber(record, 'reward') ?? null,
    ...defined({
      status: isOver ? (get(record, 'truncated') === true ? 'truncated' : 'terminated') : undefined,
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
