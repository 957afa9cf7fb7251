import { beforeAll, describe, expect, it } from 'vitest';
import type { Tokenizer } from '../../../../src/core/tokens/tokenizer.ts';
import { pathToFileURL } from 'node:url';
import type { ScoreEstimate } from '../../../../src/engine/score/scoring.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenSettings } from '../../../../src/engine/answers/opening.ts';
import { makeLocalPool } from '../../../../src/engine/pool.ts';
import { makeSession } from '../../../../src/engine/session.ts';
import { loadHuggingFace } from '../../../../src/engine/tokenizers/hugging-face.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { makeNodeScorer } from '../../../../src/platform/node/scorer.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { inputFile } from '../../../helpers/openSession.ts';
import { quiet, TINY_LM, tinyBundle } from '../../../helpers/tinyLm.ts';

let json: string;
let tiny: Tokenizer;
beforeAll(async () => {
  ({ json } = (await tinyBundle()).tokenizer);
  tiny = loadHuggingFace('tiny', json, undefined).tokenizer;
});

/** A NeMo-Gym rollout: the ids of a prompt and a generation beside their text. */
function withIds(task: number, prompt: string, answer: string, spell: (text: string) => readonly number[]): string {
  const ids = { prompt_token_ids: spell(prompt), generation_token_ids: spell(answer), generation_log_probs: spell(answer).map(() => -1) };
  return JSON.stringify({
    _ng_task_index: task,
    reward: 1,
    responses_create_params: { input: [{ role: 'user', content: prompt }] },
    response: {
      id: `r${task}`,
      object: 'response',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answer, annotations: [] }], ...ids }],
    },
  });
}

async function estimate(log: string, settings: Partial<OpenSettings> = {}): Promise<{ estimate: ScoreEstimate; tokens: number }> {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack, scorer: makeNodeScorer(pathToFileURL(`${TINY_LM}/`), 1, []) });
  const facts = await session.open([inputFile('log.jsonl', Buffer.from(log))], { ...DEFAULT_OPEN_SETTINGS, ...settings }, quiet);
  expect(facts.issues).toBe(0);
  await session.score.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, quiet);
  return { estimate: await session.score.estimate('sampled'), tokens: facts.tokens.distinct };
}

const ids = (text: string): number[] => Array.from(tiny.encode(text));
const shifted = (text: string): number[] => ids(text).map((id) => (id + 7) % 500);
const PROMPT = 'Where is the ladder of the orchard?';
const ANSWER = 'The agent read the file and found the ladder.';

describe('how a log reaches the model', () => {
  it("as its own ids, where they read in the model's tokenizer as the log's text", async () => {
    const { estimate: made, tokens } = await estimate(withIds(0, PROMPT, ANSWER, ids));
    // All but the last token, and the start token.
    expect(made).toMatchObject({ ok: true, by: 'ids', tokens, distinct: tokens - 1, reanchored: 1 });
  });

  it("as its own ids, where the session reads with the model's tokenizer", async () => {
    expect(
      (await estimate(withIds(0, PROMPT, ANSWER, ids), { tokenizer: { kind: 'huggingface', name: 'tiny', json } })).estimate,
    ).toMatchObject({ ok: true, by: 'ids' });
  });

  it('not at all, where nobody knows the ids', async () => {
    const { estimate: made } = await estimate(withIds(0, PROMPT, ANSWER, shifted));
    expect(made.ok ? 'taken' : made.reason).toMatch(/^the log holds token ids that neither o200k_base nor tiny-lm [0-9a-f]{8} made/);
  });
});
