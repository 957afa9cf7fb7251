/** An export profile is a file and a line: a toy one, put into the registry, shows up everywhere that profiles do. */
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { exportHelp, exportSpec } from '../../src/cli/export-flag.ts';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import type { ExportProfile } from '../../src/engine/export/profile.ts';
import { inputFile, linesOf, memorySink, openSession } from '../helpers/openSession.ts';
import { importsOf, readSources } from '../helpers/sources.ts';

vi.mock('../../src/engine/export/profiles/index.ts', async (original) => {
  const { PROFILES } = await original<{ PROFILES: readonly ExportProfile[] }>();
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const toy: ExportProfile = {
    id: 'roles',
    label: 'Roles',
    about: 'Who speaks in each branch',
    specification: 'docs/training-sets.md',
    fileName: 'roles.json',
    mediaType: 'application/json',
    kind: 'json',
    unit: 'branch',
    needs: ['messages'],
    byDefault: false,
    options: [
      { name: 'case', label: 'Case', help: 'how roles are written', type: 'choice', values: ['lower', 'upper'], default: 'lower' },
      { name: 'most', label: 'Most', help: 'roles of a branch', type: 'number', min: 1, max: 99, whole: true, default: 99 },
      { name: 'ids', label: 'Ids', help: 'name the rollout', type: 'flag', default: false },
    ],
    count: (planned) => planned.records.length,
    warnings: (_, options) => [`case ${options['case']}`],
    writer(_, options) {
      let isFirst = true;
      return {
        head: bytes('['),
        write({ said, origin }) {
          const roles = (said?.messages('train-once') ?? []).slice(0, Number(options['most'])).map(({ role }) => role);
          const text = JSON.stringify({ ...(options['ids'] === true ? { id: origin.rollout } : {}), roles });
          const line = `${isFirst ? '' : ','}${options['case'] === 'upper' ? text.toUpperCase() : text}`;
          isFirst = false;
          return bytes(line);
        },
        finish: () => bytes(']'),
      };
    },
  };
  return { PROFILES: [...PROFILES, toy] };
});

const BUDGET = { cut: 0.5, train: 1 };
const sample = (): ReturnType<typeof inputFile> => inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'));

it('is in the help of the CLI with its options, and not among the defaults', () => {
  const help = exportHelp();
  expect(help).toMatch(/roles +Who speaks in each branch/);
  expect(help).toContain(':case=  how roles are written; one of lower, upper (default lower)');
  expect(help).toContain('(default messages,tokens,forest)');
  expect(exportSpec({}).profiles.map(({ profile }) => profile)).toEqual(['messages', 'tokens', 'forest']);
});

it('is asked for on the command line, options and all', () => {
  const { profiles } = exportSpec({ export: 'roles:case=upper,most=3,ids=yes,tokens' });
  expect(profiles).toEqual([
    { profile: 'roles', options: { case: 'upper', most: 3, ids: true } },
    { profile: 'tokens', options: {} },
  ]);
});

it.each([
  ['role', /^--export: expected any of messages, tokens, forest, .*roles, found role$/],
  ['roles:colour=red', '--export: roles has no option colour; its options are: case, most, ids'],
  ['tokens:case=upper', '--export: tokens has no option case; its options are: none'],
  ['roles:case=title', '--export: roles:case takes one of lower, upper, found title'],
  ['roles:most=1.5', '--export: roles:most takes a whole number from 1 to 99, found 1.5'],
  ['roles:ids=maybe', '--export: roles:ids takes yes or no, found maybe'],
  ['case=upper', '--export: expected the name of a profile before case=upper'],
  ['', /^--export: expected any of messages, tokens, forest, .*roles, found $/],
])('is not what %j asks for', (list, message) => {
  expect(() => exportSpec({ export: list })).toThrow(message);
});

it('is offered, previewed and written, with its options in the manifest', async () => {
  const { session } = await openSession([sample()]);
  expect(session.exportProfiles().find(({ id }) => id === 'roles')).toMatchObject({ label: 'Roles', unavailable: null });
  const { orderId } = session.order(DEFAULT_RULE);
  const spec = exportSpec({ export: 'roles:case=upper,tokens' });
  const [, preview] = await session.previewExport(orderId, BUDGET, spec);
  expect(preview).toMatchObject({ profile: 'roles', fileName: 'roles.json', warnings: ['case upper'] });
  expect(preview?.lines).toHaveLength(3);
  const sink = memorySink();
  const files = await session.export(orderId, BUDGET, spec, sink, () => undefined);
  expect(files.map(({ name }) => name)).toEqual(['tokens.jsonl', 'roles.json', 'manifest.json']);
  const records = JSON.parse(sink.files.get('roles.json') ?? '') as { ROLES: string[] }[];
  expect(records).toHaveLength(files[1].records);
  expect(records[0].ROLES.slice(0, 2)).toEqual(['SYSTEM', 'USER']);
  const { settings } = JSON.parse(sink.files.get('manifest.json') ?? '') as { settings: { export_options: unknown } };
  expect(settings.export_options).toEqual({ roles: { case: 'upper', most: 99, ids: false } });
});

it('shares with the others what is read back: each rollout once, however many profiles want it', async () => {
  const input = sample();
  let reads = 0;
  const source = { ...input.source, read: (start: number, end: number) => (reads++, input.source.read(start, end)) };
  const handle = input.handle as { bytes: Uint8Array<ArrayBuffer> };
  const { session } = await openSession([{ path: input.path, source, handle }]);
  const { orderId } = session.order(DEFAULT_RULE);
  const readsOf = async (list: string): Promise<number> => {
    reads = 0;
    await session.export(orderId, BUDGET, exportSpec({ export: list }), memorySink(), () => undefined);
    return reads;
  };
  const one = await readsOf('messages');
  expect(one).toBeGreaterThan(8);
  expect(await readsOf('messages,tokens,forest,roles')).toBe(one);
  expect(await readsOf('tokens,forest')).toBeLessThan(3);
});

it('is refused before anything is written where the log cannot give it', async () => {
  const first = await openSession([sample()]);
  const sink = memorySink();
  await first.session.export(first.session.order(DEFAULT_RULE).orderId, BUDGET, exportSpec({ export: 'forest' }), sink, () => undefined);
  const { session } = await openSession([inputFile('forest.jsonl', sink.files.get('forest.jsonl') ?? '')]);
  const unavailable = new Map(session.exportProfiles().map((offer) => [offer.id, offer.unavailable]));
  expect(unavailable.get('tokens')).toBeNull();
  expect(unavailable.get('roles')).toContain('holds token ids and no messages');
  const again = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await expect(session.export(orderId, BUDGET, exportSpec({ export: 'tokens,roles' }), again, () => undefined)).rejects.toThrow('roles: ');
  expect(again.files.size).toBe(0);
  await session.export(orderId, BUDGET, exportSpec({ export: 'forest' }), again, () => undefined);
  expect(linesOf(again.files.get('forest.jsonl')).length).toBeGreaterThan(0);
});

it('is named by the registry alone: no other file of the program imports it or knows the name of its file', () => {
  const folder = 'src/engine/export/profiles/';
  const sources = [...readSources()].filter(([path]) => /^(?:src|workers)\//.test(path) && !path.startsWith(folder));
  const named = sources.flatMap(([path, text]) => {
    const imports = importsOf(path, text).filter(({ target }) => target.startsWith(folder) && target !== `${folder}index.ts`);
    return imports.length > 0 || /\b(?:messages|tokens|forest)\.jsonl\b/.test(text) ? [path] : [];
  });
  expect(sources.length).toBeGreaterThan(100);
  expect(named).toEqual([]);
});
