/** Addresses in the place of paths, against a stand-in for the hub: rollouts and bytes as of files, and a word for each refusal. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangedInput, FileFault, open, rule, UsageError, type Dataset } from '../../../src/cli/api.ts';
import { espalier, startEspalier } from '../../helpers/espalier.ts';
import { SHA, startHub, TOKEN, type HubServer } from '../../helpers/hubServer.ts';
import { memorySink } from '../../helpers/openSession.ts';

const line = (n: number, words: number): string =>
  `${JSON.stringify({
    task_id: `task-${n % 5}`,
    messages: [
      { role: 'user', content: 'Go on.' },
      { role: 'assistant', content: `Answer ${n} ${`word${n} `.repeat(words)}` },
    ],
  })}\n`;
const lines = (count: number, words = 20): string => Array.from({ length: count }, (_, n) => line(n, words)).join('');
const FILES: Record<string, string> = {
  '.gitattributes': 'x',
  'README.md': '# Logs',
  'runs/a.jsonl': lines(20),
  'runs/long.jsonl': lines(700, 300),
  'other/c.jsonl': lines(1),
  'about/README.md': '# About',
  'empty.txt': '',
};
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
let server: HubServer;

beforeAll(async () => {
  server = await startHub(FILES);
});
beforeEach(() => {
  server.asked.length = 0;
  Object.assign(server.ways, { isPrivate: false, answersRanges: true, packs: false, tag: '"cdn"', sendsTo: '' });
  vi.stubEnv('HF_ENDPOINT', server.hub);
  vi.stubEnv('HF_TOKEN', undefined);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const plain = (name: string): string => `${server.cdn}/blob/${name}`;
const names = (dataset: Dataset): string[] => dataset.facts().inputs.map(({ name }) => name);

/** The hashes of all files of an export, by name. */
async function exported(dataset: Dataset): Promise<Readonly<Record<string, string>>> {
  const sink = memorySink();
  await dataset.prune(rule(), { cut: 1, train: 1 }).export(sink, { profiles: [{ profile: 'messages' }, { profile: 'forest' }] });
  return Object.fromEntries([...sink.files].map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]));
}

describe('a repository', () => {
  it.each([
    ['hf://datasets/org/logs', ['empty.txt', 'other/c.jsonl', 'runs/a.jsonl', 'runs/long.jsonl'], 721],
    [`hf://datasets/org/logs@${SHA}/runs`, ['runs/a.jsonl', 'runs/long.jsonl'], 720],
    ['hf://datasets/org/logs/other/c.jsonl', ['other/c.jsonl'], 1],
  ])('opens %s, by ranges', async (address, files, rollouts) => {
    const dataset = await open(address);
    expect(names(dataset)).toEqual(files.map((file) => `org/logs/${file}`));
    expect(dataset.facts()).toMatchObject({ rollouts });
    expect(server.asked.filter((each) => each.includes('README'))).toEqual([]);
  });

  it('is exported as the same bytes as its files', async () => {
    const here = ['runs/a.jsonl', 'runs/long.jsonl'].map((name) => ({
      name: `org/logs/${name}`,
      bytes: new TextEncoder().encode(FILES[name]),
    }));
    const expected = await exported(await open(here));
    expect(Object.keys(expected).length).toBeGreaterThan(2);
    expect(await exported(await open('hf://datasets/org/logs/runs'))).toEqual(expected);
  });

  it.each([
    ['hf://datasets/org/logs@gone', /Expected the commit that gone of org\/logs is, found status 404/],
    ['hf://datasets/org/logs/about', /found none: 1 left out, such as about\/README\.md/],
    ['hf://datasets/org/logs/nothing', /Expected logs at org\/logs\/nothing, found none/],
    ['hf://datasets/org', /expected hf:\/\/datasets\/OWNER\/NAME/],
  ])('says why %s is not opened', async (address, sentence) => {
    const failure = await open(address).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure).toMatchObject({ message: expect.stringMatching(sentence) as unknown });
  });

  it('tells of a file that is gone since the listing as an issue', async () => {
    server.ways.sendsTo = plain('nowhere');
    const dataset = await open('hf://datasets/org/logs/runs/a.jsonl');
    expect(dataset.facts()).toMatchObject({ rollouts: 0, issues: 1 });
    expect(dataset.issues()[0]?.found).toContain('its host answers with status 404');
  });

  it('is not led from this machine to another by a plain connection', async () => {
    server.ways.sendsTo = 'ftp://host.invalid/a.jsonl?signature=1';
    const dataset = await open('hf://datasets/org/logs/runs/a.jsonl');
    expect(dataset.issues()[0]?.found).toMatch(/sends on to an address that may not be asked: ftp:\/\/host\.invalid\/a\.jsonl\./);
  });
});

