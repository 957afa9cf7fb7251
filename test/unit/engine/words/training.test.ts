import { expect, it } from 'vitest';
import type { ProfileFacts } from '../../../../src/engine/answers/exporting.ts';
import { PROFILES } from '../../../../src/engine/export/profiles/index.ts';
import { trainingOf } from '../../../../src/engine/words/training.ts';

const profile: ProfileFacts = {
  id: 'x',
  label: 'X',
  about: 'x',
  specification: 'docs/training-sets.md',
  fileName: 'x/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  formats: { parquet: { fileName: 'x/train.parquet', mediaType: 'application/vnd.apache.parquet', kind: 'parquet' } },
  needs: [],
  options: [],
  byDefault: false,
  training: [{ trainer: 'T', fileName: null, text: 'train x/train.jsonl MODEL\n' }],
};

const textOf = (written: readonly string[], options = {}): string | undefined =>
  trainingOf([profile], [{ profile: 'x', options }], written)[0]?.lines[0]?.text;

it('names the files that were written', () => {
  expect(textOf(['x/train.jsonl', 'x/validation.jsonl', 'manifest.json'])).toBe('train x/train.jsonl MODEL\n');
  expect(textOf(['x/train.jsonl.gz'])).toBe('train x/train.jsonl.gz MODEL\n');
  expect(textOf(['x/train-00000.jsonl'])).toBe('train x/train-00000.jsonl MODEL\n');
  expect(textOf(['x/train-00000.jsonl.zst', 'x/train-00001.jsonl.zst'])).toBe('train x/train-*.jsonl.zst MODEL\n');
  expect(textOf(['x/train.parquet'], { format: 'parquet' })).toBe('train x/train.parquet MODEL\n');
});

it('says nothing of what was not written, not chosen, or trains with no lines', () => {
  expect(textOf(['manifest.json'])).toBeUndefined();
  expect(trainingOf([profile], [], ['x/train.jsonl'])).toEqual([]);
  expect(trainingOf([{ ...profile, training: undefined }], [{ profile: 'x' }], ['x/train.jsonl'])).toEqual([]);
});

it('finds the file of each profile in its lines', () => {
  for (const { id, training = [] } of PROFILES)
    if (training.length > 0)
      expect(
        training.some(({ text }) => text.includes(id)),
        id,
      ).toBe(true);
});
