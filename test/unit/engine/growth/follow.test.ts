import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import type { GrowingSource } from '../../../../src/engine/input-file.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';
import { zipFile } from '../../../helpers/zipFile.ts';
import { proven } from '../../../helpers/proven.ts';
import { sessionState } from '../../../helpers/sessionState.ts';

const quiet = () => undefined;
const OTHER = inputFile('other.jsonl', readFileSync('test/fixtures/chat/tools.jsonl'));
/** Two rollouts of one task and a broken record; the last line has no line end. */
const messages = (content: string) => [{ role: 'assistant', content }];
const SMALL = [
  JSON.stringify({ task_id: 'k', messages: messages('é') }),
  '',
  '{broken}',
  JSON.stringify({ task_id: 'k', messages: messages('no') }),
].join('\r\n');

function growingSource(path: string, text: string): GrowingSource & { size: number } {
  const bytes = new TextEncoder().encode(text);
  const growing = { path, size: 0, now: async () => inputFile(path, bytes.slice(0, growing.size)) };
  return growing;
}

async function stateAtOnce(path: string, text: string): Promise<Record<string, unknown>> {
  const { session } = await openSession([OTHER, inputFile(path, text)]);
  return sessionState(session);
}

it('gives what opening the final file gives, wherever it is cut while it grows', async () => {
  const { session: atOnce } = await openSession([inputFile('log.jsonl', SMALL)]);
  const expected = await sessionState(atOnce);
  const length = new TextEncoder().encode(SMALL).length;
  for (let cut = 0; cut <= length; cut++) {
    const { session } = await openSession([]);
    const growing = growingSource('log.jsonl', SMALL);
    growing.size = cut;
    const { name, bytes, held } = await session.follow(growing, quiet);
    expect(bytes + held).toBe(cut);
    // A line that is not complete is held: it is neither a record nor an issue.
    const before = new TextDecoder().decode(new TextEncoder().encode(SMALL).slice(0, cut));
    expect(session.facts().inputs[0].records).toBe(
      Math.min(2, before.split('\n').filter((line, i, all) => i < all.length - 1 && line.trim() !== '').length),
    );
    growing.size = length;
    const { held: last } = await session.poll(name);
    expect(last).toBe(new TextEncoder().encode(SMALL.slice(SMALL.lastIndexOf('\n') + 1)).length);
    expect(await session.unfollow(name)).toEqual({ name, bytes: length, held: 0, ended: 'following was stopped' });
    expect(await sessionState(session), `cut at byte ${cut}`).toEqual(expected);
    await expect(session.poll(name)).rejects.toThrow('log.jsonl is not followed');
  }
}, 120_000);