describe('a file that several addresses lead to', () => {
  const told = (dataset: Dataset): string[] => dataset.issues().flatMap(({ code, found }) => (code === 'same-file' ? [found] : []));

  it.each([
    ['a repository and its file', ['hf://datasets/org/logs/runs', 'hf://datasets/org/logs/runs/a.jsonl'], 720],
    ['its commit', ['hf://datasets/org/logs/runs/a.jsonl', `hf://datasets/org/logs@${SHA}/runs/a.jsonl`], 20],
    ['the same twice', ['hf://datasets/org/logs/runs/a.jsonl', 'hf://datasets/org/logs/runs/a.jsonl'], 20],
  ])('is read once, and that is told: %s', async (_, addresses, rollouts) => {
    const dataset = await open(addresses);
    expect(dataset.facts()).toMatchObject({ rollouts });
    expect(told(dataset)).toHaveLength(1);
    expect(told(dataset)).toEqual(told(await open(addresses.toReversed())));
    expect(told(dataset)[0]).toMatch(/^the same at hf:\/\/datasets\/org\/logs\S*\/runs\/a\.jsonl: read once$/);
  });

  it('is told by its whole address', async () => {
    const address = plain('runs/a.jsonl');
    const dataset = await open([address, `${address}#top`, address.replace('http:', 'HTTP:')]);
    expect(dataset.facts()).toMatchObject({ rollouts: 20 });
    expect((await open([address, `${address}?version=2`])).facts()).toMatchObject({ rollouts: 40 });
  });
});

describe('a token', () => {
  const address = 'hf://datasets/org/logs/runs';
  const file = join(folder, 'token');
  beforeEach(() => {
    server.ways.isPrivate = true;
    writeFileSync(file, `${TOKEN}\n`);
  });

  it('is asked for where the hub shows nothing', async () => {
    await expect(open(address)).rejects.toThrow(/does not show org\/logs: .*HF_TOKEN.*--token-file/);
    await expect(open(address)).rejects.toBeInstanceOf(UsageError);
  });

  it('comes from the variable or a file, and goes to the hub alone', async () => {
    vi.stubEnv('HF_TOKEN', TOKEN);
    expect((await open(address)).facts()).toMatchObject({ rollouts: 720 });
    await open(plain('runs/a.jsonl'));
    vi.stubEnv('HF_TOKEN', undefined);
    expect((await open(address, { tokenFile: file })).facts()).toMatchObject({ rollouts: 720 });
    expect(server.asked.some((each) => each.startsWith('cdn GET'))).toBe(true);
    expect(server.asked.filter((each) => each.includes(TOKEN))).toEqual([]);
  });

  it('is in nothing that is written or said', async () => {
    const out = join(folder, 'set');
    const { status, stdout, stderr } = await startEspalier(['prune', address, '--budget', '50%', '--token-file', file, '--out', out]).ended;
    expect(stderr).toContain('720 rollouts');
    expect(status).toBe(0);
    const written = readFileSync(join(out, 'manifest.json'), 'utf8');
    expect(written).toContain('org/logs/runs/a.jsonl');
    expect(`${stdout}${stderr}${written}`).not.toContain(TOKEN);
  });

  it('is no argument, and one word', async () => {
    expect(espalier(['inspect', address, '--token', TOKEN]).status).toBe(2);
    writeFileSync(file, 'two words');
    await expect(open(address, { tokenFile: file })).rejects.toThrow(/--token-file: .*: expected one word, the token, found other text/);
    await expect(open(address, { tokenFile: join(folder, 'none') })).rejects.toThrow('--token-file: no file at');
  });
});

