/** One rollout: the policy samples, the tools run, the history grows and is compacted; every message is a node. */
import { decode } from 'gpt-tokenizer/encoding/o200k_base';
import { candidates } from './policy.mjs';
import { sample } from './mixture.mjs';
import { randomStream } from './random.mjs';
import { advance, compact, emptyState, summaryText } from './state.mjs';
import { argumentsText, header, messageTokens } from './template.mjs';
import { runTool, TOOL_LINES } from './tools.mjs';

export const MAX_TURNS = 8;
/** Tokens of context at which the history is replaced by a summary before the next model call. */
const CONTEXT_LIMIT = 800;
/** 2026-03-02T06:00:00Z */
const EPOCH = 1772431200;

/**
 * @typedef {import('./tasks.mjs').Task} Task
 * @typedef {import('./world.mjs').World} World
 * @typedef {{ role: string, content: string, reasoning_content?: string, tool_calls?: { id: string, name: string,
 * arguments: string }[], tool_call_id?: string, is_error?: boolean }} Message
 *
 * @typedef {object} Node one message; its tokens are what it adds to the path
 * @property {number} parent -1 for the root
 * @property {Message} message
 * @property {boolean} sampled
 * @property {boolean} summary
 * @property {number} time seconds since the epoch
 * @property {number[]} ids
 * @property {number} scaffold tokens at the start of `ids` that were not sampled (all of them unless `sampled`)
 * @property {number[]} logprobs parallel to the sampled tokens
 * @property {number[]} entropies parallel to the sampled tokens
 * @property {number} version of the policy that sampled it, 0 for none
 *
 * @typedef {object} Setting
 * @property {World} world
 * @property {Task} task
 * @property {number} taskIndex
 * @property {number} rollout
 * @property {number} rollouts
 * @property {string} seed
 *
 * @typedef {object} Played
 * @property {string} id
 * @property {Setting} setting
 * @property {Node[]} nodes
 * @property {number[]} leaves last node of each branch
 * @property {number[]} versions of each model call
 * @property {string} stop
 * @property {string} error '' where none
 * @property {string} answer
 * @property {{ correct: number, format: number } | null} rewards null where the rollout could not be scored
 * @property {{ start: number, end: number }} span
 * @property {{ calls: number, memory: number, errors: number, turns: number, compactions: number }} counts
 */

/** @type {(world: World) => string} */
const systemText = ({ place }) =>
  `You keep the books of ${place} orchard. Find figures with the tools and do every ` +
  `sum with the calculator. End with a line "Answer: <number>".\n\nTools:\n${TOOL_LINES}`;

/** @type {Map<string, import('./mixture.mjs').Candidate[]>} */
const known = new Map();

/** @type {typeof candidates} */
function candidatesOnce(task, state, version) {
  const key = `${version}|${task.question}|${JSON.stringify(state)}`;
  let list = known.get(key);
  if (list === undefined) {
    list = candidates(task, state, version);
    if (known.size > 5000) known.clear();
    known.set(key, list);
  }
  return list;
}

/**
 * Version of the policy at a turn: 40 in the first half of a group, 41 in the second. The last rollout of the first
 * half sees the new weights arrive in its third turn.
 * @param {Setting} setting
 * @param {number} turn
 */
function versionAt({ rollout, rollouts }, turn) {
  const half = rollouts / 2;
  return rollout >= half || (rollout + 1 >= half && turn >= 2) ? 41 : 40;
}

/**
 * What goes wrong outside the policy: one rollout in a whole sample loses its tool server, one has a small limit on tokens.
 * @param {Setting} setting
 */
function faultOf({ taskIndex, rollout }) {
  if (taskIndex % 8 === 4 && rollout === 11) return 'server';
  return taskIndex % 8 === 5 && rollout === 6 ? 'length' : '';
}

/**
 * Scores of a final answer: its number against the truth, and the presence of the answer line.
 * @param {Task} task
 * @param {string} text
 */
export function score(task, text) {
  const line = /^Answer: (-?\d+(?:\.\d+)?)$/m.exec(text);
  const numbers = text.match(/-?\d+(?:\.\d+)?/g) ?? [];
  const value = Number(line ? line[1] : numbers[numbers.length - 1]);
  return { correct: Math.abs(value - task.answer) <= 1e-6 * Math.max(1, Math.abs(task.answer)) ? 1 : 0, format: line ? 1 : 0 };
}

/**
 * The message of an utterance that the token limit cut off, as a server that separates reasoning reports it.
 * @param {string} text
 * @returns {Message}
 */
function cutShort(text) {
  const [thinking, rest = ''] = text.replace('<think>\n', '').split('\n</think>\n');
  return { role: 'assistant', content: rest, reasoning_content: thinking };
}

