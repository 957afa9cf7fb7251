/** Labels and notes as columns of rollouts: of their own, of their task, and of nodes that they go through. */
import { expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const line = (question: string, answer: string): string =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })}\n`;

it('come to each rollout that they are about', async () => {
  const log = inputFile('a.jsonl', line('How many pears?', 'One.') + line('How many pears?', 'Two.') + line('How many figs?', 'Six.'));
  const { session } = await openSession([log]);
  const { keys } = session.rollouts();
  const { orderId } = session.order(DEFAULT_RULE);
  const tasks = session.tasks();
  const pears = tasks.label.indexOf('How many pears?');
  const { keys: nodes } = session.shape(orderId, pears, 'tokens');
  const root = nodeKeyOf(nodes, 0);
  expect(session.rollouts().columns.some(({ id }) => id === 'label' || id === 'note')).toBe(false);
  session.setNotes([
    { subject: { kind: 'task', key: tasks.key[1 - pears]! }, text: 'Figs', labels: ['fruit'] },
    { subject: { kind: 'rollout', key: keys[1]! }, text: 'Mine', labels: ['wrong'] },
    { subject: { kind: 'node', key: root }, text: '', labels: ['shared', 'wrong'] },
    { subject: { kind: 'node', key: '0000000000000000' }, text: 'Elsewhere', labels: ['elsewhere'] },
  ]);
  expect(session.rollouts().astray).toEqual([{ kind: 'node', key: '0000000000000000' }]);
  const { columns } = session.rollouts();
  const label = columns.find(({ id }) => id === 'label');
  const note = columns.find(({ id }) => id === 'note');
  if (label?.type !== 'set' || note?.type !== 'text') throw new Error('expected both columns');
  const labelsOf = (r: number): string[] =>
    [...label.items.subarray(label.start[r], label.start[r + 1])].map((item) => label.words[item]!).sort();
  expect([0, 1, 2].map(labelsOf)).toEqual([['shared', 'wrong'], ['shared', 'wrong'], ['fruit']]);
  expect([...note.codes].map((code) => note.words[code] ?? null)).toEqual([null, 'Mine', 'Figs']);
  session.setNotes([]);
  expect(session.rollouts().columns.some(({ id }) => id === 'label')).toBe(false);
});

it('stay with their task when rollouts are grouped by file, and those on nodes are said to be astray', async () => {
  const files = [inputFile('a.jsonl', line('How many pears?', 'One.')), inputFile('b.jsonl', line('How many pears?', 'Two.'))];
  const whole = await openSession(files);
  const key = whole.session.tasks().key[0]!;
  const shape = whole.session.shape(whole.session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const notes = [
    { subject: { kind: 'task', key } as const, text: 'Pears', labels: ['fruit'] },
    { subject: { kind: 'node', key: nodeKeyOf(shape.keys, 0) } as const, text: 'Root', labels: [] },
  ];
  whole.session.setNotes(notes);
  expect(whole.session.rollouts().astray).toEqual([]);
  const { session } = await openSession(files, { group: 'file' });
  session.setNotes(notes);
  expect(session.tasks().key).toHaveLength(2);
  const { columns, astray } = session.rollouts();
  const label = columns.find(({ id }) => id === 'label');
  expect(label?.type === 'set' && [...label.start]).toEqual([0, 1, 2]);
  expect(astray).toEqual([notes[1]!.subject]);
});
