/** The verbs of a session about tags: guesses with their reasons, columns of what is said, and tokens with loss by task. */
import { expect, it } from 'vitest';
import { withTag } from '../../../../src/core/axes/tags.ts';
import { withTaskTags } from '../../../../src/core/notes/notes.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { guessText } from '../../../../src/engine/words/axes.ts';
import { toyLog, toyTasks, type ToyTask } from '../../../helpers/axes.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const TASKS: readonly ToyTask[] = [
  ...toyTasks({ python: 1, rust: 1 }),
  { task: 'none', ask: 'Go on.', file: 'plan.txt' },
  { task: 'tie', ask: 'Fix it. Enhance it.', file: 'notes.txt' },
];

it('guesses by the rules, with what speaks for it', async () => {
  const { session } = await openSession([inputFile('a.jsonl', toyLog(TASKS))]);
  const { tasks, wordless, unread } = await session.guessTags();
  expect([wordless, unread]).toEqual([0, null]);
  const of = Object.fromEntries(tasks.map((task) => [task.key, task.guess]));
  expect(of['python-0']).toMatchObject({
    language: { tag: 'python', why: [{ by: 'edited', what: '.py', count: 1, of: 1 }, {}] },
    tasktype: { tag: 'bug-fixing' },
    scenario: { tag: 'database-systems' },
  });
  expect(guessText('language', of['rust-0']!.language)).toBe('1 of 1 files edited end in .rs; 1 of 1 mentions of files end in .rs');
  expect(of['none']).toMatchObject({ language: { tag: 'unknown', why: [{ by: 'nothing' }] }, tasktype: { tag: 'unknown' } });
  expect(of['tie']?.tasktype).toMatchObject({ tag: 'unknown', why: [{ by: 'tie', what: 'bug-fixing', with: 'feature-enhancement' }] });
});

it('calls what is no task of software other, with the reason', async () => {
  const record = {
    id: 'a',
    messages: [
      { role: 'user', content: 'I want to cancel my reservation and get a refund for the flight.' },
      { role: 'assistant', content: '', tool_calls: [{ id: 'c', function: { name: 'get_reservation_details', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content: '{}' },
      { role: 'assistant', content: 'Done.' },
    ],
  };
  const { session } = await openSession([inputFile('a.jsonl', `${JSON.stringify(record)}\n`)]);
  const [task] = (await session.guessTags()).tasks;
  expect(task?.guess).toMatchObject({ language: { tag: 'other' }, tasktype: { tag: 'other' }, scenario: { tag: 'other' } });
  expect(guessText('language', task!.guess.language)).toBe('no task of software: words of customer service');
});

it('has tags that are said as columns, which filters take, for grouped tasks too', async () => {
  const files = [inputFile('a.jsonl', toyLog(TASKS)), inputFile('b.jsonl', toyLog(TASKS))];
  const { session } = await openSession(files, { group: 'file' });
  expect(session.rollouts().columns.map(({ id }) => id)).not.toContain('language');
  const notes = withTaskTags([], ['python-0'], (tags) => withTag(tags, 'language', { tag: 'python', source: 'hand' }));
  session.setNotes(notes);
  const answer = await session.where('language:python', null, () => undefined);
  expect(answer.ok && answer.count).toBe(2);
  expect((await session.guessTags()).tasks.filter(({ said }) => said.length > 0).map(({ subject }) => subject)).toEqual([
    'python-0',
    'python-0',
  ]);
});

it('counts tokens with loss by task, which add up to those of the budget', async () => {
  const { session } = await openSession([inputFile('a.jsonl', toyLog(TASKS))]);
  const { orderId } = session.order(DEFAULT_RULE);
  for (const budget of [
    { cut: 1, train: 1 },
    { cut: 0.6, train: 0.5 },
  ]) {
    const { tokens, rollouts } = session.taskLoss(orderId, budget);
    expect(tokens.reduce((sum, own) => sum + own, 0)).toBe(session.keep(orderId, budget).training.after);
    expect([...rollouts]).toEqual([1, 1, 1, 1]);
  }
  const dropped = session.order({ ...DEFAULT_RULE, acts: [{ verb: 'drop', where: 'task:none', isOn: true }] });
  expect([...session.taskLoss(dropped.orderId, { cut: 1, train: 1 }).rollouts].toSorted((a, b) => a - b)).toEqual([0, 1, 1, 1]);
});

it('ends when it is told to', async () => {
  const { session } = await openSession([inputFile('a.jsonl', toyLog(toyTasks({ python: 400 })))]);
  const asked = session.guessTags();
  session.stopStudy('coverage');
  await expect(asked).rejects.toThrow(/abort/i);
});
