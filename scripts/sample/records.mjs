/** A played rollout as one line of a log: a verifiers v1 episode, or a plain chat record. */
import { TOOLS } from './tools.mjs';
import { IM_END, IM_SEP, TOKENIZER } from './template.mjs';

/** @typedef {import('./rollout.mjs').Played} Played */

const WEIGHTS = { correct: 1, format: 0.2 };

/** The number with 6 significant digits, which is what the files hold. @param {number} value */
export const rounded = (value) => Number(value.toPrecision(6)) + 0;
/** Milliseconds are enough for times. @param {number} seconds */
const stamp = (seconds) => Math.round(seconds * 1000) / 1000;

/**
 * Per token: it spells the message, not the marks around it.
 * @param {import('./rollout.mjs').Node} node
 */
function isContent(node) {
  const first = node.ids.indexOf(IM_SEP) + 1;
  return node.ids.map((id, i) => i >= first && id !== IM_END);
}

/** @param {Played} played */
export function taskKey({ setting: { taskIndex, task } }) {
  return taskIndex < 8 ? task.key : `${task.key}-${Math.floor(taskIndex / 8) + 1}`;
}

/**
 * Σ score · weight, or null where the rollout was not scored.
 * @param {Played} played
 */
export function totalReward({ rewards }) {
  return rewards === null ? null : rewards.correct * WEIGHTS.correct + rewards.format * WEIGHTS.format;
}

/**
 * One episode with one trace. `logprobs` and `entropies` are compact: one value per true entry of `mask`.
 * @param {Played} played
 */
export function episode(played) {
  const { setting, nodes, rewards, counts, span, stop, error } = played;
  const key = taskKey(played);
  const errors = error === '' ? [] : [{ type: 'ToolServerError', message: error }];
  const start = stamp(nodes[0].time);
  /** @type {(name: 'correct' | 'format') => { score: number, weight: number } | null} */
  const reward = (name) => rewards && { score: rewards[name], weight: WEIGHTS[name] };
  const task = { type: 'OrchardTask', key, data: { question: setting.task.question, answer: rounded(setting.task.answer) } };
  return {
    id: played.id,
    tokenizer: TOKENIZER,
    env: { id: 'orchard', name: 'orchard' },
    task,
    group: { id: `${key}@${span.start}` },
    run: { type: 'train', id: 'orchard-sample', work: { type: 'train', step: span.end, policy: span } },
    ok: errors.length === 0,
    errors,
    traces: [
      {
        version: 1,
        id: `${played.id}-0`,
        task,
        agent: { config: {}, name: 'bookkeeper', trainable: true },
        tools: TOOLS,
        nodes: nodes.map((node) => ({
          ...(node.parent < 0 ? {} : { parent: node.parent }),
          message: node.message,
          sampled: node.sampled,
          ...(node.summary ? { kind: 'summary' } : {}),
          ...(node.sampled ? { policy: node.version } : {}),
          timestamp: stamp(node.time),
          token_ids: node.ids,
          mask: node.ids.map((_, i) => i >= node.scaffold),
          is_content: isContent(node),
          ...(node.sampled ? { logprobs: node.logprobs.map(rounded), entropies: node.entropies.map(rounded) } : {}),
        })),
        rewards: { correct: reward('correct'), format: reward('format') },
        metrics: { turns: counts.turns, tool_calls: counts.calls, tool_errors: counts.errors, compactions: counts.compactions },
        is_completed: stop === 'answered',
        ok: errors.length === 0,
        stop_condition: stop,
        errors,
        timing: { start, agent: { start, end: stamp(nodes[nodes.length - 1].time) } },
      },
    ],
  };
}

/** The tools as an OpenAI request lists them. */
const CHAT_TOOLS = TOOLS.map((tool) => ({ type: 'function', function: tool }));

/**
 * The same rollout as a chat record. A chat cannot say that its history was replaced: the summary stands between
 * the turns, in the order in which they happened.
 * @param {Played} played
 */
export function chat(played) {
  return {
    id: played.id,
    task_id: taskKey(played),
    reward: totalReward(played),
    tools: CHAT_TOOLS,
    messages: played.nodes.map(({ message }) =>
      message.tool_calls
        ? { ...message, tool_calls: message.tool_calls.map(({ id, ...call }) => ({ id, type: 'function', function: call })) }
        : message,
    ),
  };
}
