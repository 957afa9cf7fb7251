/** The package as somebody else gets it: packed, installed into a clean prefix, used from a folder that is no repository. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve('.');
const clean = realpathSync(mkdtempSync(join(tmpdir(), 'espalier-package-')));
const prefix = join(clean, 'prefix');
const elsewhere = join(clean, 'elsewhere');
const program = process.platform === 'win32' ? join(prefix, 'espalier.cmd') : join(prefix, 'bin/espalier');
const installed = join(prefix, process.platform === 'win32' ? 'node_modules' : 'lib/node_modules', 'espalier');
/** What npm says where it cannot reach the packages that ours depends on. */
const UNREACHABLE = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/;

let tarball = '';
/** Why the package could not be installed here, where that is nobody's fault. */
let unreachable: string | null = null;

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd = elsewhere): Ran {
  const shell = process.platform === 'win32';
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28, shell });
  if (error) throw error;
  return { status, stdout, stderr };
}

beforeAll(() => {
  mkdirSync(elsewhere);
  mkdirSync(prefix);
  const given = process.env['ESPALIER_TARBALL'];
  if (given) tarball = resolve(given);
  else {
    // What there is was built for this run; to build it again would take it from under other tests.
    const packed = run('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', clean], ROOT);
    expect(packed.stderr).toBe('');
    tarball = join(clean, packed.stdout.trim());
  }
  const options = ['--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = run('npm', ['install', '--global', ...options, tarball]);
  if (status === 0) return;
  const reason = UNREACHABLE.exec(stderr);
  if (reason === null) throw new Error(`npm install failed: ${stderr}`);
  unreachable = `the packages that ours depends on cannot be reached here (${reason[0]})`;
}, 300_000);

afterAll(() => rmSync(clean, { recursive: true, force: true }));

/** As a person would write it; strict, and with the package's own declarations checked. */
const CONSUMER = `
import { open, rule, UsageError, type Dataset, type ExportedFile, type Pruned } from 'espalier';

const text = ['yes', 'no'].map((answer) =>
  JSON.stringify({ messages: [{ role: 'user', content: 'Is it?' }, { role: 'assistant', content: answer }] })).join('\\n');
const dataset: Dataset = await open([{ name: 'a.jsonl', bytes: new TextEncoder().encode(text) }]);
const pruned: Pruned = dataset.prune(rule({ strategy: 'density' }), { cut: 1, train: 1 });
const files: readonly ExportedFile[] = await pruned.export('out', { profiles: [{ profile: 'messages' }] });
// @ts-expect-error a strategy that does not exist
const refused = (() => { try { return rule({ strategy: 'best' }); } catch (error) { return error instanceof UsageError; } })();
console.log(JSON.stringify({ rollouts: dataset.facts().rollouts, files: files.map(({ name, records }) => [name, records]), refused }));
`;

describe('the packed package', () => {
  it('holds what is needed to run, once, and nothing else', () => {
    const files = run('tar', ['-tzf', tarball])
      .stdout.split('\n')
      .filter((path) => path !== '');
    const tops = new Set(files.map((path) => path.split('/')[1]));
    expect([...tops].sort()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'dist-cli', 'package.json']);
    expect(files.filter((path) => path.endsWith('.onnx'))).toHaveLength(1);
    expect(files.filter((path) => path.endsWith('orchard.jsonl'))).toHaveLength(1);
    expect(files).toEqual(expect.arrayContaining(['package/dist/index.html', 'package/dist-cli/types/src/cli/api.d.ts']));
  });

  it('explains itself and its version', (context) => {
    if (unreachable !== null) context.skip(unreachable);
    expect(run(program, ['--help'])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('espalier inspect') as string,
    });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(run(program, ['--version']).stdout).toBe(`${version}\n`);
  });

  it('inspects, prunes and scores with no build step', (context) => {
    if (unreachable !== null) context.skip(unreachable);
    const sample = join(installed, 'dist/samples/orchard.jsonl');
    const inspected = run(program, ['inspect', sample, '--json']);
    expect(inspected.stderr).toBe('');
    expect(JSON.parse(inspected.stdout)).toMatchObject({ rollouts: 128, tasks: 8, entropySource: 'logged' });
    expect(run(program, ['prune', sample, '--budget', '30%', '--out', 'set']).status).toBe(0);
    expect(readdirSync(join(elsewhere, 'set'))).toContain('manifest.json');
    // Large enough for the parse threads, which start from a file of their own.
    const record = readFileSync(sample, 'utf8').split('\n', 1)[0];
    writeFileSync(join(elsewhere, 'large.jsonl'), `${record}\n`.repeat(Math.ceil(9e6 / record.length)));
    const times = Math.ceil(9e6 / record.length);
    expect(JSON.parse(run(program, ['inspect', 'large.jsonl', '--json']).stdout)).toMatchObject({ inputs: [{ records: times }] });
    // The texts alone, a few of them: the bundled model has to score what the log does not say.
    const chat = readFileSync(join(installed, 'dist/samples/orchard-chat.jsonl'), 'utf8').split('\n', 2).join('\n');
    writeFileSync(join(elsewhere, 'chat.jsonl'), chat);
    const scored = run(program, ['score', 'chat.jsonl', '--out', 'chat.scores']);
    expect(scored).toMatchObject({ status: 0, stderr: expect.stringMatching(/[\d,]+ tokens scored/) as string });
    expect(readFileSync(join(elsewhere, 'chat.scores'), 'latin1')).toMatch(/^espalier-scores-4\n/);
    expect(readdirSync(installed).sort()).not.toContain('.cache');
  });

  it('serves the page that it brings', async (context) => {
    if (unreachable !== null) context.skip(unreachable);
    const server = spawn(process.execPath, [join(installed, 'bin/espalier.mjs'), 'view', '--port', '0'], { cwd: elsewhere });
    try {
      const address = await new Promise<string>((found, failed) => {
        let said = '';
        server.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          const match = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
          if (match) found(match[0]);
        });
        server.on('exit', () => failed(new Error(`view ended: ${said}`)));
      });
      const page = await fetch(address);
      expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
      const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
      expect(script).toBeDefined();
      expect((await fetch(address + script)).status).toBe(200);
      expect((await fetch(`${address}samples/orchard.jsonl`)).status).toBe(200);
      expect((await fetch(`${address}..%2f..%2fpackage.json`)).status).toBe(404);
      expect((await fetch(`${address}%E0%A4%A`)).status).toBe(404);
    } finally {
      server.kill();
    }
  });

  it('is a library whose types and figures a small program can rely on', (context) => {
    if (unreachable !== null) context.skip(unreachable);
    const consumer = join(clean, 'consumer');
    mkdirSync(join(consumer, 'node_modules'), { recursive: true });
    writeFileSync(join(consumer, 'package.json'), '{ "type": "module", "dependencies": {} }');
    writeFileSync(join(consumer, 'main.ts'), CONSUMER);
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status, stderr } = run('npm', ['install', ...options, tarball], consumer);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    const compile = ['--strict', '--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024', ...types, 'main.ts'];
    expect(run(process.execPath, [tsc, ...compile], consumer)).toMatchObject({ status: 0, stdout: '' });
    const { stdout } = run(process.execPath, ['main.js'], consumer);
    expect(JSON.parse(stdout)).toEqual({
      rollouts: 2,
      files: [
        ['messages.jsonl', 2],
        ['manifest.json', 1],
      ],
      refused: true,
    });
  });
});
