/**
 * Every fixture and every real log, opened as a person drops them: all records are accounted for, and what rollouts say is in the file,
 * byte for byte. `npm run formats` writes docs/formats-seen.md from it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/formats/registry.ts';
import { eachTenth, filesIn, haystackOf, isBinary, openFolder, placeOf, rawContents, type SeenInput } from '../../helpers/formatsSeen.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../../docs/formats-seen.md', import.meta.url));
const WRITE = process.env['ESPALIER_FORMATS'] === 'write';

/** One line of the table. */
interface Row {
  readonly name: string;
  readonly files: number;
  readonly inputs: readonly SeenInput[];
}

/** Texts by how they stand in their files. */
const looked = { whole: 0, pieces: 0, named: 0, lost: 0 };
/** Where a log lacks the prompt, the number that it has for it stands in its place. */
const NUMBERED: ReadonlyMap<string, RegExp> = new Map([['tree-of-thoughts', /^puzzle \d+$/]]);
const rows: { readonly fixtures: Row[]; readonly data: Row[] } = { fixtures: [], data: [] };

/** Opens a folder, holds it to its promises, and returns its inputs. */
async function seen(root: string, files: readonly string[]): Promise<SeenInput[]> {
  const { dataset, inputs } = await openFolder(root, files);
  for (const input of inputs) expect(input).toMatchObject({ records: input.rollouts + input.issues });
  const contents: Uint8Array[] = [];
  for (const file of files) for (const content of await rawContents(Uint8Array.from(readFileSync(file)))) contents.push(content);
  if (contents.some(isBinary)) return inputs;
  const tenth = await eachTenth(dataset);
  const { has } = haystackOf(tenth.length === 0 ? [] : contents);
  const lost: object[] = [];
  for (const { path, format, rollout } of tenth)
    for (const part of rollout.branches.flatMap(({ events }) => events.flatMap(({ parts }) => parts))) {
      const place = NUMBERED.get(format)?.test(part.text) === true ? 'named' : placeOf(part, has);
      looked[place]++;
      if (place === 'lost') lost.push({ path, kind: part.kind, text: part.text.slice(0, 200) });
    }
  expect(lost).toEqual([]);
  return inputs;
}

describe.each(readdirSync(FIXTURES).filter((name) => FORMATS.some(({ id }) => id === name)))('fixtures of %s', (id) => {
  it('are accounted for, and hold what is read back', async () => {
    const files = filesIn(join(FIXTURES, id)).filter((path) => !path.endsWith('.expected.json'));
    rows.fixtures.push({ name: id, files: files.length, inputs: await seen(FIXTURES, files) });
  });
});

const listed = existsSync(join(DATA, 'MANIFEST.tsv'))
  ? readFileSync(join(DATA, 'MANIFEST.tsv'), 'utf8')
      .split('\n')
      .slice(1)
      .filter((line) => line !== '')
      .map((line) => line.split('\t'))
      .map(([path = '', , format = '']) => ({ path, format }))
  : [];
const folders = [...new Set(listed.map(({ path }) => path.split('/')[0] ?? ''))].toSorted();

describe.skipIf(folders.length === 0).each(folders.length === 0 ? ['none'] : folders)('real logs in %s', (folder) => {
  it('are accounted for, and hold what is read back', { timeout: 120_000 }, async () => {
    const inputs = await seen(DATA, filesIn(join(DATA, folder)));
    const own = listed.filter(({ path }) => path.startsWith(`${folder}/`));
    for (const name of new Set(own.map(({ format }) => format))) {
      const files = own.filter(({ format }) => format === name).map(({ path }) => path);
      rows.data.push({ name, files: files.length, inputs: inputs.filter(({ path }) => formatOf(path, own) === name) });
    }
  });
});

/** By the longest path that the manifest has for it: members stand behind their archive, and bound files at their folder. */
function formatOf(path: string, own: readonly { path: string; format: string }[]): string | undefined {
  const at = own.filter((each) => path === each.path || path.startsWith(`${each.path}/`));
  return (at[0] ?? own.find((each) => each.path.startsWith(`${path}/`)))?.format;
}

afterAll(() => {
  if (WRITE && folders.length > 0) writeFileSync(DOCUMENT, tableDocument());
});

function tableDocument(): string {
  const known = new Map(FORMATS.map(({ id, label }) => [id, label]));
  const head = '| files of | files | records | used | issues | read as | what issues say |\n|---|---:|---:|---:|---:|---|---|\n';
  const table = (given: readonly Row[]): string => {
    const merged = new Map<string, Row>();
    for (const { name, files, inputs } of given) {
      const before = merged.get(name);
      merged.set(name, { name, files: files + (before?.files ?? 0), inputs: [...(before?.inputs ?? []), ...inputs] });
    }
    const lines = [...merged.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(rowText);
    return `${head}${lines.join('')}`;
  };
  const fixtures = rows.fixtures.map((row) => ({ ...row, name: `${known.get(row.name) ?? ''} (\`${row.name}\`)` }));
  return `# Formats, as they were seen

Written by \`npm run formats\`, by opening every file as one drop of its folder: the fixtures of this repository, and real logs from public
repositories that lie beside it and are not part of it. Records = used + issues, for every file. Files that are no logs (settings,
pictures, indices) are issues that say so.

Of one rollout in ten each text was looked up in its file: ${exact(looked.whole)} stand there byte for byte as one;
${exact(looked.pieces)} in pieces, which are calls that models wrote in marks of their own (by argument), and texts put together of
several (by line); ${exact(looked.named)} are the number of a prompt that the log lacks; ${exact(looked.lost)} are not there.
Folders with Parquet or pickles are left out of this: nothing can be looked up in them, and their readers have tests of their own.

## Fixtures

${table(fixtures)}
## Real logs, by the manifest's names

${table(rows.data)}`;
}

function exact(count: number): string {
  return count.toLocaleString('en');
}

function rowText({ name, files, inputs }: Row): string {
  const sum = (count: (input: SeenInput) => number): number => inputs.reduce((total, input) => total + count(input), 0);
  const formats = [...new Set(inputs.flatMap(({ format, rollouts }) => (format === null || rollouts === 0 ? [] : [format])))].toSorted();
  const codes = new Map<string, number>();
  for (const code of inputs.flatMap((input) => input.codes)) codes.set(code, (codes.get(code) ?? 0) + 1);
  const said = [...codes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${code} ${count}`);
  const cells = [name, files, sum(({ records }) => records), sum(({ rollouts }) => rollouts), sum(({ issues }) => issues)];
  return `| ${[...cells, formats.join(', ') || '—', said.join(', ') || '—'].join(' | ')} |\n`;
}
