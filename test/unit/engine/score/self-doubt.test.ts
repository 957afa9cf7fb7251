/** A sound model raises no doubt; one whose scores look where they must not raises the one that fits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForwardRequest, LanguageModel } from '../../../../src/core/score/language-model.ts';
import { selfDoubts } from '../../../../src/engine/score/self-doubt.ts';
import { startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { tinyBundle } from '../../../helpers/tinyLm.ts';

const TOKENS = Int32Array.from({ length: 24 }, (_, i) => (17 * i + 3) % 256);
let model: LanguageModel;
beforeAll(async () => {
  model = await startNodeModel(await tinyBundle());
});
afterAll(() => model.dispose());

/** The model with its requests changed. */
const bent = (change: (request: ForwardRequest) => ForwardRequest): LanguageModel => ({
  ...model,
  forward: (request) => model.forward(change(request)),
});

describe('selfDoubts', () => {
  it('are none of a sound model, nor of one token', async () => {
    expect(await selfDoubts(model, TOKENS)).toEqual([]);
    expect(await selfDoubts(model, TOKENS.subarray(0, 1))).toEqual([]);
  });

  it.each<[string, (request: ForwardRequest) => ForwardRequest]>([
    ['how a text is cut into requests', (request) => ({ ...request, past: null, pastLength: 0 })],
    [
      'the texts beside a text',
      (request) => (request.rows === 1 ? request : { ...request, queryAt: request.queryAt.map((at) => at % request.width) }),
    ],
    [
      'what comes after a token',
      (request) => ({ ...request, tokens: request.tokens.map((id, i) => (i % request.width === 0 ? (request.tokens.at(-1) ?? id) : id)) }),
    ],
  ])('tell of %s', async (what, change) => {
    const doubts = await selfDoubts(bent(change), TOKENS);
    expect(doubts.find((doubt) => doubt.startsWith(`scores depend on ${what}: by up to `))).toBeDefined();
  });
});
