/** Inputs of one name are told apart everywhere: ids, tasks, issues, texts and the manifest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { inputNames } from '../../../src/engine/input-names.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

describe('inputNames', () => {
  it('numbers the second and later files of a name', () => {
    expect(inputNames(['a', 'b', 'a', 'c/a', 'a'])).toEqual(['a', 'b', 'a (2)', 'c/a', 'a (3)']);
  });
  it('passes over a number that another file has in its name', () => {
    expect(inputNames(['a', 'a', 'a (2)', 'a (2)'])).toEqual(['a', 'a (3)', 'a (2)', 'a (2) (2)']);
  });
  it('gives no name twice, and the first file of a path its path', () => {
    const path = fc.constantFrom('a', 'a (2)', 'a (3)', 'a (2) (2)', 'b');
    fc.assert(
      fc.property(fc.array(path, { maxLength: 12 }), (paths) => {
        const names = inputNames(paths);
        expect(new Set(names).size).toBe(paths.length);
        paths.forEach((each, i) => expect(names[i] === each).toBe(paths.indexOf(each) === i));
      }),
    );
  });
});

describe('two files of one name', () => {
  const tauBench = (answer: string): string =>
    JSON.stringify({
      task_id: 0,
      reward: 1,
      trial: 0,
      info: {},
      traj: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: answer },
      ],
    });
  const padding = `${' '.repeat(1023)}\n`.repeat(5 << 10);
  const first = `${tauBench('from the first')}\n${padding}{"broken`;
  const second = `${tauBench('from the second')}\n{"broken`;

  it('keep the tasks, ids, issues and texts that are their own, the shorter one first', async () => {
    const { session, facts } = await openSession([inputFile('r.jsonl', first), inputFile('r.jsonl', second)]);
    expect(facts.inputs.map(({ name, records, rollouts }) => [name, records, rollouts])).toEqual([
      ['r.jsonl', 2, 1],
      ['r.jsonl (2)', 2, 1],
    ]);
    expect(facts.tasks).toBe(2);
    expect(session.issues(0, 9).issues.map(({ file, line }) => [file, line])).toEqual([
      ['r.jsonl', 2],
      ['r.jsonl (2)', (5 << 10) + 2],
    ]);
    const { orderId } = session.order(DEFAULT_RULE);
    const budget = { cut: 1, train: 1 };
    const sink = memorySink();
    await session.export(
      orderId,
      budget,
      { profiles: exportSpec('messages').profiles, weights: 'branch-mean', maskErrors: false },
      sink,
      () => undefined,
    );
    const records = (sink.files.get('messages.jsonl') ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { source: { name: string }; rollout: string; messages: { content: string }[] });
    expect(records.map(({ source, messages }) => [source.name, messages.at(-1)?.content])).toEqual([
      ['r.jsonl', 'from the second'],
      ['r.jsonl (2)', 'from the first'],
    ]);
    expect(new Set(records.map(({ rollout }) => rollout)).size).toBe(2);
    const manifest = JSON.parse(sink.files.get('manifest.json') ?? '') as { inputs: { name: string }[] };
    expect(manifest.inputs.map(({ name }) => name)).toEqual(['r.jsonl', 'r.jsonl (2)']);
  });
  it('are of one task where the name says of which, as it is', async () => {
    const swe = (thought: string): string =>
      JSON.stringify({
        history: [
          { role: 'user', content: 'q', agent: 'main' },
          { role: 'assistant', content: thought, agent: 'main', thought },
        ],
      });
    const { facts } = await openSession(['one', 'two'].map((thought) => inputFile('garden__tap-1.traj', swe(thought))));
    expect(facts).toMatchObject({ tasks: 1, rollouts: 2 });
  });
});
