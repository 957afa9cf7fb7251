/** What a judge is asked of candidates, and files of those that are chosen. */
import { describe, expect, it } from 'vitest';
import type { CandidateKey, ScoreList } from '../../../../src/core/candidates/candidate.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { DEFAULT_CANDIDATES, type CandidatesQuestion } from '../../../../src/engine/answers/candidates.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { candidateLogs, patchOf } from '../../../helpers/candidateLogs.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const open = async (files: readonly (readonly [string, string])[]): Promise<Session> =>
  (await openSession(files.map(([path, content]) => inputFile(path, content)))).session;

const withScores = (values: readonly (readonly [CandidateKey, number])[]): CandidatesQuestion => {
  const list: ScoreList = { id: 'judge', label: 'judge', source: 'a test', values };
  return { ...DEFAULT_CANDIDATES, scores: [list] };
};

interface Row {
  readonly instance_id: string;
  readonly model_name_or_path: string;
  readonly model_patch: string;
}

describe('what a judge is asked', () => {
  it('is each patch that is known and not empty, with what its task asked', async () => {
    const session = await open([
      ...candidateLogs(),
      ['more/preds.json', JSON.stringify({ elsewhere: { model_patch: patchOf('x.py', ['a'], ['b']) }, nothing: { model_patch: '' } })],
    ]);
    const { tasks } = await session.candidates(DEFAULT_CANDIDATES);
    const asked = await session.judgedCandidates(DEFAULT_CANDIDATES);
    const known = tasks.flatMap(({ candidates }) => candidates.filter(({ length }) => length > 0));
    expect(asked.map(({ key }) => key)).toEqual(known.map(({ key }) => key));
    for (const { key, patch } of asked) expect(patch).toBe(await session.candidateText(key));
    const elsewhere = asked.filter(({ task }) => task === null);
    expect(elsewhere.map(({ name }) => name)).toEqual([expect.stringMatching(/^elsewhere: /)]);
    // One of the six rollouts handed in nothing.
    expect(asked.map(({ task }) => task).filter((task) => task !== null)).toEqual([
      ...Array<string>(3).fill('Solve garden__beds-1.'),
      ...Array<string>(2).fill('Solve garden__beds-2.'),
    ]);
  });
});

describe('a predictions file', () => {
  it('has the first of each task by the ranking, with its patch as it stands', async () => {
    const session = await open(candidateLogs());
    const { tasks } = await session.candidates(DEFAULT_CANDIDATES);
    const liked = tasks.map(({ candidates }) => candidates[1]?.key ?? '');
    const question = withScores(liked.map((key) => [key, 9]));
    const file = { kind: 'predictions', format: 'list', model: 'm' } as const;
    const answer = await session.chooseCandidates(question, 'judge', file);
    expect(answer).toMatchObject({ rows: 2, tasks: 2, written: 2, tied: 0, notes: [] });
    const rows = JSON.parse(answer.text) as readonly Row[];
    const texts: (string | null)[] = [];
    for (const key of liked) texts.push(await session.candidateText(key));
    expect(texts[0]).toContain('two litres are enough');
    expect(rows).toEqual(tasks.map(({ task }, t) => ({ instance_id: task, model_name_or_path: 'm', model_patch: texts[t] })));
    await expect(session.chooseCandidates(question, 'tests', file)).rejects.toThrow('expected a ranking of votes, judge, found tests');
  });

  it('counts what it cannot choose, and says where equals were told apart', async () => {
    const files = candidateLogs();
    const session = await open([...files, ['more/preds.json', JSON.stringify({ empty: { model_patch: '' } })]]);
    const { tasks } = await session.candidates(DEFAULT_CANDIDATES);
    const [empty, first] = [tasks.find(({ task }) => task === 'empty'), tasks.find(({ task }) => task === 'garden__beds-1')];
    const values = [...(first?.candidates ?? []), ...(empty?.candidates ?? [])].map(({ key }) => [key, 1] as const);
    const file = { kind: 'predictions', format: 'lines', model: 'm' } as const;
    const answer = await session.chooseCandidates(withScores(values), 'judge', file);
    expect(answer).toMatchObject({ rows: 2, tasks: 3, tied: 1 });
    expect(answer.notes).toEqual([
      { what: 'chosen patches that are empty, written all the same', count: 1 },
      { what: 'tasks without a score of this ranking', count: 1 },
    ]);
    const least = first?.candidates.map(({ key }) => key).sort()[0] ?? '';
    expect(linesOf(answer.text).find(({ instance_id }) => instance_id === 'garden__beds-1')?.['model_patch']).toBe(
      await session.candidateText(least),
    );
  });

  it('has the same bytes in whatever order files are opened', async () => {
    const texts = await Promise.all(
      [candidateLogs(), [...candidateLogs()].reverse()].map(async (files) => {
        const session = await open(files);
        return (await session.chooseCandidates(DEFAULT_CANDIDATES, 'votes', { kind: 'predictions', format: 'by-instance', model: 'm' }))
          .text;
      }),
    );
    expect(texts[1]).toBe(texts[0]);
    expect(Object.keys(JSON.parse(texts[0] ?? '') as object)).toEqual(['garden__beds-1', 'garden__beds-2']);
  });
});

