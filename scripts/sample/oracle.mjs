/** What a reader of the sample should find, counted here from the played rollouts by the most obvious means. */
import { pathTo } from './rollout.mjs';
import { taskKey, totalReward } from './records.mjs';
import { header, IM_END, partTexts, tokens } from './template.mjs';

/** @typedef {import('./rollout.mjs').Played} Played */

/** Distinct tokens of a set of sequences: the nodes of their trie, one map per node. */
function makeTrie() {
  /** @typedef {Map<number, Branch>} Branch */
  /** @type {Branch} */
  const root = new Map();
  let size = 0;
  return {
    /** @param {Iterable<number>} ids */
    insert(ids) {
      let at = root;
      for (const id of ids) {
        let next = at.get(id);
        if (next === undefined) {
          next = new Map();
          at.set(id, next);
          size++;
        }
        at = next;
      }
    },
    size: () => size,
  };
}

/**
 * The token sequence of the plain chat record under the same template.
 * @param {Played} played
 */
function chatTokens({ nodes }) {
  const ids = [];
  for (const { message } of nodes) {
    const calls = (message.tool_calls ?? []).map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) }));
    const parts =
      message.reasoning_content === undefined
        ? [message.content]
        : partTexts({ thinking: message.reasoning_content, text: message.content, calls });
    for (const id of header(message.role)) ids.push(id);
    for (const part of parts) for (const id of tokens(part)) ids.push(id);
    ids.push(IM_END);
  }
  return ids;
}

const sum = (/** @type {readonly number[]} */ values) => values.reduce((a, b) => a + b, 0);

/** Figures of a task before its first rollout. */
const fresh = () => ({
  key: '',
  played: 0,
  trajectories: 0,
  flat: 0,
  sampled: 0,
  trie: makeTrie(),
  chatFlat: 0,
  chatTrie: makeTrie(),
  entropy: 0,
  surprisal: 0,
  calls: 0,
  memory: 0,
  errors: 0,
  compactions: 0,
  rewards: /** @type {number[]} */ ([]),
  successes: 0,
});

/** Counts rollouts as they come; `result` gives the figures per task and in total. Holds the trie of one task at a time. */
export function makeOracle() {
  /** @type {ReturnType<typeof close>[]} */
  const tasks = [];
  let open = fresh();
  const close = () => ({
    key: open.key,
    rollouts: open.played,
    trajectories: open.trajectories,
    flatTokens: open.flat,
    distinctTokens: open.trie.size(),
    sampledTokens: open.sampled,
    meanTrajectoryEntropy: open.entropy / open.trajectories,
    meanTrajectorySurprisal: open.surprisal / open.trajectories,
    toolCalls: open.calls,
    memoryEvents: open.memory,
    toolErrors: open.errors,
    compactions: open.compactions,
    scoredRollouts: open.rewards.length,
    successes: open.successes,
    meanReward: open.rewards.length === 0 ? null : sum(open.rewards) / open.rewards.length,
    chatFlatTokens: open.chatFlat,
    chatDistinctTokens: open.chatTrie.size(),
  });
  return {
    /** Rollouts of one task must come together. @param {Played} played */
    add(played) {
      const key = taskKey(played);
      if (open.key !== key) {
        if (open.played > 0) tasks.push(close());
        open = { ...fresh(), key };
      }
      open.played++;
      for (const leaf of played.leaves) {
        const path = pathTo(played.nodes, leaf);
        const ids = path.flatMap((node) => node.ids);
        open.trajectories++;
        open.flat += ids.length;
        open.sampled += sum(path.map((node) => node.logprobs.length));
        open.entropy += sum(path.map((node) => sum(node.entropies)));
        open.surprisal -= sum(path.map((node) => sum(node.logprobs)));
        open.trie.insert(ids);
      }
      const plain = chatTokens(played);
      open.chatFlat += plain.length;
      open.chatTrie.insert(plain);
      open.calls += played.counts.calls;
      open.memory += played.counts.memory;
      open.errors += played.counts.errors;
      open.compactions += played.counts.compactions;
      const reward = totalReward(played);
      if (reward !== null) open.rewards.push(reward);
      if (played.rewards?.correct === 1) open.successes++;
    },
    result() {
      const all = open.played > 0 ? [...tasks, close()] : tasks;
      /**
       * @type {(name: 'rollouts' | 'trajectories' | 'flatTokens' | 'distinctTokens' | 'sampledTokens' | 'toolCalls' |
       * 'memoryEvents' | 'toolErrors' | 'compactions' | 'scoredRollouts' | 'successes' | 'chatFlatTokens' |
       * 'chatDistinctTokens') => number}
       */
      const total = (name) => sum(all.map((task) => task[name]));
      const trajectories = total('trajectories');
      const scored = total('scoredRollouts');
      return {
        totals: {
          tasks: all.length,
          rollouts: total('rollouts'),
          trajectories,
          flatTokens: total('flatTokens'),
          distinctTokens: total('distinctTokens'),
          sampledTokens: total('sampledTokens'),
          meanTrajectoryEntropy: sum(all.map((task) => task.meanTrajectoryEntropy * task.trajectories)) / trajectories,
          meanTrajectorySurprisal: sum(all.map((task) => task.meanTrajectorySurprisal * task.trajectories)) / trajectories,
          toolCalls: total('toolCalls'),
          memoryEvents: total('memoryEvents'),
          toolErrors: total('toolErrors'),
          compactions: total('compactions'),
          scoredRollouts: scored,
          successes: total('successes'),
          meanReward: scored === 0 ? null : sum(all.map((task) => (task.meanReward ?? 0) * task.scoredRollouts)) / scored,
          chatFlatTokens: total('chatFlatTokens'),
          chatDistinctTokens: total('chatDistinctTokens'),
        },
        tasks: all,
      };
    },
  };
}
