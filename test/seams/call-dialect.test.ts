/** A call dialect is a file and a line: a toy one, put into the list, turns its marks into calls of the forest. */
import { expect, it, vi } from 'vitest';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import { KIND } from '../../src/core/model/kinds.ts';
import { callPart } from '../../src/formats/call-part.ts';
import { answerWith, markedCalls } from '../../src/formats/dialects/blocks.ts';
import { dialectOf } from '../../src/formats/dialects/choose.ts';
import type { CallDialect } from '../../src/formats/dialects/dialect.ts';
import { inputFile, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/formats/dialects/registry.ts', async (original) => {
  const { DIALECTS } = await original<typeof import('../../src/formats/dialects/registry.ts')>();
  const nextCall = markedCalls({ open: '[[CALL ', close: ' CALL]]' }, callPart);
  const brackets: CallDialect = {
    id: 'brackets',
    label: 'Brackets',
    source: 'a toy',
    beats: ['hermes'],
    detects: (text) => text.includes('[[CALL '),
    answer: (text) => answerWith(text, nextCall),
  };
  return { DIALECTS: [...DIALECTS, brackets] };
});

const TEXT = 'I look.\n[[CALL {"name": "look", "arguments": {"at": "beds"}} CALL]]';

it('is chosen by its marks, also over a dialect that it beats', () => {
  expect(dialectOf(TEXT)?.id).toBe('brackets');
  expect(dialectOf(`<tool_call>{}</tool_call>${TEXT}`)?.id).toBe('brackets');
  expect(dialectOf('<tool_call>{}</tool_call>')?.id).toBe('hermes');
  expect(dialectOf('plain words')).toBeNull();
});

it('gives the forest calls, with their tools and memory events', async () => {
  const memory = TEXT.replace('"look"', '"memory_write"');
  const messages = [
    { role: 'user', content: 'Water the beds.' },
    { role: 'assistant', content: TEXT },
    { role: 'user', content: 'Go on.' },
    { role: 'assistant', content: memory },
  ];
  const { session, facts } = await openSession([inputFile('a.jsonl', `${JSON.stringify({ messages })}\n`)]);
  expect(facts.events).toMatchObject({ calls: 2, memory: 1 });
  const { kind, tool, tools } = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const calls = Array.from(kind).flatMap((each, n) => (each === KIND.call || each === KIND.memory ? [tools[tool[n]!]] : []));
  expect(calls).toEqual(['look', 'memory_write']);
});
