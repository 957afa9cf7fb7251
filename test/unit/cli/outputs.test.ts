/** Where output may go: over no input, under whatever name, and where it cannot go is told before anything is read. */
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USAGE } from '../../../src/cli/exit-codes.ts';
import { allIn, espalier } from '../../helpers/espalier.ts';
import { proven } from '../../helpers/proven.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const MESSAGES = [
  { role: 'user', content: 'Water the beds.' },
  { role: 'assistant', content: 'Done.' },
];
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const BUDGET = ['--preset', 'none', '--budget', '30%'];
const log = at('messages.jsonl');

/** Options of each command that name what is written, with what the command needs besides; `read`: what it reads there. */
const WRITES: readonly (readonly [name: string, read: string, args: (out: string) => string[]])[] = [
  ['inspect --nodes', log, (out) => ['inspect', log, '--nodes', out]],
  ['curve --out', log, (out) => ['curve', log, ...BUDGET, '--out', out]],
  ['share --out', at('a.curve'), (out) => ['share', at('a.curve'), ...BUDGET, '--out', out]],
  ['score --out', log, (out) => ['score', log, '--out', out]],
  ['evaluate --out', log, (out) => ['evaluate', log, '--out', out]],
  ['evaluate --json', log, (out) => ['evaluate', log, '--json', out]],
  ['inspect --nodes, a mapping', at('map.json'), (out) => ['inspect', log, '--mapping', at('map.json'), '--nodes', out]],
  ['curve --out, a tokenizer', at('tok/tokenizer.json'), (out) => ['curve', log, ...BUDGET, '--tokenizer', at('tok'), '--out', out]],
  ['evaluate --out, scores', at('a.scores'), (out) => ['evaluate', log, '--scores', at('a.scores'), '--out', out]],
  ['score --out, a model', at('model/model.onnx'), (out) => ['score', log, '--model', at('model'), '--out', out]],
];

beforeAll(() => {
  writeFileSync(log, `${JSON.stringify({ id: 'a', messages: MESSAGES })}\n`);
  for (const name of ['tok', 'model']) mkdirSync(at(name));
  writeFileSync(at('tok/tokenizer.json'), '{"model":{}}');
  for (const name of ['a.curve', 'a.scores', 'model/model.onnx']) writeFileSync(at(name), name);
  writeFileSync(at('map.json'), '{}');
});

describe('an output that is an input', () => {
  it.each(WRITES)('is refused: %s', (_, read, args) => {
    const before = readFileSync(read);
    symlinkSync(read, at('soft'));
    linkSync(read, at('hard'));
    try {
      for (const out of [read, at('soft'), at('hard')]) {
        const { status, stderr } = espalier(args(out));
        expect(stderr).toContain(`${out} is an input and would be overwritten`);
        expect(status).toBe(USAGE);
        expect(readFileSync(out)).toEqual(before);
      }
    } finally {
      for (const name of ['soft', 'hard']) rmSync(at(name));
    }
  });

  it('is refused where it is in the folder of an export, under the name of a file of it', ({ task }) => {
    const before = readFileSync(log);
    const scores = at('a.scores');
    for (const [name, link, further] of [
      ['messages.jsonl', null, []],
      ['manifest.json', linkSync, []],
      ['forest.jsonl', symlinkSync, []],
      ['tokens.jsonl', linkSync, ['--scores', scores]],
    ] as const) {
      const out = link === null ? folder : mkdtempSync(at('set-'));
      if (link !== null) link(further.length > 0 ? scores : log, join(out, name));
      const { status, stderr } = espalier(['prune', log, ...BUDGET, ...further, '--out', out]);
      expect([name, status, stderr]).toEqual([name, USAGE, `espalier: --out: ${join(out, name)} is an input and would be overwritten\n`]);
      expect(readFileSync(log)).toEqual(before);
      if (link !== null) expect(allIn(out)).toEqual([name]);
    }
    proven(task, {
      part: 'Output',
      fault: 'An output is an input, or a hard or symbolic link to one',
      happened: `exit code ${USAGE} for each of ${WRITES.length + 1} outputs, before anything is written; the input is what it was`,
    });
  });

  it('is not refused where it is another file', () => {
    writeFileSync(at('other.csv'), 'old');
    symlinkSync(at('other.csv'), at('latest.csv'));
    expect(espalier(['inspect', log, '--nodes', at('latest.csv')]).status).toBe(0);
    // A link stays one, and what it leads to is written.
    expect(readFileSync(at('other.csv'), 'utf8')).toContain('task,node');
  });

  it('is not two at once', () => {
    const { status, stderr } = espalier(['evaluate', SAMPLE, '--out', at('x'), '--json', at('./x')]);
    expect([status, stderr]).toEqual([USAGE, 'espalier: --json: the same file as --out\n']);
  });
});

describe('a place that cannot be written to', () => {
  it.each([
    ['a folder below a file', (out: string) => join(out, 'messages.jsonl', 'x'), 'is no folder'],
    ['a folder below nothing', (out: string) => join(out, 'no', 'x'), 'expected a file in a folder that exists'],
    ['a folder', (out: string) => out, 'expected a file in a folder that exists'],
  ])('is told before anything is read: %s', (_, place, words) => {
    for (const args of [
      ['inspect', 'no-such-log', '--nodes'],
      ['curve', 'no-such-log', ...BUDGET, '--out'],
      ['score', 'no-such-log', '--out'],
      ['evaluate', 'no-such-log', '--out'],
      ['share', 'no-such-log', ...BUDGET, '--out'],
    ]) {
      const { status, stderr } = espalier([...args, place(folder)]);
      expect([args[0], status]).toEqual([args[0], USAGE]);
      expect(stderr).toMatch(new RegExp(`^espalier: ${args.at(-1)}: .*(${words}|expected a file in a folder that exists)`));
    }
  });
  it('may be a link to nothing', () => {
    symlinkSync(at('nothing'), at('dangling'));
    for (const args of [
      ['prune', 'no-such-log', ...BUDGET, '--out'],
      ['inspect', 'no-such-log', '--nodes'],
    ]) {
      const { status, stderr } = espalier([...args, at('dangling')]);
      expect([status, stderr]).toEqual([USAGE, expect.stringMatching(/it is a link to nothing\n$/)]);
    }
  });
});
