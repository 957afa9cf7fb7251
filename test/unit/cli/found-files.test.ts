/** Folders and files that links lead to: read once, under a name that no order decides. */
import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { open } from '../../../src/cli/api.ts';
import { filesAt } from '../../../src/cli/found-files.ts';
import { proven } from '../../helpers/proven.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'espalier-test-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const LINE = `${JSON.stringify({
  messages: [
    { role: 'user', content: 'Which plums?' },
    { role: 'assistant', content: 'The ripe ones.' },
  ],
})}\n`;

/** A folder of these files; what begins with `->` is a symbolic link, with `=` a hard link to a file before it. */
function folderOf(name: string, entries: Readonly<Record<string, string>>): string {
  const root = join(top, name);
  for (const [path, content] of Object.entries(entries)) {
    const at = join(root, path);
    mkdirSync(join(at, '..'), { recursive: true });
    if (content.startsWith('->')) symlinkSync(content.slice(2), at);
    else if (content.startsWith('=')) linkSync(join(root, content.slice(1)), at);
    else writeFileSync(at, content);
  }
  return root;
}

function found(...paths: readonly string[]): [file: string, others: string[]][] {
  return filesAt(paths).map(({ file, others }) => [relative(top, file), others.map((other) => relative(top, other))]);
}

describe('links', () => {
  it('to a folder beside it give its files once, under the name of the folder', () => {
    const root = folderOf('latest', { 'run_1/a.jsonl': LINE, latest: '->run_1', 'run_1/b.jsonl': LINE });
    const expected = [
      ['latest/run_1/a.jsonl', ['latest/latest']],
      ['latest/run_1/b.jsonl', []],
    ];
    expect(found(root)).toEqual(expected);
    expect(found(join(root, 'latest'), root)).toEqual(expected);
    expect(found(root, join(root, 'latest'))).toEqual(expected);
  });
  it('in circles end', () => {
    const root = folderOf('circle', {
      'a/log.jsonl': LINE,
      'a/up': '->..',
      'a/self': '->.',
      'b/there': '->../c',
      'c/back': '->../b',
      x: '->x',
    });
    expect(found(root)).toEqual([['circle/a/log.jsonl', ['circle/a/self', 'circle/a/up']]]);
  });
  it('in diamonds are walked once each, however many ways lead down', ({ task }) => {
    const levels = 40;
    const entries: Record<string, string> = { [`f${levels}/log.jsonl`]: LINE };
    for (let level = 0; level < levels; level++) for (const side of ['left', 'right']) entries[`f${level}/${side}`] = `->../f${level + 1}`;
    const root = folderOf('diamonds', entries);
    const [first, ...more] = found(root);
    expect(first?.[0]).toBe(`diamonds/f${levels}/log.jsonl`);
    expect(more).toEqual([]);
    // Named is the top only: then each further folder is met by links alone.
    expect(found(join(root, 'f0')).map(([file]) => file)).toEqual([`diamonds/f0${'/left'.repeat(levels)}/log.jsonl`]);
    proven(task, {
      part: 'Input',
      fault: `${levels} folders, each with two links to the next: 2^${levels} ways to one log`,
      happened: '1 log is read, once',
    });
  });
  it('to files and hard links give each file once, under the name with the fewest links and then the first', () => {
    const root = folderOf('files', { 'b.jsonl': LINE, 'a.jsonl': '->b.jsonl', 'd.jsonl': LINE, 'c.jsonl': '=d.jsonl', 'e.jsonl': LINE });
    expect(found(root)).toEqual([
      ['files/b.jsonl', ['files/a.jsonl']],
      ['files/c.jsonl', ['files/d.jsonl']],
      ['files/e.jsonl', []],
    ]);
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => join(root, `${name}.jsonl`));
    expect(found(d!, a!)).toEqual([
      ['files/a.jsonl', []],
      ['files/d.jsonl', []],
    ]);
    expect(found(d!, c!, b!, a!)).toEqual(found(a!, b!, c!, d!));
  });
  it('are told: what is named twice is read once, with a note', async ({ task }) => {
    const root = folderOf('told', { 'run_1/a.jsonl': LINE + LINE, latest: '->run_1', 'same.jsonl': '=run_1/a.jsonl' });
    const dataset = await open([root, join(root, 'same.jsonl'), join(root, 'latest')]);
    const { inputs, rollouts } = dataset.facts();
    expect(inputs).toMatchObject([{ name: 'told/run_1/a.jsonl', records: 2, rollouts: 2, issueCount: 0, noteCount: 1 }]);
    const [note] = dataset.issues();
    expect(note).toMatchObject({ severity: 'note', code: 'same-file', expected: 'each file once' });
    expect(note?.found).toBe('the same at ../latest, ../same.jsonl: read once');
    const happened = `1 input with a note that names the other paths; 2 records = ${rollouts} rollouts + 0 issues`;
    proven(task, { part: 'Input', fault: 'A folder, a link to it and a hard link of its log are named together', happened });
  });
});

it('says of a name that is too long, or of a link that leads nowhere, that nothing can be read there', () => {
  expect(() => filesAt([join(top, 'x'.repeat(5000))])).toThrow(/^cannot read .*the name is too long/);
  const root = folderOf('nowhere', { a: '->b' });
  expect(() => filesAt([join(root, 'a')])).toThrow(/^no file or folder at /);
});
