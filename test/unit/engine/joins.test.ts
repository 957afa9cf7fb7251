/** Files beside logs: their outcomes become rewards of the rollouts that they are about, whatever comes first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SideFacts } from '../../../src/core/model/side-facts.ts';
import { makeJoins } from '../../../src/core/rollouts/joins.ts';
import { readSideFacts } from '../../../src/formats/side-facts.ts';
import { joinedText } from '../../../src/engine/words/joined.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

const log = (instance: string, more: object = {}): string =>
  JSON.stringify({
    instance_id: instance,
    messages: [
      { role: 'user', content: `Mend ${instance}.` },
      { role: 'assistant', content: 'Mended.' },
    ],
    ...more,
  });
const summary = (resolved: readonly string[], unresolved: readonly string[]): string =>
  JSON.stringify({ total_instances: 9, resolved_ids: resolved, unresolved_ids: unresolved, error_ids: [], schema_version: 2 });
const report = (resolved: boolean): object => ({
  patch_exists: true,
  resolved,
  tests_status: { FAIL_TO_PASS: { success: ['a', 'b'], failure: [] }, PASS_TO_PASS: { success: [], failure: ['c'] } },
});

type Files = Readonly<Record<string, string>>;

async function rewardsOf(files: Files, settings: object = {}, order: readonly string[] = Object.keys(files)) {
  const { session, facts } = await openSession(
    order.map((path) => inputFile(path, files[path] ?? '')),
    settings,
  );
  const { columns } = session.rollouts();
  const column = (id: string) => columns.find((each) => each.id === id);
  const [id, file, reward, from] = ['task', 'file', 'reward', 'reward_from'].map(column);
  const text = (each: typeof id, r: number): string => (each?.type === 'text' ? (each.words[each.codes[r] ?? -1] ?? '') : '');
  const rows = Array.from({ length: facts.rollouts }, (_, r) => [
    text(id, r),
    text(file, r),
    reward?.type === 'number' ? reward.values[r] : NaN,
    text(from, r),
  ]);
  return { rows: rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)), facts, session };
}

const RUN: Files = {
  'run/a.jsonl': `${log('x-1')}\n${log('x-2')}\n${log('x-3', { reward: 0.5 })}\n`,
  'run/preds.json': JSON.stringify({ 'x-1': { model_name_or_path: 'm', instance_id: 'x-1', model_patch: 'diff' } }),
  'run/m.run.json': summary(['x-1'], ['x-2', 'x-3', 'x-9']),
};

describe('outcomes', () => {
  it('become rewards of rollouts that have none, and say where they are from', async () => {
    const { rows, facts, session } = await rewardsOf(RUN);
    expect(rows).toEqual([
      ['x-1', 'run/a.jsonl', 1, 'run/m.run.json'],
      ['x-2', 'run/a.jsonl', 0, 'run/m.run.json'],
      ['x-3', 'run/a.jsonl', 0.5, ''],
    ]);
    expect(joinedText(facts.joined)).toBe('2 rewards from run/m.run.json; 1 candidate patch');
    expect(facts.inputs.map(({ issueCount, asideCount }) => issueCount - asideCount)).toEqual([0, 0, 0]);
    const conflict = session.issues(0, 9).issues.find(({ code }) => code === 'outcome-conflict');
    expect(conflict).toMatchObject({ severity: 'note', file: 'run/a.jsonl' });
    expect(conflict?.found).toContain('0.5 in the log, which counts, and 0 in run/m.run.json');
  });

  it('are the same in every order of files, dropped at once or one after the other', async () => {
    const { rows, facts } = await rewardsOf(RUN);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Object.keys(RUN), { minLength: 3 }), fc.nat(2), async (order, at) => {
        const once = await rewardsOf(RUN, {}, order);
        expect(once.rows).toEqual(rows);
        expect(once.facts.fingerprint).toBe(facts.fingerprint);
        const { session } = await openSession(order.slice(0, at).map((path) => inputFile(path, RUN[path] ?? '')));
        const grown = await session.append(
          order.slice(at).map((path) => inputFile(path, RUN[path] ?? '')),
          () => undefined,
        );
        expect(grown.rewards).toEqual(facts.rewards);
        expect(grown.joined).toEqual(facts.joined);
        const without = await session.remove('run/m.run.json');
        expect(without.rewards).toMatchObject({ known: 1, mean: 0.5 });
      }),
      { numRuns: 8 },
    );
  });

  it('can be left out, and give way to a person', async () => {
    const off = await rewardsOf(RUN, { joins: false });
    expect(off.rows.map(([, , reward]) => reward)).toEqual([NaN, NaN, 0.5]);
    const judged = await rewardsOf(
      { ...RUN, 'run/a.jsonl': `${log('x-1', { exit_status: 'submitted' })}\n` },
      { statusRewards: [['submitted', 7]] },
    );
    expect(judged.rows).toEqual([['x-1', 'run/a.jsonl', 7, '']]);
    expect(judged.session.issues(0, 9).issues.some(({ code }) => code === 'outcome-conflict')).toBe(false);
  });

  it.each([
    ['verifier/reward.txt', '0.25\n', 0.25],
    ['reward.txt', '-1e-1', -0.1],
    ['reward.json', ' 1 ', 1],
    ['verifier/score.txt', '+.5', 0.5],
  ])('of the folder of %s are the number in it', async (name, text, reward) => {
    const { rows, facts, session } = await rewardsOf({
      'job/a/agent/log.jsonl': log('x-1'),
      [`job/a/${name}`]: text,
      'job/b/log.jsonl': log('x-1'),
    });
    expect(rows).toEqual([
      ['x-1', 'job/a/agent/log.jsonl', reward, `job/a/${name}`],
      ['x-1', 'job/b/log.jsonl', NaN, ''],
    ]);
    expect(facts).toMatchObject({ issues: 1, aside: 1 });
    expect(session.issues(0, 9).issues[0]).toMatchObject({ file: `job/a/${name}`, code: 'side-file' });
  });

  it.each(['', 'passed', '1 of 2', '1e400', 'nan', '0x1', '1\n2'])(
    'are not taken from a file that says %j, which is an issue',
    async (text) => {
      const { rows, facts, session } = await rewardsOf({ 'a/log.jsonl': log('x-1'), 'a/reward.txt': text });
      expect(rows).toEqual([['x-1', 'a/log.jsonl', NaN, '']]);
      expect(facts).toMatchObject({ issues: 1, aside: 0 });
      expect(session.issues(0, 9).issues).toMatchObject([
        { file: 'a/reward.txt', code: 'reward', expected: expect.stringContaining('one number') },
      ]);
    },
  );

  it('that come one after another are those of all at once, and only what they are about is read again', async () => {
    const logs = ['j/a/log.jsonl', 'j/b/agent/log.jsonl', 'j/log.jsonl', 'k/log.jsonl'];
    const files: Files = {
      ...Object.fromEntries(logs.map((path, n) => [path, log(`x-${n}`, n === 1 ? { reward: 0.75 } : {})])),
      'j/reward.txt': '0.5',
      'j/a/reward.txt': '0.25',
      'j/b/verifier/reward.txt': '1',
      'k/m.json': summary(['x-3'], ['x-0']),
    };
    const all = await rewardsOf(files);
    const conflicts = ({ session }: typeof all) => session.issues(0, 99).issues.filter(({ code }) => code === 'outcome-conflict');
    expect(conflicts(all)).not.toEqual([]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Object.keys(files), { minLength: 8 }), fc.subarray(Object.keys(files)), async (order, again) => {
        const opened = await openSession([inputFile(order[0]!, files[order[0]!]!)]);
        const append = (path: string) => opened.session.append([inputFile(path, files[path]!)], () => undefined);
        let facts = opened.facts;
        for (const path of order.slice(1)) facts = await append(path);
        for (const path of again) {
          await opened.session.remove(path);
          facts = await append(path);
        }
        expect(facts.rewards).toEqual(all.facts.rewards);
        expect(facts.joined).toEqual(all.facts.joined);
        expect(facts.fingerprint).toBe(all.facts.fingerprint);
        expect(conflicts({ ...all, session: opened.session })).toEqual(conflicts(all));
        const whole = await rewardsOf(files);
        expect(opened.session.rollouts()).toEqual(whole.session.rollouts());
      }),
      { numRuns: 15 },
    );
    const { session } = await openSession(logs.map((path) => inputFile(path, files[path]!)));
    let bytes = 0;
    await session.append([inputFile('j/b/verifier/reward.txt', '1')], ({ totalBytes }) => (bytes = totalBytes));
    expect(bytes).toBe(1 + files['j/b/agent/log.jsonl']!.length);
  });

  it.each(['reward.txt', 'verifier/reward.txt', 'result.json'])('of a folder without a name are not those of %s', async (name) => {
    const text = name.endsWith('.json') ? JSON.stringify({ reward: 0.25 }) : '0.25';
    for (const path of ['log.jsonl', 'a/log.jsonl']) {
      const { rows } = await rewardsOf({ [path]: log('x-1'), [name]: text });
      expect(rows).toEqual([['x-1', path, NaN, '']]);
    }
  });

  it('of one instance in two runs are those of the run that it is of', async () => {
    const { rows } = await rewardsOf({
      'runs/first/x-1/x-1.jsonl': log('x-1'),
      'runs/second/x-1/x-1.jsonl': log('x-1'),
      'runs/third/x-1/x-1.jsonl': log('x-1'),
      'runs/first/results/m.json': summary(['x-1'], []),
      'other/m.second.json': summary([], ['x-1']),
    });
    expect(rows.map(([, file, reward]) => [file, reward])).toEqual([
      ['runs/first/x-1/x-1.jsonl', 1],
      ['runs/second/x-1/x-1.jsonl', 0],
      ['runs/third/x-1/x-1.jsonl', NaN],
    ]);
  });

  it('with and without the level of the instance are read, with their tests', async () => {
    const { rows, session } = await rewardsOf({
      'trajs/x-1.jsonl': log('x-1'),
      'trajs/x-2.jsonl': log('x-2'),
      'logs/x-1/report.json': JSON.stringify({ 'x-1': report(true) }),
      'logs/x-2/report.json': JSON.stringify(report(false), null, 1),
    });
    expect(rows.map(([task, , reward, from]) => [task, reward, from])).toEqual([
      ['x-1', 1, 'logs/x-1/report.json'],
      ['x-2', 0, 'logs/x-2/report.json'],
    ]);
    const passed = session.rollouts().columns.find(({ id }) => id === 'field:tests.passed' || id.endsWith('tests.passed'));
    expect(passed?.type === 'number' ? [...passed.values] : null).toEqual([2, 2]);
  });

  it('that are at odds are not joined, and are told', async () => {
    const { rows, session } = await rewardsOf({ 'a.jsonl': log('x-1'), 'm.json': summary(['x-1'], []), 'n.json': summary([], ['x-1']) });
    expect(rows).toEqual([['x-1', 'a.jsonl', NaN, '']]);
    const conflict = session.issues(0, 9).issues.find(({ code }) => code === 'outcome-conflict');
    expect(conflict?.found).toContain('of a.jsonl#0: 1 in m.json, 0 in n.json');
  });

  it('of a folder are those of what lies in it', async () => {
    const { rows } = await rewardsOf({
      't/one/log.jsonl': log('x-1'),
      't/two/log.jsonl': log('x-1'),
      't/one/result.json': JSON.stringify({ reward: 0.25 }),
    });
    expect(rows.map(([, file, reward]) => [file, reward])).toEqual([
      ['t/one/log.jsonl', 0.25],
      ['t/two/log.jsonl', NaN],
    ]);
  });
});

it('finds the same as looking at every file for every rollout', () => {
  const step = fc.constantFrom('a', 'b', 'logs', 'x-1', 'x-2');
  const path = fc.array(step, { maxLength: 3 }).map((steps) => steps.join('/'));
  const side = fc.record({
    path: path.map((p) => `${p === '' ? '' : `${p}/`}m.a.json`),
    reward: fc.constantFrom(0, 1),
    instance: fc.constantFrom('x-1', 'x-2'),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(side, { maxLength: 4, selector: (each) => each.path }),
      path,
      fc.constantFrom('x-1', 'x-2', 'x-3'),
      (sides, folder, task) => {
        const files = sides.map((each) => ({
          path: each.path,
          facts: { outcomes: [{ instance: each.instance, reward: each.reward }], references: [], candidates: [] } satisfies SideFacts,
        }));
        const row = { id: 'r', task };
        const at = `${folder === '' ? '' : `${folder}/`}log.jsonl`;
        const found = makeJoins(files)(row, at);
        expect(makeJoins(files.toReversed())(row, at)).toEqual(found);
        // One file alone either is about it, or nothing else about the files changes that.
        const about = files.filter((file) => makeJoins([file])(row, at) !== null);
        if (found === null) expect(about).toEqual([]);
        else if (found.kind === 'joined') expect(about.map((file) => file.path)).toContain(found.from);
        else expect(about.length).toBeGreaterThan(1);
      },
    ),
  );
});

describe('candidates and references', () => {
  it('are counted for their task, also where a task is in groups', async () => {
    const files: Files = {
      ...RUN,
      'run/tasks.json': JSON.stringify({ id: 'x-2', evaluation_criteria: { actions: [{ name: 'rake', arguments: {} }] } }),
      'run/more.jsonl': `${log('x-1', { model: 'other' })}\n`,
    };
    const counts = async (settings: object) => {
      const { label, references, candidates } = (await rewardsOf(files, settings)).session.tasks();
      return label.map((name, t) => [name, references[t], candidates[t]]);
    };
    expect(await counts({})).toEqual([
      ['x-1', 0, 1],
      ['x-2', 1, 0],
      ['x-3', 0, 0],
    ]);
    expect(await counts({ joins: false })).toEqual(['x-1', 'x-2', 'x-3'].map((name) => [name, 0, 0]));
    expect((await counts({ group: 'model' })).filter(([, , candidates]) => candidates === 1)).toHaveLength(2);
  });

  const read = (record: unknown, name = 'a.json') => readSideFacts([record], { folder: 'f', name });

  it('are read in the forms that they have', () => {
    expect(read({ instance_id: 'x', issue: '…', patches: ['', 'diff'], success_id: [0, 1] })?.candidates).toMatchObject([
      { task: 'x', name: '0', length: 0, hash: '', reward: 0 },
      { task: 'x', name: '1', length: 4, reward: 1 },
    ]);
    expect(read({ id: 'x', diffs: ['a'], eval_outcomes: [{ is_success: true }] })?.candidates).toMatchObject([{ task: 'x', reward: 1 }]);
    expect(read({ instance_id: 'x', model: 'm', prediction: 'd' })?.candidates).toMatchObject([{ task: 'x', name: 'm', reward: null }]);
    expect(
      read({ instance_id: 'x', model_name_or_path: 'agentless', model_patch: '' }, 'output_3_processed.jsonl')?.candidates,
    ).toMatchObject([{ name: 'agentless 3', length: 0 }]);
    expect(read({ x: { resolved_submissions: ['s'], no_of_submissions: 1 } })?.candidates).toMatchObject([
      { task: 'x', name: 's', length: null, reward: 1 },
    ]);
    expect(read({ id: 'p_0', ground_truth: [{ play: { artist: ['A', ''] } }] })?.references).toEqual([
      { task: 'p_0', actions: [{ tool: 'play', args: '{"artist":["A",""]}', accepts: true }] },
    ]);
    expect(read({ id: 'm_0', ground_truth: [["cd(folder='d')"], []] })?.references[0]?.actions).toEqual([
      { tool: 'cd', args: `"cd(folder='d')"`, turn: 0 },
    ]);
    expect(read({ query: 'q', expected_tool_use: [{ tool_name: 't', tool_input: { a: 1 } }], reference: 'ok' })?.references).toEqual([
      { task: 'q', actions: [{ tool: 't', args: '{"a":1}' }], answer: 'ok' },
    ]);
    const use = { name: 't', args: { a: 1 } };
    const content = { parts: [{ text: 'I look.' }, { function_call: use }, { functionResponse: { name: 't', response: {} } }] };
    const cases = [{ tool_uses: [use] }, { invocation_events: [{ author: 'gardener', content }] }];
    const eval_cases = cases.map((intermediate_data, i) => ({ eval_id: `c${i}`, conversation: [{ intermediate_data }] }));
    expect(read({ eval_set_id: 'e', eval_cases })?.references).toEqual(
      ['c0', 'c1'].map((task) => ({ task, actions: [{ tool: 't', args: '{"a":1}', turn: 0 }] })),
    );
  });

  it('of records of logs are none, and nothing throws', () => {
    expect(read({ instance_id: 'x', messages: [], reward: 1 })).toBeNull();
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        read(value);
      }),
    );
  });
});

const FOLDERS = ['candidate-patches', 'mini-swe-agent-preds', 'mini-swe-agent-reports', 'swe-smith'];
const real = FOLDERS.flatMap((folder) =>
  existsSync(DATA + folder)
    ? readdirSync(DATA + folder, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
        /\.jsonl?$/.test(name) ? [`${folder}/${name}`] : [],
      )
    : [],
);

describe.skipIf(real.length === 0)('real files beside logs', () => {
  it.each(real.filter((name) => !name.endsWith('ft_xml_example.jsonl')))('%s is named quietly', async (name) => {
    const { facts } = await openSession([inputFile(name, readFileSync(DATA + name))]);
    expect(facts.inputs[0]?.records).toBeGreaterThan(0);
    expect(facts.inputs[0]?.issueCount).toBe(facts.inputs[0]?.asideCount);
  });

  it('give the runs of mini-swe-agent the outcomes of their own summaries', async () => {
    const runs = readdirSync(`${DATA}mini-swe-agent-deepseek/deepseek_chat_dev`, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    );
    const paths = [
      ...runs.slice(0, 6).map((name) => `mini-swe-agent-deepseek/deepseek_chat_dev/${name}`),
      ...readdirSync(`${DATA}mini-swe-agent-preds`).map((name) => `mini-swe-agent-preds/${name}`),
    ];
    const { facts } = await openSession(paths.map((path) => inputFile(path, readFileSync(DATA + path))));
    expect(facts.joined.rollouts).toBe(facts.rollouts);
    expect(facts.joined.files.map(({ name }) => name)).toEqual(['mini-swe-agent-preds/deepseek__deepseek-chat.deepseek_chat_dev.json']);
    expect(facts.joined.candidates).toBeGreaterThan(40);
  });

  it('give the run of SWE-smith its report', async () => {
    const stem = 'swe-smith/pandas-dev__pandas.95280573.pr_53856';
    const { facts } = await openSession([`${stem}.traj`, `${stem}.report.json`].map((path) => inputFile(path, readFileSync(DATA + path))));
    expect(facts.rewards).toMatchObject({ known: 1, mean: 0 });
    expect(facts.joined.files).toEqual([{ name: `${stem}.report.json`, rollouts: 1 }]);
  });
});
