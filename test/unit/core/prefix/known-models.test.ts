/** Models by name and by shape. */
import { expect, it } from 'vitest';
import { KNOWN_MODELS, parseTrainedModel } from '../../../../src/core/prefix/known-models.ts';

it('have a name, a source and whole numbers each', () => {
  expect(new Set(KNOWN_MODELS.map(({ id }) => id)).size).toBe(KNOWN_MODELS.length);
  for (const { id, parameters, layers, width, keyWidth, context, source } of KNOWN_MODELS) {
    expect(parseTrainedModel(id.toUpperCase())).toMatchObject({ ok: true, value: { id, parameters } });
    for (const value of [layers, width, keyWidth, context]) expect(Number.isInteger(value) && value > 0).toBe(true);
    // Heads of keys are shared by several of queries.
    expect(width % keyWidth).toBe(0);
    expect(source).toMatch(/^https:\/\/huggingface\.co\/[\w-]+\/[\w.-]+$/);
  }
});

it('are read as a shape, keys as wide as queries unless it says', () => {
  expect(parseTrainedModel('8e9,32,4096')).toEqual({ ok: true, value: { parameters: 8e9, layers: 32, width: 4096, keyWidth: 4096 } });
  expect(parseTrainedModel(' 1, 2, 3, 4 ')).toEqual({ ok: true, value: { parameters: 1, layers: 2, width: 3, keyWidth: 4 } });
  for (const text of ['', 'gpt', '1,2', '0,1,1', '1,-1,1', '1,1,1,', '1,1,1,x', '1,1,1,1,1', 'Infinity,1,1'])
    expect(parseTrainedModel(text)).toMatchObject({ ok: false });
});
