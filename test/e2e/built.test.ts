/** The built page has each large thing once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ASSETS = 'dist/assets';
const assets = readdirSync(ASSETS);

it('has the vocabulary of o200k_base in one file, which the workers share', () => {
  const holding = (words: string): string[] =>
    assets.filter((name) => name.endsWith('.js') && readFileSync(join(ASSETS, name), 'utf8').includes(words));
  // A token of the vocabulary that no other text of the page has in it.
  const vocabularies = holding(' unconstitutional');
  expect(vocabularies).toHaveLength(1);
  expect(holding(vocabularies[0]!).length).toBeGreaterThan(1);
});

it('has the two builds of ONNX Runtime that browsers choose from, and no third', () => {
  const builds = assets
    .filter((name) => name.startsWith('ort-') && name.endsWith('.wasm'))
    .map((name) => name.split('.')[1]?.split('-')[0]);
  expect(builds.toSorted()).toEqual(['asyncify', 'jspi']);
});