describe('a predictions file of groups', () => {
  it('names instances without what groups them, each once', async () => {
    const files = candidateLogs().filter(([path]) => path.endsWith('.traj.json'));
    const { session } = await openSession(
      files.map(([path, content]) => inputFile(path, content)),
      { group: 'file' },
    );
    const answer = await session.chooseCandidates(DEFAULT_CANDIDATES, 'votes', { kind: 'predictions', format: 'lines', model: 'm' });
    expect(linesOf(answer.text).map(({ instance_id }) => instance_id)).toEqual(['garden__beds-1', 'garden__beds-2']);
    expect(answer).toMatchObject({ rows: 2, tasks: 6 });
    expect(answer.notes).toContainEqual({ what: 'tasks of an instance that a task before them has, too: not written', count: 4 });
  });

  it('ends no question about candidates that is under way', async () => {
    const session = await open(candidateLogs());
    const shown = session.candidates(DEFAULT_CANDIDATES);
    await session.chooseCandidates(DEFAULT_CANDIDATES, 'votes', { kind: 'predictions', format: 'lines', model: 'm' });
    expect((await shown).tasks).toHaveLength(2);
  });
});

describe('preference pairs', () => {
  it('are the rows of the profile for DPO where scores are rewards and a task has two rollouts', async () => {
    // Of the first task a right one and a wrong one.
    const session = await open(candidateLogs().filter(([path]) => !path.includes('run_1')));
    const question = { ...DEFAULT_CANDIDATES, scores: [session.columnScores('column:reward')].filter((list) => list !== null) };
    const answer = await session.chooseCandidates(question, 'column:reward', { kind: 'pairs' });
    const sink = memorySink();
    const { orderId } = session.order({ ...DEFAULT_RULE, outcome: 'all' });
    await session.export(orderId, { cut: 1, train: 1 }, { ...exportSpec('trl-dpo'), weights: 'train-once' }, sink, () => undefined);
    expect(answer.rows).toBe(1);
    expect(answer.text).toBe(sink.files.get('trl-dpo/train.jsonl'));
    expect(answer.notes).toEqual([
      { what: 'tasks whose candidates all have the same score', count: 1 },
      { what: 'messages of others in chosen and rejected, which DPO trains too', count: 2 },
    ]);
  });

  it('are the best against the worst by scores, whatever the rewards', async () => {
    const session = await open(candidateLogs());
    const { tasks } = await session.candidates(DEFAULT_CANDIDATES);
    const values = tasks.flatMap(({ candidates }) => candidates.map(({ key }, c) => [key, c === 2 ? 9 : c] as const));
    const answer = await session.chooseCandidates(withScores(values), 'judge', { kind: 'pairs' });
    expect(answer).toMatchObject({ rows: 2, written: 2, tied: 0 });
    for (const { chosen, rejected } of linesOf(answer.text)) {
      expect(JSON.stringify(chosen)).toContain('Run 2.');
      expect(JSON.stringify(rejected)).toContain('Run 0.');
    }
  });

  it('are none of tasks with fewer than two scored rollouts', async () => {
    const session = await open(candidateLogs());
    const { tasks } = await session.candidates(DEFAULT_CANDIDATES);
    const answer = await session.chooseCandidates(withScores([[tasks[0]?.candidates[0]?.key ?? '', 1]]), 'judge', { kind: 'pairs' });
    expect(answer).toMatchObject({ text: '', rows: 0, written: 0 });
    expect(answer.notes).toEqual([{ what: 'tasks with fewer than two scored candidates of rollouts', count: 2 }]);
  });
});

describe('columns of a log as rankings', () => {
  it('are those of numbers, from the largest down or from the smallest up', async () => {
    const session = await open(candidateLogs());
    const ids = session.scoreColumns().map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['reward', 'turns']));
    expect(ids).not.toContain('file');
    const [up, down] = [session.columnScores('column:turns'), session.columnScores('column:-turns')];
    expect(up?.values.length).toBeGreaterThan(0);
    expect(down?.values).toEqual(up?.values.map(([key, score]) => [key, -score]));
    expect([session.columnScores('column:file'), session.columnScores('turns'), session.columnScores('column:none')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
