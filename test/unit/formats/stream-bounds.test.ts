/** Streams whose chunks all bring members of their own: what is made while they are joined grows with them, not with its square. */
import { Session } from 'node:inspector/promises';
import { expect, it } from 'vitest';
import { foldAnthropic } from '../../../src/formats/fold-anthropic.ts';
import { foldSglang } from '../../../src/formats/fold-generate.ts';
import { foldGemini } from '../../../src/formats/gemini-replies.ts';

interface Sampled {
  readonly selfSize: number;
  readonly children: readonly Sampled[];
}

/** Bytes of all objects that are made in a run, those that are no longer used too. */
async function bytesMade(run: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 256,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  run();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  const sum = ({ selfSize, children }: Sampled): number => children.reduce((total, child) => total + sum(child), selfSize);
  return sum(profile.head);
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const candidate = (member: object): object => ({ candidates: [member] });
const token = (i: number): object => ({ token: `t${i}`, tokenId: i, logProbability: 0 });

it.each<[string, (values: readonly unknown[]) => unknown, (i: number) => unknown]>([
  ['chunks of Gemini', foldGemini, (i) => ({ [`k${i}`]: i, ...candidate({}) })],
  ['candidates of Gemini', foldGemini, (i) => candidate({ [`k${i}`]: i })],
  ['contents of Gemini', foldGemini, (i) => candidate({ content: { [`k${i}`]: i, parts: [] } })],
  ['texts of Gemini', foldGemini, (i) => candidate({ content: { parts: [{ text: 'x', [`k${i}`]: i }] } })],
  ['log-probs of Gemini', foldGemini, (i) => candidate({ logprobsResult: { chosenCandidates: [token(i)], topCandidates: [token(i)] } })],
  ['chunks of SGLang', foldSglang, (i) => ({ text: 'x', meta_info: {}, [`k${i}`]: i })],
  ['openings of Anthropic', foldAnthropic, (i) => ({ type: 'message_start', message: { [`k${i}`]: i } })],
  ['endings of Anthropic', foldAnthropic, (i) => ({ type: 'message_delta', delta: { [`k${i}`]: i } })],
])('%s are joined with little more than their own size', async (_, fold, make) => {
  const values = range(2400).map(make);
  fold(values.slice(0, 400));
  // Some 2 KB for each, at most 12; where what is there is copied for each, 50 KB or more.
  expect(await bytesMade(() => fold(values))).toBeLessThan(16384 * values.length);
});

it('what chunks bring under any name is kept as it was said last', () => {
  const own = JSON.parse('{"__proto__": {"polluted": 1}, "a": 1}') as object;
  for (const folded of [foldSglang([{ a: 0 }, own]), foldGemini([{ a: 0 }, own])]) {
    expect(Object.keys(folded)).toEqual(expect.arrayContaining(['__proto__', 'a']));
    expect(Object.getPrototypeOf(folded)).toBe(Object.prototype);
    expect(folded['a']).toBe(1);
  }
});
