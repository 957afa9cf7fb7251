/** First words of nodes: as the log has them, of each record once, cut with an ellipsis. */
import { expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { firstWords, MOST_LETTERS } from '../../../src/engine/node-words.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

it('are the beginning of a text on one line, whole letters, with an ellipsis where more follows', () => {
  expect(firstWords('<|im_start|>Let me\n\n  look. ', false)).toBe('Let me look.');
  expect(firstWords('Let me', true)).toBe('Let me…');
  expect(firstWords('<tool_call>{"name": "search", "arguments": {"query": "pears"}}</tool_call>', false)).toBe('{"query": "pears"}');
  const long = firstWords('🍐'.repeat(1000), false);
  expect(Array.from(long)).toEqual([...Array.from({ length: MOST_LETTERS }, () => '🍐'), '…']);
  expect(firstWords('x'.repeat(MOST_LETTERS), false)).toBe('x'.repeat(MOST_LETTERS));
});

it('are those of each node, in the order asked for, and null for a key that no node has', async () => {
  const chat = (answer: string): string =>
    JSON.stringify({
      messages: [
        { role: 'user', content: 'Count the pears' },
        { role: 'assistant', content: answer },
      ],
    });
  const log = [chat('Let me look at the tree first.'), chat('I know this one.')].join('\n');
  const { session } = await openSession([inputFile('pears.jsonl', log)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const { keys, length, parent } = session.shape(orderId, 0, 'tokens');
  const asked = Array.from({ length }, (_, node) => nodeKeyOf(keys, node));
  const words = await session.nodeWords([...asked.toReversed(), '0000000000000000']);
  const byNode = words.slice(0, length).toReversed();
  expect(words.at(-1)).toBeNull();
  expect(byNode).toContain('Count the pears');
  const leaves = byNode.filter((_, node) => !parent.includes(node));
  expect(new Set(leaves)).toEqual(new Set(['I know this one.', 'Let me look at the tree first.']));
  expect(leaves).toHaveLength(2);
});
