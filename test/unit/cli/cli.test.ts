import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function espalier(args: readonly string[], input?: string | Buffer): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/espalier.mjs', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
  return { status, stdout, stderr };
}

describe('espalier inspect', () => {
  it('prints one JSON object whose records add up', () => {
    const { status, stdout } = espalier(['inspect', SAMPLE, '--json']);
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { inputs: Record<string, unknown>[]; tokens: Record<string, number> };
    const expected = JSON.parse(readFileSync('public/samples/orchard.expected.json', 'utf8')) as { totals: Record<string, number> };
    expect(report).toMatchObject({
      tasks: 8,
      rollouts: 128,
      tokens: { flat: expected.totals['flatTokens'], distinct: expected.totals['distinctTokens'] },
      entropySource: 'logged',
    });
    expect(report.inputs).toMatchObject([
      { name: 'orchard.jsonl', format: 'verifiers-traces', records: 128, rollouts: 128, issueCount: 0, issues: [] },
    ]);
  });
  it('reads standard input', () => {
    const { status, stdout } = espalier(['inspect', '-', '--json'], readFileSync(SAMPLE));
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { rollouts: number }).rollouts).toBe(128);
  });
  it('opens folders and names files as the page does', () => {
    const { stdout } = espalier(['inspect', 'public/samples', '--json']);
    const { inputs } = JSON.parse(stdout) as { inputs: { name: string }[] };
    expect(inputs.map((input) => input.name)).toEqual(
      ['README.md', 'orchard-chat.jsonl', 'orchard.expected.json', 'orchard.jsonl'].map((name) => `samples/${name}`),
    );
  });
  it('says the line of an issue, or only the byte where lines are not counted', () => {
    const { stdout } = espalier(['inspect', '-'], '[{"a": 1},\n {"b": 2}]');
    expect(stdout).toMatch(/^issue {2}- \(byte 1\) unknown-format: /m);
    expect(stdout).toMatch(/^issue {2}- \(byte 12\) unknown-format: /m);
    expect(stdout).not.toMatch(/suited for|preset/);
    expect(espalier(['inspect', '-'], '{"a": 1}\n{"b": 2}\n').stdout).toMatch(/^issue {2}-:2 \(byte 9\) unknown-format: /m);
  });
  it('tells files of one name apart by the folders they are in', () => {
    const row = (question: string) =>
      JSON.stringify({
        responses_create_params: { input: question },
        response: { output: [{ type: 'message', role: 'assistant', content: 'yes' }] },
        reward: 1,
        _ng_task_index: 0,
      });
    const paths = ['one', 'two'].map((name) => {
      mkdirSync(join(folder, 'same', name), { recursive: true });
      writeFileSync(join(folder, 'same', name, 'rollouts.jsonl'), `${row(name)}\n`);
      return join(folder, 'same', name, 'rollouts.jsonl');
    });
    const { stdout } = espalier(['inspect', ...paths, '--json']);
    const report = JSON.parse(stdout) as { tasks: number; inputs: { name: string }[] };
    expect(report.inputs.map(({ name }) => name)).toEqual(['one/rollouts.jsonl', 'two/rollouts.jsonl']);
    expect(report.tasks).toBe(2);
  });
  it('follows links below a folder, but not in a circle', () => {
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    symlinkSync(join(process.cwd(), SAMPLE), join(linked, 'a.jsonl'));
    symlinkSync('nowhere', join(linked, 'b.jsonl'));
    symlinkSync('.', join(linked, 'round'));
    const { status, stdout } = espalier(['inspect', linked, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rollouts: 128, inputs: [{ name: 'linked/a.jsonl' }] });
  });
  it.skipIf(process.platform === 'win32')('reads a pipe that has a path', () => {
    const run = spawnSync('bash', ['-c', `${process.execPath} bin/espalier.mjs inspect <(cat ${SAMPLE}) --json`], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ rollouts: 128 });
  });
  it.skipIf(process.platform === 'win32')('ends quietly where nobody reads on', () => {
    const run = spawnSync(
      'bash',
      [
        '-c',
        `${process.execPath} bin/espalier.mjs inspect --json ` +
          `${'public/samples '.repeat(3)} - < <(yes '{"x":1}' | head -n 20000) | head -c 10`,
      ],
      { encoding: 'utf8' },
    );
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('{"inputs":');
  });
  it('writes every node with its statistics, and never over an input', () => {
    const nodes = join(folder, 'nodes.csv');
    expect(espalier(['inspect', SAMPLE, '--nodes', nodes]).status).toBe(0);
    const [header, first, ...rest] = readFileSync(nodes, 'utf8').trimEnd().split('\r\n');
    expect(header).toMatch(/^task,node,parent,depth,kind,tool,tokens,reach,entropy,/);
    expect(first).toMatch(/^orchard:/);
    const { nodes: count } = JSON.parse(espalier(['inspect', SAMPLE, '--json']).stdout) as { nodes: number };
    expect(rest).toHaveLength(count - 1);
    const log = join(folder, 'log.jsonl');
    writeFileSync(log, readFileSync(SAMPLE));
    const refused = espalier(['inspect', log, '--nodes', log]);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--nodes: ')]);
    expect(readFileSync(log)).toEqual(readFileSync(SAMPLE));
    expect(espalier(['inspect', SAMPLE, '--nodes', join(folder, 'nowhere', 'x.csv')]).status).toBe(2);
  });
  it('exits 1 where no record is usable, 3 for issues with --strict', () => {
    expect(espalier(['inspect', '-'], '{"x":1}\n').status).toBe(1);
    const half = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n{"messages":';
    expect(espalier(['inspect', '-'], half).status).toBe(0);
    expect(espalier(['inspect', '-', '--strict'], half).status).toBe(3);
  });
});

