/** That what is written comes out where readers of a batch look for it. */
import { expect, it } from 'vitest';
import { CHANNELS } from '../../../../src/core/model/batch.ts';
import { KIND } from '../../../../src/core/model/kinds.ts';
import { makeBatchWriter, type BatchWriter } from '../../../../src/core/tokens/batch-writer.ts';

function begun(): BatchWriter {
  const writer = makeBatchWriter();
  writer.beginTrajectory(0, 0, NaN, NaN);
  writer.beginSegment(KIND.text, 0, undefined, null);
  return writer;
}

it.each(CHANNELS)('puts %s into its own column', (channel) => {
  const writer = begun();
  writer.addTokens([5, 6], 0, 2);
  writer.setChannel(channel, 1, 0.5);
  const { channels } = writer.finish();
  expect(channels.map((column) => column && Array.from(column))).toEqual(CHANNELS.map((name) => (name === channel ? [NaN, 0.5] : null)));
});

it('adds runs of any length and any part of a run, from arrays and from columns', () => {
  const ids = Array.from({ length: 300 }, (_, i) => i);
  for (const source of [ids, Int32Array.from(ids)]) {
    const writer = begun();
    const expected: number[] = [];
    for (const [from, to] of [
      [0, 300],
      [0, 3],
      [290, 300],
      [7, 207],
      [0, 0],
    ]) {
      writer.addTokens(source, from, to);
      expected.push(...ids.slice(from, to));
    }
    writer.addToken(9);
    expect(Array.from(writer.finish().tokens)).toEqual([...expected, 9]);
  }
});

it('takes what stands for an unknown log-prob for none', () => {
  const writer = begun();
  writer.addTokens([5, 6, 7, 8, 9], 0, 5);
  writer.setLogprobs(0, [-0.5, -9999, -Infinity, NaN, -9998]);
  writer.setLogprobs(3, [NaN]);
  const { channels } = writer.finish();
  expect(channels.map((column) => column && Array.from(column))).toEqual(
    CHANNELS.map((name) => (name === 'surprisal' ? [0.5, NaN, NaN, NaN, 9998] : null)),
  );
});
