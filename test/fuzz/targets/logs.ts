/** Every log format, and one more target of each: a text put in the place of a text must be in the tree. */
import type { Format } from '../../../src/formats/format.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { fileOf, frozen, opened } from '../opened.ts';
import { accountsAddUp, forestFits, prunesAlike, textIsInTheTree } from '../promises.ts';
import { resealText } from '../seal.ts';
import { logSeeds } from '../seeds.ts';
import type { Depth, Target } from '../target.ts';

/** Some formats read what the name says of a step or a task. */
export function logTargets(): Target[] {
  return FORMATS.map((format) => logTarget(format));
}

function logTarget({ id }: Format): Target {
  const seeds = logSeeds(id);
  return {
    id: `format ${id}`,
    kind: 'json',
    weight: 3,
    seeds: seeds.map(({ bytes }) => bytes),
    ...(id === 'espalier-forest' ? { seal: resealText } : {}),
    run: (input, depth) => openLog(seeds[0]?.name ?? 'log.jsonl', input, depth),
  };
}

async function openLog(name: string, input: Uint8Array<ArrayBuffer>, depth: Depth): Promise<void> {
  const opening = await opened([fileOf(name, input)], depth > 0);
  accountsAddUp(opening);
  if (depth === 0) return;
  const dataset = frozen(opening);
  forestFits(dataset);
  await textIsInTheTree(dataset);
  if (depth === 2) await prunesAlike([fileOf(name, input)]);
}