/**
 * Plays one rollout to its end. The same setting always gives the same rollout.
 * @param {Setting} setting
 * @returns {Played}
 */
export function play(setting) {
  const { world, task, taskIndex, rollout, seed } = setting;
  const random = randomStream(`${seed}/${taskIndex}/${rollout}/policy`);
  const clock = randomStream(`${seed}/${taskIndex}/${rollout}/clock`);
  const fault = faultOf(setting);
  /** @type {Node[]} */
  const nodes = [];
  let time = EPOCH + (versionAt(setting, 0) - 40) * 3600 + (taskIndex % 1000) * 2 + rollout * 0.125;
  /** @type {(parent: number, message: Message, summary?: boolean) => number} */
  const addFixed = (parent, message, summary = false) => {
    const ids = messageTokens(message.role, message.content);
    nodes.push({ parent, message, sampled: false, summary, time, ids, scaffold: ids.length, logprobs: [], entropies: [], version: 0 });
    return nodes.length - 1;
  };
  const root = addFixed(-1, { role: 'system', content: systemText(world) });
  const question = addFixed(root, { role: 'user', content: task.question });
  const promptLength = nodes[root].ids.length + nodes[question].ids.length;

  /** @type {Map<string, string>} */
  const memory = new Map();
  const leaves = [];
  const versions = [];
  const counts = { calls: 0, memory: 0, errors: 0, turns: 0, compactions: 0 };
  let state = emptyState();
  let tip = question;
  let length = promptLength;
  let stop = 'max_turns';
  let error = '';
  let answer = '';
  while (counts.turns < MAX_TURNS) {
    if (length > CONTEXT_LIMIT) {
      leaves.push(tip);
      state = compact(state);
      tip = addFixed(question, { role: 'user', content: summaryText(state) }, true);
      length = promptLength + nodes[tip].ids.length;
      counts.compactions++;
    }
    const version = versionAt(setting, counts.turns);
    const limit = fault === 'length' && counts.turns === 2 ? 10 : Infinity;
    const drawn = sample(candidatesOnce(task, state, version), random, limit);
    const scaffold = header('assistant');
    const said = drawn.candidate?.utterance;
    const turn = ++counts.turns;
    time += 0.2 + (drawn.ids.length * (0.8 + 0.4 * clock())) / 50;
    /** @type {Message} */
    const message = said ? { role: 'assistant', content: said.text, reasoning_content: said.thinking } : cutShort(decode(drawn.ids));
    if (said && said.calls.length > 0)
      message.tool_calls = said.calls.map((call, i) => ({
        id: `call_${turn}_${i}`,
        name: call.name,
        arguments: argumentsText(call.arguments),
      }));
    nodes.push({
      parent: tip,
      message,
      sampled: true,
      summary: false,
      time,
      ids: [...scaffold, ...drawn.ids],
      scaffold: scaffold.length,
      logprobs: drawn.logprobs,
      entropies: drawn.entropies,
      version,
    });
    tip = nodes.length - 1;
    length += nodes[tip].ids.length;
    versions.push(version);
    if (!said) {
      stop = 'max_tokens';
      break;
    }
    if (said.calls.length === 0) {
      stop = 'answered';
      answer = said.text;
      break;
    }
    for (const { name } of said.calls) {
      counts.calls++;
      if (name.startsWith('memory_')) counts.memory++;
    }
    if (fault === 'server' && turn === 2) {
      stop = 'error';
      error = 'The tool server did not answer within 30 seconds.';
      time += 30;
      break;
    }
    const results = said.calls.map((call) => runTool(world, memory, call));
    results.forEach((result, i) => {
      time += 0.02 + 0.2 * clock();
      tip = addFixed(tip, {
        role: 'tool',
        tool_call_id: `call_${turn}_${i}`,
        content: result.content,
        ...(result.error ? { is_error: true } : {}),
      });
      length += nodes[tip].ids.length;
      if (result.error) counts.errors++;
    });
    state = advance(task, world, state, said.calls, results);
  }
  leaves.push(tip);
  return {
    id: `orchard-s${seed}-t${taskIndex}-r${rollout}`,
    setting,
    nodes,
    leaves,
    versions,
    stop,
    error,
    answer,
    rewards: error !== '' ? null : stop === 'answered' ? score(task, answer) : { correct: 0, format: 0 },
    span: { start: versions[0], end: versions[versions.length - 1] },
    counts,
  };
}

/**
 * Nodes from the root to a leaf.
 * @param {readonly Node[]} nodes
 * @param {number} leaf
 */
export function pathTo(nodes, leaf) {
  const path = [];
  for (let n = leaf; n >= 0; n = nodes[n].parent) path.push(nodes[n]);
  return path.toReversed();
}
