/** Logs read with the tokenizer.json that made their ids, and how they reach a model. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import type { DatasetFacts } from '../../../../src/engine/answers/dataset.ts';
import type { ScoreEstimate } from '../../../../src/engine/score/scoring.ts';
import { leaveOutBeyond } from '../../../../src/engine/score/leave-out.ts';
import { loadBundle } from '../../../../src/engine/score/model-folder.ts';
import { makeLocalPool } from '../../../../src/engine/pool.ts';
import { makeSession } from '../../../../src/engine/session.ts';
import { loadHuggingFace } from '../../../../src/engine/tokenizers/hugging-face.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { makeNodeScorer } from '../../../../src/platform/node/scorer.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { inputFile } from '../../../helpers/openSession.ts';
import { qwenTokenizerJson } from '../../../helpers/qwenTokenizer.ts';
import { changedFolder, quiet, TINY_LM, tinyBundle } from '../../../helpers/tinyLm.ts';

const PROMPT = 'Where is the ladder of the orchard?';
const ANSWER = 'The agent read the file and found the ladder.';

async function estimate(log: unknown, json: string): Promise<{ facts: DatasetFacts; estimate: ScoreEstimate }> {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack, scorer: makeNodeScorer(pathToFileURL(`${TINY_LM}/`)) });
  const tokenizer = { kind: 'huggingface', name: 'own', json } as const;
  const bytes = Buffer.from(JSON.stringify(log));
  const facts = await session.open([inputFile('log.jsonl', bytes)], { ...DEFAULT_OPEN_SETTINGS, tokenizer }, quiet);
  expect(facts.issues).toBe(0);
  await session.score.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, quiet);
  return { facts, estimate: await session.score.estimate('all') };
}

it('text without a chat template reaches the model that the tokenizer belongs to as its own ids, all of which it has', async () => {
  const messages = [
    { role: 'user', content: PROMPT },
    { role: 'assistant', content: ANSWER },
  ];
  const { facts, estimate: made } = await estimate({ messages }, (await tinyBundle()).tokenizer.json);
  expect(made).toMatchObject({ ok: true, by: 'ids', tokens: facts.tokens.distinct });
});

describe('ids that are cut into messages by their marks', () => {
  const json = qwenTokenizerJson();
  const ids = (text: string): number[] => Array.from(loadHuggingFace('qwen', json, undefined).tokenizer.encodeMarked!(text));
  const log = (spell: (text: string) => number[], content = PROMPT): unknown => ({
    _ng_task_index: 0,
    reward: 1,
    responses_create_params: { input: [{ role: 'user', content }] },
    response: {
      id: 'r0',
      object: 'response',
      output: [
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: ANSWER, annotations: [] }],
          prompt_token_ids: spell(`<|im_start|>user\n${PROMPT}<|im_end|>\n<|im_start|>assistant\n`),
          generation_token_ids: spell(`${ANSWER}<|im_end|>`),
          generation_log_probs: spell(`${ANSWER}<|im_end|>`).map(() => -1),
        },
      ],
    },
  });

  it('are cut, and reach another model as text where they read as what the log says', async () => {
    expect(ids('<|im_start|>user\n')).toEqual([151644, 872, 198]);
    const { facts, estimate: made } = await estimate(log(ids), json);
    expect(facts.issues).toBe(0);
    expect(made).toMatchObject({ ok: true, by: 'text', unknown: 0 });
  });

  it('are refused where they do not', async () => {
    // Every letter of the words is another one, the marks are as they were.
    const shifted = (text: string): number[] => ids(text).map((id) => (id >= 97 && id <= 122 ? 97 + ((id - 96) % 26) : id));
    const { estimate: made } = await estimate(log(shifted), json);
    expect(made.ok ? 'taken' : made.reason).toMatch(/^the log holds token ids that neither own [0-9a-f]{8} nor tiny-lm [0-9a-f]{8} made/);
  });
});

describe('a mark that the model has no token for', () => {
  const withMarks =
    (content: string, id: number) =>
    (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
      const json = JSON.parse(new TextDecoder().decode(bytes)) as { added_tokens: unknown[] };
      json.added_tokens.push({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });
      return new TextEncoder().encode(JSON.stringify(json));
    };

  it('does not keep the model from being read, as one of its own words does', async () => {
    const load = async (change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): Promise<string> => {
      const loaded = await loadBundle(changedFolder({ 'tokenizer.json': change }), null, quiet, new AbortController().signal);
      return loaded.ok ? 'read' : loaded.reason;
    };
    expect(await load(withMarks('<image>', 512))).toBe('read');
    expect(
      await load((bytes) => {
        const json = JSON.parse(new TextDecoder().decode(bytes)) as { model: { vocab: Record<string, number> } };
        json.model.vocab['beyond'] = 512;
        return new TextEncoder().encode(JSON.stringify(json));
      }),
    ).toBe('tiny-lm: the tokenizer has ids up to 512, but the model has 512 tokens: they do not belong together');
  });

  it('leaves out its tokens and all behind them, and says how many', () => {
    // Node 0 holds 0..2, its children 3..5 and 6..7, and 8 is below the first of these.
    const forest = {
      length: 4,
      parent: Int32Array.of(-1, 0, 1, 0),
      edgeStart: Int32Array.of(0, 3, 6, 7, 9),
      edgeTokens: Int32Array.of(1, 2, 3, 4, 512, 5, 6, 7, 8),
    };
    const tokenizer = { name: 't', encode: () => [], bytes: (id: number) => (id > 512 ? null : Uint8Array.of(1)) };
    const wanted = Uint8Array.of(0, 1, 1, 1, 1, 0, 1, 1, 1);
    const other = new Uint8Array(9).fill(1);
    expect(leaveOutBeyond(forest, [wanted, other], tokenizer, 512)).toEqual([
      "token ids above the model's 512: 1, left out with what follows them (2 to score)",
    ]);
    expect([...wanted]).toEqual([0, 1, 1, 1, 0, 0, 0, 1, 1]);
    expect([...other]).toEqual([1, 1, 1, 1, 0, 0, 0, 1, 1]);
    forest.edgeTokens[8] = 600;
    expect(leaveOutBeyond(forest, [wanted], tokenizer, 512)).toBe("the log holds ids above the model's 512 tokens");
  });
});

it('says where a library tokenises the log for the model, and nothing where our own encoder does', async () => {
  const notes = async (change: (preTokenizer: unknown) => unknown): Promise<string[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'espalier-encoder-'));
    cpSync(TINY_LM, folder, { recursive: true });
    const file = join(folder, 'tokenizer.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as { pre_tokenizer: unknown };
    writeFileSync(file, JSON.stringify({ ...json, pre_tokenizer: change(json.pre_tokenizer) }));
    const session = makeSession({ pool: makeLocalPool(openHandle), unpack, scorer: makeNodeScorer(pathToFileURL(`${TINY_LM}/`)) });
    const log = Buffer.from(JSON.stringify({ messages: [{ role: 'assistant', content: ANSWER }] }));
    await session.open([inputFile('log.jsonl', log)], DEFAULT_OPEN_SETTINGS, quiet);
    await session.score.load({ model: { kind: 'folder', path: folder }, executor: 'auto', dtype: null }, quiet);
    const made = await session.score.estimate('sampled');
    rmSync(folder, { recursive: true });
    if (!made.ok) throw new Error(made.reason);
    expect(made.by).toBe('text');
    return made.notes.filter((note) => note.includes('encoder'));
  };
  const digits = { type: 'Digits', individual_digits: true };
  expect(await notes((own) => own)).toEqual([]);
  expect(await notes((own) => ({ type: 'Sequence', pretokenizers: [digits, own] }))).toEqual([
    expect.stringContaining("text becomes the model's tokens by @huggingface/tokenizers"),
  ]);
});
