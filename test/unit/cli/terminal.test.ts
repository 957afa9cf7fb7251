/** Nothing that a log, a file or a model is called steers the terminal, whatever command prints it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSources } from '../../helpers/sources.ts';
import { proven } from '../../helpers/proven.ts';

/** A title, a colour by C1, a right-to-left override, an isolate, a separator of lines, and a line that is not ours. */
const POISON = 'p\u001b]0;owned\u0007\u009b31m\u202eexe\u2066\u2028\u200f\ufeff\u007f\r\nespalier: all is well';
/** The line feed apart, which ends our own lines. */
const RAW = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

const folder = mkdtempSync(join(tmpdir(), 'espalier-terminal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...steps: string[]): string => join(folder, ...steps);
const log = at(POISON, `${POISON}.jsonl`);

beforeAll(() => {
  mkdirSync(at(POISON));
  const call = { id: POISON, type: 'function', function: { name: POISON, arguments: JSON.stringify({ [POISON]: POISON }) } };
  const record = (reward: number, answer: string) => ({
    id: `${POISON}${reward}`,
    task: POISON,
    [POISON]: POISON,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Count' },
          { type: POISON, [POISON]: 1 },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: POISON, name: POISON, content: POISON },
      { role: 'assistant', content: answer },
    ],
    reward,
  });
  const odd = { id: POISON, messages: [{ role: POISON, content: 'x', [POISON]: 1 }] };
  const lines = [record(1, 'One.'), record(0, 'Two.'), odd].map((each) => JSON.stringify(each));
  writeFileSync(log, `${[...lines, `{"${POISON}`, '"\u001b[2J"', `{"\u001b": \u009b}`].join('\n')}\n`);
  writeFileSync(at(POISON, `${POISON}.json`), JSON.stringify({ [POISON]: POISON }));
  cpSync('test/fixtures/tiny-lm', at(`model ${POISON}`), { recursive: true });
  const scores = { node: POISON, rollout: POISON, values: [POISON] };
  writeFileSync(at('token-scores.jsonl'), `${JSON.stringify(scores)}\n${POISON}\n`);
});

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function espalier(args: readonly string[]): Said {
  // In a clone the other entry builds the page before it serves it.
  const entry = args[0] === 'view' ? 'dist-cli/espalier.mjs' : 'bin/espalier.mjs';
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, stdout, stderr };
}

const OUT = `${at('out')} ${POISON}`;
const PRUNE = ['prune', log, '--budget', '50%', '--out', OUT];
/** Name of the run, its arguments, and how it ends. */
const RUNS: readonly (readonly [string, readonly string[], number])[] = [
  ['inspect', ['inspect', at(POISON)], 0],
  ['inspect --json', ['inspect', at(POISON), '--json'], 0],
  ['inspect --strict', ['inspect', log, '--strict'], 3],
  ['prune', PRUNE, 0],
  ['prune again, over files of another run', [...PRUNE, '--export', 'tokens'], 0],
  ['prune --lines', [...PRUNE, '--lines'], 0],
  ['prune --stream', [...PRUNE, '--stream'], 0],
  ['prune --check', ['prune', log, '--check', '--preset', 'sft'], 0],
  ['prune --check --json', ['prune', log, '--check', '--json', '--preset', 'sft'], 0],
  ['prune --strict', [...PRUNE, '--strict'], 3],
  ['tasks', ['tasks', log], 0],
  ['curve', ['curve', log, '--preset', 'sft', '--out', at(`curve ${POISON}`)], 0],
  ['share', ['share', at(`curve ${POISON}`), '--preset', 'sft', '--out', at(`share ${POISON}`)], 0],
  ['score', ['score', log, '--model', at(`model ${POISON}`), '--out', at(`scores ${POISON}`)], 0],
  ['evaluate', ['evaluate', log, '--model', at(`model ${POISON}`), '--out', at(`report ${POISON}`), '--budgets', '50%'], 0],
  ['no command', [POISON], 2],
  ['no file', ['inspect', at(`none ${POISON}`)], 2],
  ['no flag', ['inspect', `--${POISON}`], 2],
  ['no preset', ['prune', log, '--preset', POISON, '--out', OUT], 2],
  ['no profile', [...PRUNE, '--export', POISON], 2],
  ['no mapping', ['inspect', log, '--mapping', at(POISON, `${POISON}.json`)], 2],
  ['no tokenizer', ['inspect', log, '--tokenizer', at(POISON, `${POISON}.json`)], 2],
  ['no model', ['score', log, '--model', at(POISON), '--out', at('none.bin')], 1],
  ['no scores', [...PRUNE, '--scores', log], 2],
  ['no scores of tokens', [...PRUNE, '--signal', 'imported', '--import-scores', at('token-scores.jsonl')], 2],
  ['no port', ['view', '--port', POISON], 2],
  ['no host', ['view', '--host', POISON], 2],
];

let looked = 0;
it.each(RUNS)('%s says nothing raw', (_, args, status) => {
  const said = espalier(args);
  expect(said.status, said.stderr).toBe(status);
  for (const text of [said.stdout, said.stderr]) {
    expect(RAW.exec(text)?.[0]).toBeUndefined();
    expect(text.split('\n').filter((line) => line.startsWith('espalier: all is well'))).toEqual([]);
    looked += text.length;
  }
  if (args.includes('--json')) expect(said.stdout).toBe(`${said.stdout.trimEnd()}\n`);
});

it('names things by what they are, spelt out', ({ task }) => {
  const said = espalier(['inspect', log]);
  expect(said.stdout).toContain(
    'p\\x1b]0;owned\\x07\\x9b31m\\u202eexe\\u2066\\u2028\\u200f\\ufeff\\x7f\\r\\nespalier: all is well.jsonl  ',
  );
  const { inputs } = JSON.parse(espalier(['inspect', log, '--json']).stdout) as { inputs: { name: string }[] };
  expect(inputs[0]?.name).toBe(`${POISON}.jsonl`);
  expect(readFileSync(log, 'utf8')).toContain('\u001b[2J');
  expect(looked).toBeGreaterThan(5000);
  proven(task, {
    part: 'Page and server',
    fault: 'Names of files, tasks, tools, keys, part types and models with ESC, OSC, C1, marks of direction and line feeds',
    happened: `${RUNS.length} runs of all commands print none of them raw, nor a line that is not ours; JSON says the same as before`,
  });
});

it('has one place that writes to the terminal', () => {
  const writing = [...readSources()].filter(
    ([path, text]) => /^src\/(?:cli|platform\/node)\//.test(path) && /std(?:out|err)\.write|console\./.test(text),
  );
  expect(writing.map(([path]) => path)).toEqual(['src/cli/streams.ts']);
});