describe('espalier prune', () => {
  it('writes the chosen files and the manifest, says what it did, and exits 0', () => {
    const out = join(folder, 'a');
    const { status, stdout, stderr } = espalier(['prune', SAMPLE, '--budget', '30%', '--export', 'tokens,forest', '--out', out]);
    expect(status).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/signal retained +\d+\.\d %/);
    expect(readdirSync(out).sort()).toEqual(['forest.jsonl', 'manifest.json', 'tokens.jsonl']);
    const { totals } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      totals: { distinct_tokens: { before: number; after: number }; broken_pairs: number };
    };
    expect(totals.distinct_tokens.after).toBeLessThanOrEqual(0.3 * totals.distinct_tokens.before);
    expect(totals.distinct_tokens.after).toBeGreaterThan(0);
    expect(totals.broken_pairs).toBe(0);
  });
  it('gives the same bytes by path and by standard input', () => {
    const direct = join(folder, 'b');
    const piped = join(folder, 'c');
    espalier(['prune', SAMPLE, '--budget', '0.3', '--export', 'tokens', '--out', direct]);
    espalier(['prune', '-', '--budget', '0.3', '--export', 'tokens', '--out', piped], readFileSync(SAMPLE));
    const line = (path: string) => readFileSync(join(path, 'tokens.jsonl'), 'utf8').replaceAll('"name":"orchard.jsonl"', '"name":"-"');
    expect(line(direct).split('\n').length).toBeGreaterThan(10);
    expect(line(piped)).toBe(line(direct));
  });
  it('removes what an earlier run wrote and this one does not, and nothing else', () => {
    const out = join(folder, 'used');
    const write = (formats: string, input = SAMPLE): string =>
      espalier(['prune', input, '--budget', '30%', '--export', formats, '--out', out]).stderr;
    write('messages,tokens,forest');
    writeFileSync(join(out, 'notes.txt'), 'mine');
    writeFileSync(join(out, 'messages.jsonl'), 'mine');
    const stderr = write('tokens');
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'messages.jsonl', 'notes.txt', 'tokens.jsonl']);
    expect(stderr).toMatch(/^forest\.jsonl {2}removed: /m);
    expect(stderr).toMatch(/^messages\.jsonl {2}stays: it has changed/m);
    expect(stderr).not.toContain('notes.txt');
    expect(['messages.jsonl', 'notes.txt'].map((name) => readFileSync(join(out, name), 'utf8'))).toEqual(['mine', 'mine']);
    expect(write('tokens')).toMatch(/^messages\.jsonl {2}stays: .*no manifest/m);
    // A file that a run reads is not taken from under it.
    write('forest');
    expect(write('tokens', join(out, 'forest.jsonl'))).toMatch(/^forest\.jsonl {2}stays: this run read it/m);
    expect(readdirSync(out)).toContain('forest.jsonl');
  });
  it('writes over no file that it reads', () => {
    const out = join(folder, 'over');
    mkdirSync(out);
    const input = join(out, 'messages.jsonl');
    writeFileSync(input, readFileSync(SAMPLE));
    symlinkSync(out, join(folder, 'over-link'));
    for (const args of [
      ['prune', input, '--budget', '30%', '--out', out],
      ['prune', out, '--budget', '30%', '--out', join(folder, 'over-link')],
      ['score', input, '--out', input],
    ]) {
      const { status, stderr } = espalier(args);
      expect(status).toBe(2);
      expect(stderr).toContain('messages.jsonl is an input');
    }
    expect(readFileSync(input).equals(readFileSync(SAMPLE))).toBe(true);
    expect(readdirSync(out)).toEqual(['messages.jsonl']);
    expect(espalier(['prune', input, '--budget', '30%', '--export', 'tokens', '--out', out]).status).toBe(0);
  });
  it('exits 3 with --strict where pins exceed the budget, and says the floor', () => {
    const { status, stderr } = espalier([
      'prune',
      SAMPLE,
      '--budget',
      '5%',
      '--protect',
      'tool=pin',
      '--strict',
      '--export',
      'tokens',
      '--out',
      join(folder, 'd'),
    ]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/pinned events need \d+\.\d % of the cost/);
  });
  it('exits 3 with --strict where what is pinned for training exceeds the train budget', () => {
    const { status, stderr } = espalier([
      'prune',
      SAMPLE,
      '--budget',
      '60%',
      '--train-budget',
      '5%',
      '--strict',
      '--export',
      'tokens',
      '--out',
      join(folder, 'e'),
    ]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/events pinned for training need [\d,]+ tokens/);
  });
  it.each([
    [['prune', SAMPLE, '--preset', 'none', '--out', 'x'], '--budget'],
    [['prune', SAMPLE, '--strategy', 'density', '--out', 'x'], '--budget'],
    [['prune', SAMPLE, '--preset', 'best', '--out', 'x'], '--preset: expected auto, none, sft'],
    [['prune', SAMPLE, '--budget', '130%', '--out', 'x'], 'from 0% to 100%'],
    [['prune', SAMPLE, '--budget', '30%'], '--out'],
    [['prune', SAMPLE, '--budget', '30%', '--strategy', 'best', '--out', 'x'], '--strategy'],
    [['prune', SAMPLE, '--budget', '30%', '--protect', 'memory=hold', '--out', 'x'], '--protect'],
    [['prune', SAMPLE, '--budget', '30%', '--unit', 'flops', '--out', 'x'], '--model'],
    [['prune', 'no-such-file', '--budget', '30%', '--out', 'x'], 'no-such-file'],
    [['prune', SAMPLE, '--nonsense'], '--nonsense'],
    [['prone', SAMPLE], 'prone'],
    [['inspect', SAMPLE, '--mapping', 'LICENSE'], '--mapping: expected JSON at LICENSE'],
    [['inspect', SAMPLE, '--mapping', 'package.json'], '--mapping: A mapping has "version": 1'],
    [['prune', SAMPLE, '--budget', '30%', '--out', 'LICENSE'], '--out: expected a folder, found a file at LICENSE'],
    [['prune', SAMPLE, '--budget', '30%', '--out', 'LICENSE/x'], '--out: cannot write to LICENSE/x'],
    [['score', SAMPLE, '--out', 'no-such-folder/x'], '--out: expected a file in a folder that exists'],
    [['inspect', SAMPLE, '--tokenizer', 'package.json'], '--tokenizer: expected a tokenizer.json at package.json'],
  ])('exits 2 for a usage error: %s', (args, named) => {
    const { status, stderr } = espalier(args);
    expect(status).toBe(2);
    expect(stderr).toContain(named);
    expect(existsSync('x')).toBe(false);
  });
  it('writes into no folder that another run writes into', () => {
    const out = join(folder, 'busy');
    mkdirSync(join(out, '.espalier-unfinished'), { recursive: true });
    writeFileSync(join(out, '.espalier-unfinished/process'), `${process.pid}\n${hostname()}`);
    const { status, stderr } = espalier(['prune', SAMPLE, '--budget', '30%', '--out', out]);
    expect({ status, stderr }).toMatchObject({ status: 75, stderr: expect.stringContaining('another run writes there') as string });
    expect(readdirSync(out)).toEqual(['.espalier-unfinished']);
  });
  it('explains every command', () => {
    const commands = ['inspect', 'prune', 'score', 'view'];
    const { status, stdout } = espalier(['--help']);
    expect(status).toBe(0);
    for (const command of commands) {
      expect(stdout).toContain(`espalier ${command} `);
      expect(espalier([command, '--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining(`espalier ${command} `) as string });
    }
  });
});

describe('espalier prune with settings of records', () => {
  const args = ['--budget', '100%', '--scope', 'task', '--export', 'tokens,messages', '--max-tokens', '450', '--compress', 'gzip'];

  it('says what became of long records, at once and in parts, in the same packed files', () => {
    const [once, parts] = ['once', 'parts'].map((name) => join(folder, `records-${name}`));
    const written = espalier(['prune', SAMPLE, '--out', once, ...args, '--validation', '25%', '--record-seed', '3']);
    expect(written.status).toBe(0);
    expect(written.stderr).toMatch(/\d+ records are longer than 450 tokens: written in \d+ parts\n/);
    const inParts = espalier(['prune', SAMPLE, '--out', parts, ...args, '--validation', '25%', '--record-seed', '3', '--stream']);
    expect(inParts.status).toBe(0);
    expect(inParts.stderr).toContain('longer than 450 tokens');
    const names = ['manifest.json', ...['messages', 'tokens'].flatMap((name) => [`${name}-validation.jsonl.gz`, `${name}.jsonl.gz`])];
    expect(readdirSync(once).toSorted()).toEqual(names.toSorted());
    for (const name of names) expect(readFileSync(join(parts, name)).equals(readFileSync(join(once, name)))).toBe(true);
    const dropped = espalier(['prune', SAMPLE, '--out', once, ...args, '--over-long', 'drop', '--balance', 'task']);
    expect(dropped.stderr).toMatch(/records are longer than 450 tokens: left out; [\d,]+ tokens train nowhere for it/);
    expect(dropped.stderr).toMatch(/left out: \d+ records to balance the others; [\d,]+ tokens train nowhere for it/);
    expect(dropped.stderr).toContain('tokens-validation.jsonl.gz  removed');
  });
  it('refuses values that they do not take', () => {
    const refused = espalier(['prune', SAMPLE, '--out', folder, '--budget', '10%', '--over-long', 'trim']);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('--over-long: expected one of drop, cut, windows, found trim');
  });
});

describe('espalier prune --stream', () => {
  it('writes in parts what it writes at once', () => {
    const files = [SAMPLE, 'public/samples/orchard-chat.jsonl'];
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    const flags = ['--preset', 'sft', '--scope', 'task', '--out'];
    expect(espalier(['prune', ...files, ...flags, whole]).status).toBe(0);
    const { status, stderr } = espalier(['prune', ...files, ...flags, parts, '--stream', '--memory', '710MB']);
    expect(status).toBe(0);
    expect(stderr).toContain('in 3 parts');
    const names = readdirSync(whole).sort();
    expect(readdirSync(parts).sort()).toEqual(names);
    for (const name of names) expect(readFileSync(join(parts, name)).equals(readFileSync(join(whole, name)))).toBe(true);
  });
  it('says in parts as at once what a budget loses, and what targets cannot say', () => {
    const flags = ['--preset', 'sft', '--scope', 'task', '--budget', '20%', '--export', 'trl-tokens', '--out'];
    const said = [[], ['--stream', '--memory', '710MB']].map((more, i) => {
      const { status, stderr } = espalier(['prune', SAMPLE, ...flags, join(folder, `said-${i}`), ...more]);
      expect(status).toBe(0);
      return stderr.split('\n').filter((line) => /^warning: |train-once in place of/.test(line));
    });
    expect(said[0].some((line) => line.startsWith('warning: '))).toBe(true);
    expect(said[0].at(-1)).toMatch(/^ {2}records marked by train-once in place of \S+: \d+$/);
    expect(said[1]).toEqual(said[0]);
  });
  it('shares one budget between parts that are pruned one by one', () => {
    const lines = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
    const taskOf = (line: string): string => (JSON.parse(line) as { readonly task: { readonly key: string } }).task.key;
    const tasks = [...new Set(lines.map(taskOf))].sort();
    const flags = ['--preset', 'rl', '--budget', '25%', '--train-budget', '60%'];
    const at = (name: string): string => join(folder, `shared-${name}`);
    const parts = ['a', 'b'].map((part, i) => {
      const own = lines.filter((line) => Number(tasks.indexOf(taskOf(line)) >= tasks.length / 2) === i);
      writeFileSync(at(`${part}.jsonl`), `${own.join('\n')}\n`);
      expect(espalier(['curve', at(`${part}.jsonl`), '--preset', 'rl', '--out', at(`${part}.curve`)]).status).toBe(0);
      return part;
    });
    const shared = at('shared.json');
    const budgets = flags.slice(2);
    expect(espalier(['share', ...parts.map((part) => at(`${part}.curve`)), ...budgets, '--out', shared]).stderr).toContain('2 parts: ');
    expect(espalier(['prune', SAMPLE, ...flags, '--out', at('whole')]).status).toBe(0);
    const records = (path: string): string[] =>
      readFileSync(join(path, 'tokens.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/"source":\{[^}]*\}/, ''));
    const found = parts.flatMap((part) => {
      const args = ['prune', at(`${part}.jsonl`), ...flags, '--share', `${shared}:shared-${part}`, '--out', at(part)];
      expect(espalier(args)).toMatchObject({ status: 0 });
      return records(at(part));
    });
    expect(found).toEqual(records(at('whole')));
    const other = espalier(['prune', at('a.jsonl'), '--strategy', 'reach', '--share', `${shared}:shared-a`, '--out', at('other')]);
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('another rule') as string });
    const nobody = espalier(['prune', at('a.jsonl'), ...flags, '--share', `${shared}:nobody`, '--out', at('other')]);
    expect(nobody).toMatchObject({ status: 2, stderr: expect.stringContaining('a part called nobody') as string });
    writeFileSync(at('torn.curve'), readFileSync(at('a.curve')).subarray(0, 5000));
    const torn = espalier(['share', at('torn.curve'), ...budgets, '--out', shared]);
    expect(torn).toMatchObject({ status: 2, stderr: expect.stringContaining('torn.curve: the curve does not fit its checksum') as string });
  }, 240_000);
  it('opens a log at once that exceeds the memory where parts cannot do what is asked, and says so', () => {
    const { status, stderr } = espalier(['prune', SAMPLE, '--preset', 'sft', '--memory', '700MB', '--out', join(folder, 'at-once')]);
    expect(status).toBe(0);
    expect(stderr).toContain('not pruned in parts: --train unbiased in parts needs --scope task');
  });
  it('says what it cannot do in parts, before it reads', () => {
    const out = ['--out', join(folder, 'refused')];
    const { status, stderr } = espalier(['prune', SAMPLE, '--budget', '30%', '--strategy', 'hes', '--stream', ...out]);
    expect(status).toBe(2);
    expect(stderr).toContain('needs --scope task');
    // The preset draws single tokens of all tasks, named or not.
    for (const preset of [[], ['--preset', 'sft']]) {
      const drawn = espalier(['prune', SAMPLE, ...preset, '--stream', ...out]);
      expect(drawn).toMatchObject({ status: 2, stderr: expect.stringContaining('--train unbiased in parts needs --scope task') as string });
      expect(drawn.stderr).not.toContain('preset:');
    }
    expect(espalier(['prune', SAMPLE, '--budget', '30%', '--memory', 'much', ...out]).stderr).toContain('expected a size such as 4GB');
  });
});

describe('espalier tasks', () => {
  it('names the task of each record, in order, without those of no use', () => {
    const chats = readFileSync('public/samples/orchard-chat.jsonl', 'utf8').trimEnd().split('\n');
    const { status, stdout } = espalier(['tasks', '-'], `${chats[0]}\n{"torn\n${chats[127]}\n`);
    expect(status).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toMatchObject([
      { line: 1, byte: 0, bytes: Buffer.byteLength(chats[0]), task: 'pear-trees', rollout: 'orchard-s2-t0-r0' },
      { line: 3, task: 'season-account', rollout: 'orchard-s2-t7-r15' },
    ]);
    expect(espalier(['tasks', '-'], '{"torn\n').status).toBe(1);
  });
});
