/** No order of arguments, of drops or of workers' replies changes a byte of anything that is written. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import type { InputFile } from '../../../src/engine/input-file.ts';
import { makeSession } from '../../../src/engine/session.ts';
import { loadTokenizer } from '../../../src/engine/tokenizers/load.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';
import { inputFile } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';
import { sessionState } from '../../helpers/sessionState.ts';
import { unorderedPool } from '../../helpers/unorderedPool.ts';

const turn = (id: string, task: string, answer: string): string =>
  JSON.stringify({
    id,
    task_id: task,
    messages: [
      { role: 'user', content: `${task}?` },
      { role: 'assistant', content: answer },
    ],
  });
const tauBench = (answer: string): string =>
  JSON.stringify({
    task_id: 0,
    reward: 1,
    trial: 0,
    info: {},
    traj: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: answer },
    ],
  });
const { tokenizer } = await loadTokenizer({ kind: 'o200k_base' });
const idsOf = (text: string): number[] => Array.from(tokenizer.encode(text));
/** A rollout with logged ids, of its own texts or of any others. */
const logged = (
  task: string,
  ids: { readonly prompt: readonly number[]; readonly completion: readonly number[] },
  thought: string,
): string =>
  JSON.stringify({
    example_id: task,
    reward: 1,
    metrics: {},
    prompt: [{ role: 'user', content: 'Where is the mill?' }],
    completion: [{ role: 'assistant', content: 'By the river.', reasoning_content: thought }],
    trajectory: [{ tokens: { prompt_ids: ids.prompt, completion_ids: ids.completion } }],
  });
/** Ids that do not say their texts: after some of these a parser used to look for no text any more, also where ids say it. */
const foreign = Array.from({ length: 40 }, (_, i) => logged(`f${i}`, { prompt: [i + 1, 2, 3], completion: [5, 6, i + 7] }, 'So.')).join(
  '\n',
);
const own = Array.from({ length: 8 }, (_, i) => {
  const thought = `It was ${i}.`;
  return logged(`o${i}`, { prompt: idsOf('Where is the mill?'), completion: idsOf(`${thought} By the river.`) }, thought);
}).join('\n');

/** Several formats, packed and not; names that are equal, also of unequal content; ids that are equal; broken lines. */
const FILES: readonly InputFile[] = [
  inputFile('r.jsonl', `${turn('same', 'pears', 'Yes.')}\n${turn('same', 'pears', 'No.')}\n{"broken`),
  inputFile('r.jsonl', `${turn('same', 'pears', 'No.')}\n${turn('other', 'plums', 'Soon.')}\nnot json\n`),
  inputFile('r.jsonl', `${turn('same', 'pears', 'No.')}\n${turn('other', 'plums', 'Late.')}\nnot json\n`),
  inputFile('a/t.json', tauBench('from a')),
  inputFile('b/t.json', tauBench('from b')),
  inputFile('b/t.json', tauBench('from b')),
  inputFile('packed.jsonl.gz', gzipSync(`${turn('same', 'plums', 'Packed.')}\n`)),
  inputFile('foreign.jsonl', foreign),
  inputFile('own.jsonl', own),
  inputFile('verl.jsonl', readFileSync('test/fixtures/verl/12.jsonl')),
  inputFile('areal.jsonl', readFileSync('test/fixtures/areal/0.jsonl')),
  inputFile('groups.jsonl', readFileSync('test/fixtures/atropos/groups.jsonl')),
];

async function stateOf(files: readonly InputFile[], workers: number, seed: number): Promise<string> {
  const session = makeSession({ pool: unorderedPool(workers, seed), unpack });
  await session.open(files, DEFAULT_OPEN_SETTINGS, () => undefined);
  const { files: written, ...state } = await sessionState(session);
  return JSON.stringify({ ...state, written: [...(written as Map<string, string>)] });
}

it('writes the same bytes for every order of inputs and any number of workers', async ({ task }) => {
  const expected = await stateOf(FILES, 1, 0);
  const order = fc.shuffledSubarray([...FILES], { minLength: FILES.length });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(order, fc.constantFrom(1, 2, 3, 8), fc.nat(1000), async (files, workers, seed) => {
      runs++;
      expect(await stateOf(files, workers, seed)).toBe(expected);
    }),
    { numRuns: 24 },
  );
  proven(task, {
    part: 'Input',
    fault: 'Inputs come in another order, with equal names and ids, and workers answer in another one',
    happened: `${runs} orders of ${FILES.length} inputs by 1 to 8 workers: the same bytes in every export, manifest and answer`,
  });
});

it('writes the same bytes for all orders of four inputs of which three have one name', async () => {
  const four = FILES.slice(0, 4);
  const states = new Set<string>();
  for (const order of permutations([0, 1, 2, 3]))
    states.add(
      await stateOf(
        order.map((i) => four[i]),
        2,
        order[0],
      ),
    );
  expect(states.size).toBe(1);
});

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first) => permutations(items.filter((each) => each !== first)).map((rest) => [first, ...rest]));
}
