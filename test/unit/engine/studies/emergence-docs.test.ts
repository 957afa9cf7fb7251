/**
 * docs/emergence.md has the figures that the study finds: of the bundled sample always, of real logs where `npm run emergence` wrote them
 * (ESPALIER_EMERGENCE=write), which needs them beside this repository.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { emergenceSection, type MeasuredLog } from '../../../helpers/emergenceDocs.ts';
import { inputFile } from '../../../helpers/openSession.ts';

const DATA = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../../../docs/emergence.md', import.meta.url));
const WRITE = process.env['ESPALIER_EMERGENCE'] === 'write';
const MADE = '<!-- made by `npm run emergence` -->';

const SAMPLE: MeasuredLog = {
  title: 'The bundled sample',
  about:
    '`public/samples/orchard.jsonl`, written by a generator (`scripts/sample`) and no model: its versions 40 and 41 differ by chance ' +
    'alone, so any change between them is noise, or the generator’s.',
  files: [inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))],
  ends: null,
};

/** Logs of JSON and JSONL below a folder. */
function filesBelow(folder: string): MeasuredLog['files'] {
  return readdirSync(join(DATA, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.jsonl?$/.test(path))
    .sort()
    .map((path) => inputFile(`${folder.split('/').at(-1)}/${path}`, readFileSync(join(DATA, folder, path))));
}

const real = (): MeasuredLog[] => [
  {
    title: 'τ²-bench, airline',
    about:
      'All results of the airline domain that its repository and its leaderboard hold (`tau2-bench`, MIT): nine models, one of them a ' +
      'fine-tune of `gpt-4.1` on τ²-bench (SFT, not RL). The change is from `gpt-4.1` to that fine-tune: the nearest to a training step ' +
      'that we have.',
    files: filesBelow('tau2-bench'),
    ends: ['gpt-4.1', ':BzrYdMNm'],
  },
  {
    title: 'Verifiers, wiki-search',
    about:
      'Evaluations that come with the `verifiers` environments (MIT): seven models on the same questions with the same tools. The ' +
      'change is from `gpt-4.1-nano` to `gpt-5`: two models, and no training step between them.',
    files: filesBelow('verifiers-evals/wiki_search'),
    ends: ['wiki-search--gpt-4.1-nano/50fa4920/results.jsonl', 'wiki-search--gpt-5/73850758/results.jsonl'],
  },
];

it('is what the study finds in the sample', async () => {
  const section = await emergenceSection(SAMPLE);
  const text = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
  if (WRITE) return;
  expect(text).toContain(section);
}, 60_000);

it.runIf(WRITE)(
  'is written',
  async () => {
    const [before] = readFileSync(DOCUMENT, 'utf8').split(MADE);
    const sections: string[] = [];
    for (const log of [SAMPLE, ...real()]) sections.push(await emergenceSection(log));
    writeFileSync(DOCUMENT, `${before}${MADE}\n\n${sections.join('\n').trimEnd()}\n`);
  },
  600_000,
);
