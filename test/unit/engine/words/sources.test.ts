/** What is said of the facts about sources, where a person reads them and in files. */
import { expect, it } from 'vitest';
import { entropyText, presetText, sourceText, suitedText, tokenText } from '../../../../src/engine/words/sources.ts';

const origin = { tokenizer: 'o200k_base', logged: 0, text: 0, isVerified: false, isForest: false };
const model = { name: 'tiny', dtype: 'fp16', devices: [{ on: 'wasm', adapter: null, threads: 2 }] };

it('says what trees were built on', () => {
  expect(tokenText(origin)).toBe('none');
  expect(tokenText({ ...origin, text: 5 })).toBe('o200k_base on text');
  expect(tokenText({ ...origin, logged: 5 })).toBe('logged ids');
  expect(tokenText({ ...origin, logged: 5, isVerified: true })).toBe('logged ids (read as o200k_base)');
  expect(tokenText({ ...origin, logged: 1, text: 2 })).toBe('logged ids for 33.3 % of tokens, o200k_base on text for the rest');
  expect(tokenText({ ...origin, isForest: true })).toBe('ids of a forest export (read as o200k_base)');
});

it('says where entropy comes from, a model by its name', () => {
  const both = [
    { source: 'logged', tokens: 3 },
    { source: 'model', tokens: 1 },
  ] as const;
  expect(entropyText({ sources: [], model: null, modelScale: 1 })).toBe('none');
  expect(entropyText({ sources: both, model, modelScale: 1 })).toBe('logged + model: tiny (fp16, wasm, 2 threads)');
  expect(entropyText({ sources: both, model, modelScale: 1 }, ({ name }) => name)).toBe('logged + tiny');
  expect(sourceText({ source: 'model', model, modelScale: 0.2468 }, ({ name }) => name)).toBe('tiny × 0.247');
  expect(sourceText({ source: 'combined', model, modelScale: 0.2468 }, ({ name }) => name)).toBe('log with tiny × 0.247');
  expect(sourceText({ source: 'mixed', model: null, modelScale: 1 })).toBe('mixed');
});

const suited = {
  preset: 'sft',
  because: 'successes-known',
  contrastingTasks: 2,
  successes: 40,
  rewarded: 118,
  shared: 0,
  flat: 1,
} as const;

it('says which preset a log opens on, and why', () => {
  const text = (change: object): string => presetText({ ...suited, target: 'cut', ...change }, 'SFT');
  expect(text({})).toBe('SFT: 40 of 118 rollouts with a reward have one above 0; the others are left out of training.');
  expect(text({ because: 'no-success', successes: 0 })).toContain('nothing would be trained');
  expect(text({ because: 'no-rewards' })).toContain('no rewards');
  expect(text({ because: 'policy-log-with-contrast' })).toContain('rewards differ within 2 tasks');
});

it('says why a log suits its target', () => {
  expect(suitedText({ ...suited, target: 'cut', shared: 0.5, flat: 12_000 })).toBe(
    '50.0 % of 12,000 tokens are shared between trajectories, so cutting branches saves forward work.',
  );
  expect(suitedText({ ...suited, target: 'train', shared: 0, flat: 7 })).toContain('choosing what to train on fits better');
});
