/** The committed sample files: made by this generator, whole, and counted right. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, describe, expect, it } from 'vitest';
import {
  candidates,
  emptyState,
  generate,
  makeTasks,
  makeWorld,
  MAX_TURNS,
  partTexts,
  tokens,
  utteranceTokens,
} from '../../../scripts/sample/index.mjs';
import { nodesOf, parseEpisode, pathsOf, readEpisodes, readExpected, SAMPLES, type FileNode } from './read-sample.ts';

const script = fileURLToPath(new URL('../../../scripts/sample.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'orchard-'));
afterAll(() => rmSync(folder, { recursive: true }));

const episodes = readEpisodes();
const add = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const reward = (episode: (typeof episodes)[number]): number | null => {
  const { correct, format } = episode.traces[0].rewards;
  return correct && format && correct.score * correct.weight + format.score * format.weight;
};

/** Length of the common prefix. */
function common(a: readonly number[], b: readonly number[]): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}

const COUNTS = [
  'rollouts',
  'trajectories',
  'flatTokens',
  'distinctTokens',
  'sampledTokens',
  'toolCalls',
  'memoryEvents',
  'toolErrors',
  'compactions',
  'scoredRollouts',
  'successes',
] as const;

describe('the command', () => {
  it('writes the committed bytes again', () => {
    execFileSync(process.execPath, [script, '--out', folder]);
    for (const name of ['orchard.jsonl', 'orchard-chat.jsonl', 'orchard.expected.json']) {
      expect(readFileSync(join(folder, name)).equals(readFileSync(join(SAMPLES, name))), name).toBe(true);
    }
  });

  it('makes other sizes and seeds, and refuses a size that is no number', () => {
    execFileSync(process.execPath, [script, '--out', folder, '--seed', '3', '--tasks', '10', '--rollouts', '2']);
    const lines = readFileSync(join(folder, 'orchard.jsonl'), 'utf8').trimEnd().split('\n').map(parseEpisode);
    expect(lines.length).toBe(20);
    expect(new Set(lines.map(({ task }) => task.data.question)).size).toBe(10);
    expect(() => execFileSync(process.execPath, [script, '--out', folder, '--tasks', 'many'], { stdio: 'pipe' })).toThrow('found "many"');
  });

  it('gives a rollout the same tokens whatever the number of tasks', () => {
    const [one, two] = [1, 2].map((tasks) =>
      [...generate({ seed: '5', tasks, rollouts: 3 })].slice(0, 3).map(({ nodes }) => nodes.map((node) => node.ids)),
    );
    expect(one).toEqual(two);
  });
});

describe('orchard.jsonl', () => {
  it('stays below 2.5 MB', () => {
    expect(readFileSync(join(SAMPLES, 'orchard.jsonl')).length).toBeLessThan(2_500_000);
  });

  it('has arrays that fit together', () => {
    for (const episode of episodes) {
      expect(episode.tokenizer).toBe('o200k_base');
      nodesOf(episode).forEach((node, n) => {
        const sampled = node.mask.filter(Boolean).length;
        expect(node.mask.length).toBe(node.token_ids.length);
        expect(node.is_content.length).toBe(node.token_ids.length);
        expect(node.parent === undefined).toBe(n === 0);
        expect(node.parent ?? -1).toBeLessThan(n);
        expect(node.sampled).toBe(node.message.role === 'assistant');
        expect([sampled > 0, node.logprobs?.length ?? 0, node.entropies?.length ?? 0]).toEqual([node.sampled, sampled, sampled]);
        if (n > 0) expect(node.timestamp).toBeGreaterThanOrEqual(nodesOf(episode)[n - 1].timestamp);
      });
    }
  });

  it('spells each message with its tokens', () => {
    for (const episode of episodes) {
      for (const { message, token_ids, is_content } of nodesOf(episode)) {
        const calls = (message.tool_calls ?? []).map(
          (call) => `<tool_call>\n{"name": "${call.name}", "arguments": ${call.arguments}}\n</tool_call>\n`,
        );
        const whole =
          message.role === 'assistant'
            ? `<think>\n${message.reasoning_content}\n</think>\n${message.content}${calls.join('')}`
            : message.content;
        const spelled = decode(token_ids.filter((_, i) => is_content[i]));
        if (token_ids[token_ids.length - 1] === 200265) expect(spelled).toBe(whole);
        else expect(whole.startsWith(spelled)).toBe(true);
      }
    }
  });

  it('cuts parts where the vocabulary cuts: tokens of the parts are tokens of the whole', () => {
    for (const task of makeTasks(makeWorld(0, '2'))) {
      for (const { utterance } of candidates(task, emptyState(), 40)) {
        expect(utteranceTokens(utterance).slice(0, -1)).toEqual(tokens(partTexts(utterance).join('')));
      }
    }
  });

  it('has policies, faults, compactions and outcomes of every kind', () => {
    const works = episodes.map(({ run }) => `${run.work.policy.start}-${run.work.policy.end}`);
    expect(['40-40', '40-41', '41-41'].map((span) => works.filter((work) => work === span).length)).toEqual([56, 8, 64]);
    const stops = episodes.map(({ traces }) => traces[0].stop_condition);
    expect([...new Set(stops)].sort()).toEqual(['answered', 'error', 'max_tokens', 'max_turns']);
    expect(episodes.filter(({ ok }) => !ok).map(({ traces }) => traces[0].errors.length)).toEqual([1]);
    const turns = episodes.map((episode) => nodesOf(episode).filter((node) => node.sampled).length);
    expect([Math.min(...turns), Math.max(...turns)]).toEqual([2, MAX_TURNS]);
    for (const episode of episodes) {
      const summaries = nodesOf(episode).filter((node) => node.kind === 'summary');
      expect(pathsOf(nodesOf(episode)).length).toBe(1 + summaries.length);
      for (const summary of summaries) expect([summary.parent, summary.sampled]).toEqual([1, false]);
    }
  });
});