describe('a file at an address', () => {
  it.each([
    ['short', 'runs/a.jsonl', {}, 20],
    ['long', 'runs/long.jsonl', {}, 700],
    ['long of a host without ranges', 'runs/long.jsonl', { answersRanges: false }, 700],
    ['long of a host that compresses', 'runs/long.jsonl', { answersRanges: false, packs: true }, 700],
    ['long of a host that compresses what is no range', 'runs/long.jsonl', { packs: true }, 700],
  ])('is read where it is %s', async (_, name, ways, rollouts) => {
    Object.assign(server.ways, ways);
    const dataset = await open(plain(name));
    expect(dataset.facts()).toMatchObject({ rollouts, issues: 0 });
    const bytes = new TextEncoder().encode(FILES[name]);
    expect(await exported(dataset)).toEqual(await exported(await open([{ name: name.split('/')[1], bytes }])));
  });

  it('is asked for its version now and then, not for each record', async () => {
    const dataset = await open(plain('runs/long.jsonl'));
    server.asked.length = 0;
    await exported(dataset);
    expect(server.asked.length).toBeLessThan(350);
    expect(server.asked.filter((each) => each.startsWith('cdn HEAD')).length).toBeGreaterThan(1);
  });

  it('is told of where it is empty', async () => {
    const dataset = await open([plain('empty.txt'), plain('runs/a.jsonl')]);
    expect(dataset.facts().inputs).toMatchObject([
      { name: 'a.jsonl', rollouts: 20 },
      { name: 'empty.txt', records: 0 },
    ]);
  });

  it('is refused where it became another one', async () => {
    const dataset = await open(plain('runs/long.jsonl'));
    server.ways.tag = '"other"';
    await expect(exported(dataset)).rejects.toBeInstanceOf(ChangedInput);
  });

  it('is a usage error where it is not there, and a fault where its host does not answer', async () => {
    await expect(open(plain('none'))).rejects.toThrow(/cannot read http:.*found status 404/);
    await expect(open(plain('none'))).rejects.toBeInstanceOf(UsageError);
    const gone = await startHub({});
    gone.close();
    await expect(open(`${gone.cdn}/a.jsonl`)).rejects.toBeInstanceOf(FileFault);
    const { status, stderr } = await startEspalier(['inspect', `${gone.cdn}/a.jsonl`]).ended;
    expect(stderr).toContain('Could not reach 127.0.0.1');
    expect(status).toBe(74);
  });

  it('is read by threads, beside files of this machine', async () => {
    FILES['large.jsonl'] = lines(3000, 500);
    const beside = join(folder, 'beside.jsonl');
    writeFileSync(beside, lines(3));
    const { status, stdout } = await startEspalier(['inspect', plain('large.jsonl'), beside, '--json']).ended;
    delete FILES['large.jsonl'];
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      inputs: [
        { name: 'beside.jsonl', rollouts: 3 },
        { name: 'large.jsonl', rollouts: 3000 },
      ],
    });
  });
});

it.each([
  [
    'https://name:secret@host.invalid/a.jsonl?signature=secret',
    /cannot read https:\/\/host\.invalid\/a\.jsonl: Expected an address without/,
  ],
  ['https:///na@me:secret@host.invalid/a.jsonl', /cannot read https:\/\/host\.invalid\/a\.jsonl: Expected an address without/],
  ['https://name:secret@[/a.jsonl?secret', /found https:\/\/\[\/a\.jsonl$/],
])('takes no name and password, and tells neither: %s', async (address, sentence) => {
  const failure = await open(address).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect(failure).toMatchObject({ message: expect.stringMatching(sentence) as unknown });
  expect(String(failure)).not.toContain('secret');
});

it('tells no query of an address', async () => {
  const failure = await open(`${plain('none')}?signature=secret`).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: expect.stringMatching(/^cannot read http:.*\/blob\/none: /) as unknown });
  expect(String(failure)).not.toContain('secret');
  vi.stubEnv('HF_ENDPOINT', 'http://hub.invalid/?secret');
  await expect(open('hf://datasets/org/logs')).rejects.toThrow(/expected an https address, found http:\/\/hub\.invalid\/$/);
  vi.stubEnv('HF_ENDPOINT', 'https://name:secret@hub.invalid');
  await expect(open('hf://datasets/org/logs')).rejects.toThrow(/^HF_ENDPOINT: expected an address without a name and password in it/);
  const viewed = espalier(['view', 'https://name:secret@host.invalid/a.jsonl', '--port', '0']);
  expect(viewed).toMatchObject({ status: 2, stdout: '' });
  expect(viewed.stderr).toContain('https://host.invalid/a.jsonl: expected an address without a name and password');
  expect(viewed.stderr).not.toContain('secret');
});

it('asks nobody where no address is named', async () => {
  vi.stubEnv('HF_TOKEN', TOKEN);
  const file = join(folder, 'hf.jsonl');
  writeFileSync(file, lines(3));
  expect((await open(file)).facts()).toMatchObject({ rollouts: 3 });
  expect(server.asked).toEqual([]);
});

it('takes no hub that would be asked without encryption', async () => {
  vi.stubEnv('HF_ENDPOINT', 'http://hub.invalid');
  await expect(open('hf://datasets/org/logs')).rejects.toThrow('HF_ENDPOINT: expected an https address, found http://hub.invalid');
});
