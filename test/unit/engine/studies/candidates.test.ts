import { describe, expect, it } from 'vitest';
import { DEFAULT_CANDIDATES, type CandidatesAnswer } from '../../../../src/engine/answers/candidates.ts';
import { candidateLogs, patchOf } from '../../../helpers/candidateLogs.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const open = async (files: readonly (readonly [string, string])[]) => openSession(files.map(([path, content]) => inputFile(path, content)));

const byTask = ({ tasks }: CandidatesAnswer) =>
  tasks.map(({ task, candidates, groups }) => ({
    task,
    outcomes: candidates.map(({ outcome }) => outcome),
    groups: groups.map(({ members }) => members),
  }));

describe('candidates', () => {
  it('are the patches of rollouts, each once though predictions hold it, too', async () => {
    const { session } = await open(candidateLogs());
    const answer = await session.candidates(DEFAULT_CANDIDATES);
    expect(answer.faults).toEqual([]);
    expect(byTask(answer)).toEqual([
      { task: 'garden__beds-1', outcomes: ['resolved', 'resolved', 'failed'], groups: [[0, 1], [2]] },
      { task: 'garden__beds-2', outcomes: ['failed', 'failed', 'failed'], groups: [[0, 1], [2]] },
    ]);
    expect(answer.tasks[0]?.candidates.map(({ copies }) => copies)).toEqual([0, 1, 2].map((run) => [`runs/run_${run}/preds.json`]));
    expect(answer.tasks[0]?.groups.map(({ variants }) => variants)).toEqual([1, 0]);
    expect(answer.counts).toMatchObject({ candidates: 6, groups: 4, resolved: 2, failed: 4, unknown: 0, without: 0, named: 0 });
  });

  it('are chosen by votes, and pass@k is over both tasks', async () => {
    const { session } = await open(candidateLogs());
    const { pass, rankings, resolved } = await session.candidates(DEFAULT_CANDIDATES);
    expect([...resolved]).toEqual([2 / 3, 0]);
    expect(pass.mean[0]).toBeCloseTo(1 / 3, 12);
    expect(pass.mean.slice(1)).toEqual(Float64Array.of(0.5, 0.5));
    const votes = rankings.find(({ id }) => id === 'votes');
    // Of two of {right, right, wrong}: both right in one draw of three, else one of each by chance.
    expect(votes?.curve.mean[1]).toBeCloseTo((1 / 3 + (2 / 3) * 0.5) / 2, 12);
    expect(votes?.curve.mean[2]).toBeCloseTo(0.5, 12);
    expect([...(votes?.chosen ?? [])]).toEqual([1, 0]);
  });

  it('are ranked by any list, and by none that knows nothing of them', async () => {
    const { session } = await open(candidateLogs());
    const first = await session.candidates(DEFAULT_CANDIDATES);
    expect(first.rankings.map(({ id }) => id)).toEqual(['votes']);
    const key = first.tasks[0]?.candidates[2]?.key ?? '';
    const scores = [{ id: 'judge', label: 'judge', source: 'a test', values: [[key, 9] as const] }];
    const { rankings, tasks } = await session.candidates({ ...DEFAULT_CANDIDATES, scores });
    expect(rankings.map(({ id }) => id)).toEqual(['votes', 'judge']);
    expect(rankings[1]).toMatchObject({ candidates: 1, tasks: 1 });
    // The wrong one comes first as soon as it is drawn.
    expect([...(rankings[1]?.curve.mean ?? [])].map((value) => value.toFixed(6))).toEqual(
      [2 / 3, 1 / 3, 0].map((value) => value.toFixed(6)),
    );
    expect(tasks[0]?.candidates.map((candidate) => candidate.scores[1])).toEqual([Number.NaN, Number.NaN, 9]);
  });

  it('show their text and what differs, of files as of rollouts', async () => {
    const files = candidateLogs();
    const { session } = await open([
      ...files,
      ['more/preds.json', JSON.stringify({ 'garden__beds-1': { model_patch: patchOf('x.py', ['a'], ['b']) } })],
    ]);
    const { tasks } = await session.candidates(DEFAULT_CANDIDATES);
    const [first, second, , fourth] = tasks[0]?.candidates ?? [];
    expect(fourth).toMatchObject({ file: 'more/preds.json', rollout: -1, outcome: 'unknown', group: 2 });
    expect(await session.candidateText(first!.key)).toContain('pump(bed, litres=2)');
    expect(await session.candidateText(fourth!.key)).toBe(patchOf('x.py', ['a'], ['b']));
    expect(await session.candidateText('none')).toBeNull();
    const difference = await session.candidateDifference(first!.key, second!.key);
    expect(
      difference?.right
        .filter(([, isChanged]) => isChanged)
        .map(([text]) => text)
        .join(''),
    ).toContain('# two litres are enough');
  });

  it('count unknown outcomes and name their tasks', async () => {
    const files = candidateLogs().filter(([path]) => !path.includes('run_2.json') && !path.includes('run_2/'));
    const lists = { instance_id: 'elsewhere', patches: [patchOf('x.py', ['a'], ['b']), patchOf('x.py', ['a'], ['c'])] };
    const { session } = await open([...files, ['lists.json', JSON.stringify([lists])]]);
    const { counts, tasks, faults } = await session.candidates(DEFAULT_CANDIDATES);
    expect(faults).toEqual([]);
    expect(tasks[0]).toMatchObject({ task: 'elsewhere', row: -1 });
    expect(counts).toMatchObject({ candidates: 6, unknown: 2, unknownTasks: [0], partlyKnown: [] });
  });

  it('have the outcome of the run that a predictions file is named for, whatever folder holds it', async () => {
    const [patch, other] = [patchOf('x.py', ['a'], ['b']), patchOf('x.py', ['a'], ['c'])];
    const predictions = (text: string) => JSON.stringify({ one: { model_patch: text }, two: { model_patch: text } });
    const report = (...resolved: string[]) => JSON.stringify({ total_instances: 2, submitted_ids: ['one', 'two'], resolved_ids: resolved });
    const { session } = await open([
      ...candidateLogs(),
      ['preds/morning.preds.json', predictions(patch)],
      ['preds/evening.preds.json', predictions(other)],
      ['preds/model.morning.json', report('one')],
      ['preds/model.evening.json', report('two')],
    ]);
    const { tasks } = await session.candidates(DEFAULT_CANDIDATES);
    const found = tasks
      .filter(({ task }) => task === 'one' || task === 'two')
      .map(({ task, candidates }) => [task, ...candidates.map(({ file, outcome }) => `${file}: ${outcome}`)]);
    expect(found).toEqual([
      ['one', 'preds/evening.preds.json: failed', 'preds/morning.preds.json: resolved'],
      ['two', 'preds/evening.preds.json: resolved', 'preds/morning.preds.json: failed'],
    ]);
  });

  it('leave out by the filter what passes fewer tests', async () => {
    const report = (resolved: boolean, success: number, failure: number) => ({
      resolved,
      tests_status: {
        FAIL_TO_PASS: { success: Array.from({ length: success }, String), failure: Array.from({ length: failure }, String) },
      },
    });
    const runs = candidateLogs().filter(([path]) => path.endsWith('beds-1.traj.json'));
    const reports = [0, 1, 2].map((run): [string, string] => [
      `runs/run_${run}/garden__beds-1/report.json`,
      JSON.stringify({ 'garden__beds-1': run < 2 ? report(true, 3, 0) : report(false, 2, 1) }),
    ]);
    const { session } = await open([...runs, ...reports]);
    const all = await session.candidates(DEFAULT_CANDIDATES);
    expect(all.rankings.map(({ id }) => id)).toEqual(['votes', 'tests']);
    expect(all.tasks[0]?.candidates.map(({ passed, failed }) => [passed, failed])).toEqual([
      [3, 0],
      [3, 0],
      [2, 1],
    ]);
    const filtered = await session.candidates({ ...DEFAULT_CANDIDATES, filter: true });
    expect(filtered.counts.filtered).toBe(1);
    expect([...filtered.pass.mean]).toEqual([1, 1]);
  });
});
