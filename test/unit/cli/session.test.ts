/** Sessions, groups and verdicts on the command line: the bytes that the page's session writes, and refusals that name the flag. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { curve } from '../../../src/cli/commands/curve.ts';
import { prune } from '../../../src/cli/commands/prune.ts';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenSettings } from '../../../src/engine/answers/opening.ts';
import { sessionText, type SessionDocument } from '../../../src/engine/session-file.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-session-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (out: string, name: string): string => readFileSync(join(folder, out, name), 'utf8');
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

it('writes what the page writes with all that the session says', { timeout: 120_000 }, async () => {
  const { session, facts } = await openSession([inputFile('orchard.jsonl', readFileSync(SAMPLE))]);
  const { keys } = session.rollouts();
  const rewards = [
    [keys[0]!, 0.25],
    [keys[1]!, 1],
  ] as const;
  const settings: OpenSettings = { ...DEFAULT_OPEN_SETTINGS, group: 'file', rewards };
  const notes: SessionDocument['notes'] = [{ subject: { kind: 'rollout', key: keys[2]! }, text: '', labels: ['late'] }];
  await session.open([inputFile('orchard.jsonl', readFileSync(SAMPLE))], settings, () => undefined);
  session.setNotes(notes);
  const shape = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const rule: PruneRule = {
    ...DEFAULT_RULE,
    mode: 'rl',
    hand: [{ key: nodeKeyOf(shape.keys, shape.length - 2), protection: { level: 'pin' } }],
    acts: [{ verb: 'drop', where: 'label:late', isOn: true }],
  };
  const budget = { cut: 0.4, train: 0.8 };
  const order = await session.makeOrder(rule);
  expect(order.acts.rollouts.dropped).toBe(1);
  const sink = memorySink();
  await session.export(order.orderId, budget, exportSpec('messages', 'tokens'), sink, () => undefined);
  const { tokenizer: _, ...open } = settings;
  const document: SessionDocument = {
    name: 'orchard',
    saved: '2026-11-29T16:00:00.000Z',
    data: facts.fingerprint,
    address: null,
    files: [],
    open: { ...open, tokenizer: 'o200k_base' },
    rule,
    budget,
    filter: '',
    notes,
    view: '',
    layout: {},
  };
  const path = file('orchard.espalier.json', sessionText(document, sha256));
  const out = ['--out', join(folder, 'same'), '--export', 'messages,tokens'];
  expect(await prune([SAMPLE, '--session', path, ...out])).toBe(0);
  for (const [name, content] of sink.files) expect(read('same', name), name).toBe(content);
  const { settings: said } = JSON.parse(read('same', 'manifest.json')) as { settings: object };
  expect(said).toMatchObject({ group: 'file', verdicts: { rollouts: 2 } });
  // Flags come first.
  expect(await prune([SAMPLE, '--session', path, '--budget', '10%', '--out', join(folder, 'less')])).toBe(0);
  expect(JSON.parse(read('less', 'manifest.json'))).toMatchObject({ budget: { target_cut: 0.1 } });
  await expect(prune([SAMPLE, '--session', SAMPLE, ...out])).rejects.toThrow('--session: ');
});

it('takes verdicts by id, as if the log had held them, at once and in parts', { timeout: 120_000 }, async () => {
  const record = (id: string, reward: number | null): string =>
    `${JSON.stringify({
      id,
      messages: [
        { role: 'user', content: 'Count the pears.' },
        { role: 'assistant', content: `I count ${id}.` },
      ],
      ...(reward === null ? {} : { reward }),
    })}\n`;
  const log = file('log.jsonl', record('a', null) + record('b', 0) + record('c', 1));
  const judged = file('judged.csv', 'id,reward\na,1\nb,0.5\nz,1\n');
  const flags = ['--budget', '100%', '--export', 'tokens', '--mode', 'rl'];
  expect(await prune([log, '--verdicts', judged, '--out', join(folder, 'judged'), ...flags])).toBe(0);
  expect(await prune([log, '--verdicts', judged, '--out', join(folder, 'parts'), '--stream', ...flags])).toBe(0);
  file('log.jsonl', record('a', 1) + record('b', 0.5) + record('c', 1));
  expect(await prune([log, '--out', join(folder, 'written'), ...flags])).toBe(0);
  expect(read('judged', 'tokens.jsonl')).toBe(read('written', 'tokens.jsonl'));
  expect(read('parts', 'tokens.jsonl')).toBe(read('written', 'tokens.jsonl'));
});

it('refuses in parts, and for a curve, what is not read there', async () => {
  const judged = file('labelled.csv', 'id,label\na,late\n');
  const out = join(folder, 'refused');
  const inParts = ['--budget', '10%', '--stream', '--out', out, '--verdicts', judged];
  const labels = 'labels of verdicts (--verdicts), which a filter asks for, are not read in parts';
  await expect(prune([SAMPLE, ...inParts, '--drop', 'label:late'])).rejects.toThrow(labels);
  await expect(prune([SAMPLE, ...inParts, '--keep', 'not labelled'])).rejects.toThrow(labels);
  const curves = [SAMPLE, '--preset', 'none', '--budget', '10%', '--out', join(folder, 'a.curve')];
  await expect(curve([...curves, '--verdicts', judged, '--drop', 'label:late'])).rejects.toThrow(labels);
  await expect(curve([...curves, '--notes', judged])).rejects.toThrow('notes and labels (--notes) are not read in parts');
  await expect(curve([...curves, '--session', judged])).rejects.toThrow('--session: a log is not pruned in parts with one');
});

it.each([
  [['--group', 'colour'], '--group: expected task, file, model, policy, found colour'],
  [['--status-reward', 'submitted'], '--status-reward: expected STATUS=REWARD,… such as submitted=1,exit_cost=0, found submitted'],
  [['--verdicts', 'nowhere.csv'], '--verdicts: no file at nowhere.csv'],
])('refuses %j', async (flags, reason) => {
  await expect(prune([SAMPLE, '--budget', '10%', '--out', join(folder, 'none'), ...flags])).rejects.toThrow(reason);
});
