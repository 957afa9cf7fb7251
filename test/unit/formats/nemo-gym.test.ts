/** NeMo-Gym logs spell exactly the ids that each model call logged, chained only where they go on from one another. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../../src/core/model/rollout.ts';
import { nemoGym } from '../../../src/formats/nemo-gym.ts';
import { openBytes } from './open.ts';
import { countTrie, idRows } from './tokenised.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const TICTACTOE = 'nemo-gym-pr/resources_servers/tictactoe_env/data/example_rollouts.jsonl';
const WORKPLACE = 'nemo-gym-pr/resources_servers/workplace_assistant_env/data/example_rollouts.jsonl';
const CODING = 'nemo-gym/resources_servers/competitive_coding_challenges/data/example_rollouts.jsonl';

async function rollouts(path: string): Promise<Rollout[]> {
  const { decoded } = await openBytes(readFileSync(DATA + path), path);
  return decoded.flatMap((entry) => (entry.ok ? [entry.rollout] : []));
}

/** Prompt and completion of each call, as the file holds them. */
function loggedCalls(path: string): number[][] {
  return readFileSync(DATA + path, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const { response }: { response: { output: { prompt_token_ids?: number[]; generation_token_ids?: number[] }[] } } = JSON.parse(line);
      return response.output.flatMap(({ prompt_token_ids: prompt, generation_token_ids: completion }) =>
        prompt && completion ? [[...prompt, ...completion]] : [],
      );
    });
}

it('takes log-probs from the text parts of a reply without ids', () => {
  const text = {
    type: 'output_text',
    text: 'ab',
    logprobs: [
      { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] },
      { token: 'b', logprob: -2, bytes: [98], top_logprobs: [] },
    ],
  };
  const record = {
    responses_create_params: { input: 'x' },
    response: { output: [{ type: 'message', role: 'assistant', content: [text] }] },
    reward: 1,
  };
  const [entry] = nemoGym.decode(record, { name: 'a', path: 'a', index: 0, line: 1 });
  const tokens = entry.ok ? entry.rollout.branches[0].events[1].tokens : undefined;
  expect([tokens?.texts, Array.from(tokens?.logprobs ?? [])]).toEqual([
    ['a', 'b'],
    [-1, -2],
  ]);
});

it('takes the calls of tools that the server runs for calls, and names items that it does not know', () => {
  const decode = (...output: object[]) =>
    nemoGym.decode(
      { responses_create_params: { input: 'x' }, response: { output }, reward: 1 },
      { name: 'a', path: 'a', index: 0, line: 1 },
    )[0];
  const answer = { type: 'message', role: 'assistant', content: 'b' };
  const entry = decode({ type: 'web_search_call', id: 'w', action: { query: 'pears' } }, answer);
  expect(entry.ok && entry.rollout.branches[0].events.slice(1)).toMatchObject([
    { sampled: true, parts: [{ kind: 'call', tool: 'web_search', text: '{"query":"pears"}' }] },
    { sampled: true, parts: [{ text: 'b' }] },
  ]);
  expect(decode({ type: 'tea_break', tools: [] }, answer)).toMatchObject({
    ok: false,
    complaint: { found: 'an item of type tea_break at item 0' },
  });
});

describe.skipIf(!existsSync(DATA + TICTACTOE))('real logs', () => {
  it('joins the 9 calls of each game into one branch; the 5 games are the same', async () => {
    const games = await rollouts(TICTACTOE);
    expect(games.map(({ branches }) => branches.length)).toEqual([1, 1, 1, 1, 1]);
    expect(games[0].branches[0].events.filter(({ sampled }) => sampled).length).toBe(9);
    expect(countTrie(idRows(games))).toEqual({ flat: 5 * 496, distinct: 496 });
  });

  it('gives each of 33 calls its own branch where the harness rewrites the history', async () => {
    const work = await rollouts(WORKPLACE);
    const branches = work.flatMap((rollout) => rollout.branches);
    expect(branches.length).toBe(33);
    expect(branches.filter(({ cause }) => cause === 'rewrite').length).toBe(28);
    expect(new Set(work.map(({ task }) => task)).size).toBe(4);
    // A call that the next prompt no longer shows is not told of in that prompt either.
    const told = branches.flatMap(({ events }) => events.filter(({ sampled }) => !sampled)).flatMap(({ parts }) => parts);
    expect(told.some(({ kind }) => kind === 'call')).toBe(false);
  });

  it.each([TICTACTOE, WORKPLACE, CODING])('spells what was logged: %s', async (path) => {
    const { distinct } = countTrie(loggedCalls(path));
    const rows = idRows(await rollouts(path));
    expect(countTrie(rows).distinct).toBe(distinct);
    const spelled = new Set(rows.map((row) => row.join()));
    const longest = loggedCalls(path).filter(
      (row, i, all) => !all.some((other, j) => j !== i && other.length > row.length && row.every((id, k) => other[k] === id)),
    );
    expect(longest.every((row) => spelled.has(row.join()))).toBe(true);
  });

  it('keeps one log-prob per generated id, and none elsewhere', async () => {
    const coded = await rollouts(CODING);
    expect(coded).toHaveLength(5);
    for (const { branches } of coded) {
      const reply = branches[0].events.at(-1)!;
      const { ids, mask, logprobs } = reply.tokens!;
      expect(logprobs!.length).toBe(ids!.length);
      const known = Array.from(logprobs!).map((value) => (Number.isNaN(value) ? 0 : 1));
      expect(known).toEqual(Array.from(mask!));
      expect(reply.parts.map(({ kind }) => kind)).toEqual(['scaffold', 'thinking', 'text']);
      expect(reply.parts.reduce((sum, part) => sum + part.tokenCount!, 0)).toBe(ids!.length);
    }
  });
});