describe('orchard.expected.json', () => {
  const expected = readExpected();

  it.each(expected.tasks)('$key', (figures) => {
    const group = episodes.filter(({ task }) => task.key === figures.key);
    const paths = group.flatMap((episode) => pathsOf(nodesOf(episode)));
    const messages = group.flatMap((episode) => nodesOf(episode).map((node) => node.message));
    const rewards = group.map(reward).filter((value) => value !== null);
    const calls = messages.flatMap((message) => message.tool_calls ?? []);
    const sequences = paths.map((path) => path.flatMap((node) => [...node.token_ids]));
    // Distinct tokens without a trie: in sorted order each sequence adds what lies beyond its common prefix with the one before.
    const sorted = sequences.toSorted((a, b) => {
      for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
      return a.length - b.length;
    });
    expect({
      rollouts: group.length,
      trajectories: paths.length,
      flatTokens: add(sequences.map((ids) => ids.length)),
      distinctTokens: add(sorted.map((ids, i) => ids.length - (i === 0 ? 0 : common(sorted[i - 1], ids)))),
      sampledTokens: add(paths.flatMap((path) => path.map((node) => node.logprobs?.length ?? 0))),
      toolCalls: calls.length,
      memoryEvents: calls.filter(({ name }) => name.startsWith('memory_')).length,
      toolErrors: messages.filter((message) => message.is_error).length,
      compactions: paths.length - group.length,
      scoredRollouts: rewards.length,
      successes: group.filter(({ traces }) => traces[0].rewards.correct?.score === 1).length,
    }).toEqual(Object.fromEntries(COUNTS.map((name) => [name, figures[name]])));
    expect(figures.meanReward).toBeCloseTo(add(rewards) / rewards.length, 9);
    const mean = (of: (node: FileNode) => readonly number[] | undefined): number =>
      add(paths.flatMap((path) => path.map((node) => add(of(node) ?? [])))) / paths.length;
    // The file is rounded to 6 digits, the figures are not.
    expect(figures.meanTrajectoryEntropy).toBeCloseTo(
      mean((node) => node.entropies),
      4,
    );
    expect(figures.meanTrajectorySurprisal).toBeCloseTo(-mean((node) => node.logprobs), 4);
  });

  it('has two easy tasks, one that cannot be solved, and mixed ones', () => {
    const rates = Object.fromEntries(expected.tasks.map((task) => [task.key, task.successes / task.rollouts]));
    expect([rates['pear-trees'], rates['frost-oil'], rates['cider-price']]).toEqual([1, 1, 0]);
    expect(Object.values(rates).filter((rate) => rate > 0 && rate < 1).length).toBe(5);
  });

  it('adds the tasks up', () => {
    for (const name of COUNTS) {
      expect(expected.totals[name]).toBe(add(expected.tasks.map((task) => task[name])));
    }
  });
});

describe('orchard-chat.jsonl', () => {
  it('holds the same messages, rewards and tasks, and no log-probs', () => {
    const lines = readFileSync(join(SAMPLES, 'orchard-chat.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBe(episodes.length);
    lines.forEach((line, i) => {
      const record: { id: string; task_id: string; reward: number | null; messages: { role: string; content: string }[] } =
        JSON.parse(line);
      expect([record.id, record.task_id, record.reward]).toEqual([episodes[i].id, episodes[i].task.key, reward(episodes[i])]);
      expect(record.messages.map(({ role, content }) => [role, content])).toEqual(
        nodesOf(episodes[i]).map(({ message }) => [message.role, message.content]),
      );
      expect(line).not.toContain('logprob');
    });
  });
});
