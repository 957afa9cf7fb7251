/** Files that are records only together: folders of calls, and trials of Harbor. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { InputFile } from '../../../src/engine/input-file.ts';
import { BOUND_HEAD } from '../../../src/engine/bindings/join.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { rolloutsOf } from '../../helpers/rolloutsOf.ts';
import { sessionState } from '../../helpers/sessionState.ts';

type Json = Record<string, unknown>;
const fixture = (path: string): Json => JSON.parse(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')) as Json;
const filesOf = (folder: string, contents: Json): InputFile[] =>
  Object.entries(contents).map(([name, content]) => inputFile(`${folder}/${name}`, JSON.stringify(content, null, 1)));
const calls = fixture('call-files/bound.json')['calls'] as Json;
const chat = inputFile('chat.jsonl', '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n');

describe('a folder with a file for each call', () => {
  const files = filesOf('run/garden__beds-1', calls);
  it('is one rollout, in the order of the times in the names', async () => {
    const { facts } = await openSession([chat, ...files.toReversed()]);
    expect(facts.inputs).toMatchObject([
      { name: 'chat.jsonl', rollouts: 1 },
      { name: 'run/garden__beds-1', format: 'call-files', records: 1, rollouts: 1 },
    ]);
    const [rollout] = await rolloutsOf(files);
    const [expected] = await rolloutsOf([
      inputFile('a.json', readFileSync(new URL('../../fixtures/call-files/bound.json', import.meta.url))),
    ]);
    expect(rollout?.branches).toEqual(expected?.branches);
    expect(rollout?.task).toBe('garden__beds-1');
  });
  it('grows and shrinks what is open as if all had been opened at once', async () => {
    const { session } = await openSession([chat]);
    await session.append(files, () => undefined);
    expect(await sessionState(session)).toEqual(await sessionState((await openSession([chat, ...files])).session));
    await session.remove('run/garden__beds-1');
    expect(session.facts().rollouts).toBe(1);
  });
  it('is lost as one where a file of it is no JSON, and only it', async () => {
    const torn = inputFile(files[1]?.path ?? '', '{"messages": [');
    const other = filesOf('run/other', calls);
    const { facts } = await openSession([files[0] ?? chat, torn, ...other]);
    expect(facts.inputs).toMatchObject([
      { name: 'run/garden__beds-1', records: 1, rollouts: 0, issueCount: 1 },
      { name: 'run/other', records: 1, rollouts: 1 },
    ]);
  });
  it('stays files where these are something else, whatever they are called', async () => {
    const log = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}';
    const logs = ['1700000001', '1700000002'].map((time) => inputFile(`logs/run-${time}.json`, log));
    expect((await openSession(logs)).facts.inputs).toMatchObject([
      { format: 'chat', rollouts: 1 },
      { format: 'chat', rollouts: 1 },
    ]);
  });
  it('stays files where there is one call alone, or two files of one path', async () => {
    const [one = chat] = files;
    expect((await openSession([one])).facts.inputs).toMatchObject([{ name: one.path, format: 'openai-reply', rollouts: 1 }]);
    expect((await openSession([one, one])).facts.inputs).toHaveLength(2);
  });
});

it('takes a folder with a file for each event of a conversation', async () => {
  const lines = readFileSync(new URL('../../fixtures/openhands-events/events.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const events = lines.map((line, i) => inputFile(`c/events/event-${String(i).padStart(5, '0')}-ab-${i}.json`, line));
  const state = inputFile('c/base_state.json', JSON.stringify({ id: 'c', agent: { llm: { model: 'house/pruner' } } }));
  const { facts } = await openSession([...events.toReversed(), state]);
  expect(facts.inputs).toMatchObject([{ name: 'c', format: 'openhands-conversation', records: 1, rollouts: 1 }]);
  const [rollout] = await rolloutsOf([...events, state]);
  const [expected] = await rolloutsOf([inputFile('events.jsonl', lines.join('\n'))]);
  expect(rollout).toMatchObject({ policy: 'house/pruner', branches: expected?.branches });
});

it('takes the storage of opencode, a file for each session', async () => {
  const at = (path: string, content: Json): InputFile => inputFile(`storage/${path}.json`, JSON.stringify(content, null, 2));
  const message = (id: string, role: string): Json => ({ id, sessionID: 'ses_1', role, time: { created: 1_772_445_600_000 } });
  const files = [
    at('session/proj/ses_1', { id: 'ses_1', projectID: 'proj', directory: 'beds', title: 'Beds', time: { created: 1_772_445_600_000 } }),
    at('message/ses_1/msg_1', message('msg_1', 'user')),
    at('message/ses_1/msg_2', message('msg_2', 'assistant')),
    at('part/msg_1/prt_1', { id: 'prt_1', messageID: 'msg_1', sessionID: 'ses_1', type: 'text', text: 'Which bed is dry?' }),
    at('part/msg_2/prt_2', { id: 'prt_2', messageID: 'msg_2', sessionID: 'ses_1', type: 'text', text: 'Bed 2.' }),
  ];
  const { facts } = await openSession(files);
  expect(facts.inputs).toMatchObject([{ name: 'storage/session/proj/ses_1.json', format: 'opencode', records: 1, rollouts: 1 }]);
  const [rollout] = await rolloutsOf(files);
  expect(rollout?.branches[0]?.events.map(({ role, parts }) => [role, parts[0]?.text])).toEqual([
    ['user', 'Which bed is dry?'],
    ['assistant', 'Bed 2.'],
  ]);
});

describe('a trial of Harbor', () => {
  const trial = (folder: string): InputFile[] => [
    ...filesOf(`${folder}/agent`, fixture('atif/wrapper.json')),
    inputFile(`${folder}/verifier/reward.txt`, '1.0\n'),
    inputFile(`${folder}/result.json`, JSON.stringify({ task_name: 'find-the-spade' })),
  ];
  it('is one rollout with its continuation, its sub-agent, its task and its reward', async () => {
    const { facts } = await openSession([...trial('job/spade__a'), ...trial('job/spade__b')]);
    expect(facts).toMatchObject({ tasks: 1, rollouts: 2 });
    const [rollout] = await rolloutsOf(trial('job/spade__a'));
    expect(rollout).toMatchObject({ task: 'find-the-spade', reward: 1 });
    expect(rollout?.branches.map(({ cause }) => cause)).toEqual([undefined, 'sub-agent', 'compaction']);
    // A verdict that is no number is none, and loses nothing.
    const odd = trial('job/x').map((file) => (file.path.endsWith('.txt') ? inputFile(file.path, 'not "scored') : file));
    expect(await rolloutsOf(odd)).toMatchObject([{ reward: 0.5 }]);
    const { session } = await openSession(odd);
    expect(session.issues(0, 9).issues).toMatchObject([{ severity: 'note', code: 'reward', found: expect.stringContaining('scored') }]);
    // What was copied is context: each reply is sampled once.
    const sampled = rollout?.branches.flatMap(({ events }) =>
      events.filter((event) => event.sampled).map(({ parts }) => parts.at(-1)?.text),
    );
    expect(new Set(sampled).size).toBe(sampled?.length);
  });
});

it.each([
  ['no index', BOUND_HEAD],
  ['an index that is no JSON', `${BOUND_HEAD}nonsense\n0000000000000021\n`],
  ['places beyond the file', `${BOUND_HEAD}{"around":[21,23],"records":[[9,999]]}\n0000000000000021\n`],
])('a file that only begins as if it were bound, with %s, is an issue', async (_, content) => {
  const { facts, session } = await openSession([inputFile('a', content)]);
  expect(facts.inputs).toMatchObject([{ records: 1, rollouts: 0 }]);
  expect(session.issues(0, 1).issues[0]).toMatchObject({ code: 'bound-index' });
});