it('gives the same over any number of looks, for lines, for documents and for files whose format shows late', async () => {
  const late = `{"x": 1}\n{"x": 2}\n${readFileSync('test/fixtures/verl/12.jsonl', 'utf8')}`;
  const logs = [
    late,
    readFileSync('test/fixtures/atropos/groups.jsonl', 'utf8'),
    readFileSync('test/fixtures/sharegpt/turns.json', 'utf8'),
  ];
  const files = logs.flatMap((log) => ['log.jsonl', 'log.json'].map((path) => ({ path, log })));
  const expected = new Map<(typeof files)[number], Record<string, unknown>>();
  for (const file of files) expected.set(file, await stateAtOnce(file.path, file.log));
  const looks = fc.constantFrom(...files).chain((file) => {
    const { length } = new TextEncoder().encode(file.log);
    return fc.record({
      file: fc.constant(file),
      cuts: fc.array(fc.nat(length), { maxLength: 5 }).map((cuts) => cuts.sort((a, b) => a - b)),
    });
  });
  await fc.assert(
    fc.asyncProperty(looks, async ({ file, cuts: [first = 0, ...cuts] }) => {
      const { path, log } = file;
      const { session } = await openSession([OTHER]);
      const growing = growingSource(path, log);
      growing.size = first;
      const { name } = await session.follow(growing, quiet);
      for (const cut of cuts) {
        growing.size = cut;
        await session.poll(name);
      }
      growing.size = new TextEncoder().encode(log).length;
      await session.unfollow(name);
      expect(await sessionState(session)).toEqual(expected.get(file));
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('notices that the file shrank: an issue, and following ends; what was read stays', async () => {
  const { session } = await openSession([OTHER]);
  const growing = growingSource('log.jsonl', SMALL);
  growing.size = SMALL.length;
  const { name } = await session.follow(growing, quiet);
  const { rollouts, issues } = session.facts();
  growing.size = 10;
  expect((await session.poll(name)).ended).toMatch(/^the file shrank: 10 bytes/);
  const facts = session.facts();
  expect([facts.rollouts, facts.issues]).toEqual([rollouts, issues + 1]);
  const [input] = facts.inputs;
  expect(input.records).toBe(input.rollouts + input.issueCount);
  expect(
    session
      .issues(0, 100)
      .issues.filter(({ file }) => file === 'log.jsonl')
      .at(-1),
  ).toMatchObject({ code: 'shrunk-file' });
  await expect(session.poll(name)).rejects.toThrow('not followed');
});

it('goes on after an earlier input was removed', async () => {
  const { session } = await openSession([OTHER]);
  const growing = growingSource('log.jsonl', SMALL);
  growing.size = 80;
  const { name } = await session.follow(growing, quiet);
  await session.remove('other.jsonl');
  growing.size = new TextEncoder().encode(SMALL).length;
  await session.poll(name);
  await session.unfollow(name);
  const { session: atOnce } = await openSession([inputFile('log.jsonl', SMALL)]);
  expect(await sessionState(session)).toEqual(await sessionState(atOnce));
});

it('notices that the file was replaced by one that is as long, or longer: an issue, and following ends', async ({ task }) => {
  const seen: string[] = [];
  for (const more of [0, 40]) {
    const { session } = await openSession([OTHER]);
    let text = `${SMALL}\r\n`;
    const growing = { path: 'log.jsonl', now: async () => inputFile('log.jsonl', text) };
    const { name, bytes } = await session.follow(growing, quiet);
    const { rollouts, issues } = session.facts();
    const sink = memorySink();
    const write = () =>
      session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
    // What comes behind changes nothing of what was read.
    text += '{"half of a line';
    await write();
    text = text.replace('é', 'è').replace('{"half', `${' '.repeat(more)}{"half`);
    await expect(write()).rejects.toThrow('log.jsonl changed since it was opened');
    const { ended } = await session.poll(name);
    expect(ended).toBe(`the file was replaced: it changed since it was opened: ${bytes} bytes then, others in their place now`);
    seen.push(ended ?? '');
    const facts = session.facts();
    expect([facts.rollouts, facts.issues]).toEqual([rollouts, issues + 1]);
    expect(session.issues(0, 100).issues.filter(({ code }) => code === 'changed-file')).toMatchObject([{ file: 'log.jsonl' }]);
    await expect(session.poll(name)).rejects.toThrow('not followed');
  }
  proven(task, {
    part: 'Input',
    fault: 'A file that is followed is replaced by one that is as long, or longer',
    happened: `an issue, following ends, and exports are refused: “${seen[0]}”`,
  });
});

it('reads the others where one cannot be looked at, and tells which and why', async () => {
  const [gone, good] = ['gone.jsonl', 'good.jsonl'].map((path) => {
    const growing = {
      path,
      text: `${SMALL}\r\n`,
      fault: '',
      now: async () => inputFile(path, growing.fault === '' ? growing.text : fail()),
    };
    const fail = (): never => {
      throw new Error(growing.fault);
    };
    return growing;
  });
  const { session } = await openSession([]);
  await session.follow(gone!, quiet);
  await session.follow(good!, quiet);
  const line = `${JSON.stringify({ task_id: 'k', messages: messages('more') })}\n`;
  for (const each of [gone!, good!]) each.text += line;
  gone!.fault = 'no such file';
  const before = session.facts().rollouts;
  const answers = await session.pollAll(['gone.jsonl', 'good.jsonl']);
  expect(answers).toMatchObject([
    { name: 'good.jsonl', ended: null },
    { name: 'gone.jsonl', ended: null, unread: 'no such file' },
  ]);
  expect(answers[0]).not.toHaveProperty('unread');
  expect(session.facts().rollouts).toBe(before + 1);
  await expect(session.poll('gone.jsonl')).rejects.toThrow('no such file');
  gone!.fault = '';
  await session.pollAll(['gone.jsonl', 'good.jsonl']);
  expect(session.facts().rollouts).toBe(before + 2);
});

/** A model call, whole and on one line, as its program writes it. */
const call = (turns: number): string => {
  const said = Array.from({ length: turns }, (_, n) => [
    { role: 'user', content: `ask ${n}` },
    { role: 'assistant', content: `say ${n}` },
  ]).flat();
  return JSON.stringify({ messages: said.slice(0, -1), response: { choices: [{ message: said.at(-1) }] } });
};

it('reads files that are records only together as they are read without following, and tells that they are not followed', async () => {
  const parts = [1, 2].map((turns) => inputFile(`llm/m-170000000${turns}.json`, call(turns)));
  const other = inputFile('other.jsonl', `${SMALL}\r\n`);
  const { session: without } = await openSession([other, ...parts]);
  const follow = (file: (typeof parts)[number]) => ({ ...file, growing: { path: file.path, now: () => Promise.resolve(file) } });
  const { session } = await openSession([other, ...parts].map(follow));
  expect(await sessionState(session)).toEqual(await sessionState(without));
  expect(session.followed()).toMatchObject([{ name: 'other.jsonl' }]);
  const why = 'it is a record only together with other files, which are read once';
  const told = parts.map(({ path }) => ({ path, why, isPart: true }));
  expect(session.unfollowed()).toEqual(told);
  await session.append(
    [3, 4].map((turns) => follow(inputFile(`more/m-170000000${turns}.json`, call(turns)))),
    quiet,
  );
  expect(session.unfollowed()).toEqual([...told, ...[3, 4].map((turns) => ({ path: `more/m-170000000${turns}.json`, why, isPart: true }))]);
  await session.open([OTHER], DEFAULT_OPEN_SETTINGS, quiet);
  expect([session.followed(), session.unfollowed()]).toEqual([[], []]);
});

it('reads an archive anew as it changes, a large one not, which it tells', async () => {
  const line = (name: string) => `${JSON.stringify({ task_id: name, messages: messages(name) })}\n`;
  for (const pad of [0, (16 << 20) + 1]) {
    const members = [
      { name: 'a.bin', content: new Uint8Array(pad) },
      { name: 'b.jsonl', content: line('b') },
    ];
    const growing = { path: 'runs.zip', now: () => Promise.resolve(inputFile('runs.zip', zipFile(members))) };
    const { session, facts } = await openSession([{ ...(await growing.now()), growing }]);
    expect(facts.rollouts).toBe(1);
    members.push({ name: 'c.jsonl', content: line('c') });
    const [told] = await session.pollAll(['runs.zip']);
    expect(told).toMatchObject({ name: 'runs.zip', ended: null });
    expect([session.facts().rollouts, told?.unread]).toEqual(
      pad === 0
        ? [2, undefined]
        : [1, 'it has changed and is no log of lines: such files are read anew up to 16,777,216 bytes, this one when opened again'],
    );
  }
});

it('reads a document that is complete without a line end, and lines of its name as they come', async () => {
  const first = JSON.stringify({ task_id: 'k', messages: messages('one') });
  let text = first;
  const growing = (path: string) => ({ path, now: () => Promise.resolve(inputFile(path, text)) });
  const { session } = await openSession([]);
  for (const path of ['a.json', 'a.jsonl']) await session.follow(growing(path), quiet);
  expect(session.facts().inputs.map(({ rollouts }) => rollouts)).toEqual([1, 0]);
  expect(session.followed()).toMatchObject([
    { name: 'a.json', bytes: first.length, held: 0 },
    { name: 'a.jsonl', bytes: 0, held: first.length },
  ]);
  text += `\n${first.replace('one', 'two')}\n${first.slice(0, 9)}`;
  await session.pollAll(['a.json', 'a.jsonl']);
  expect(session.facts()).toMatchObject({ issues: 0, inputs: [{ rollouts: 2 }, { rollouts: 2 }] });
});
