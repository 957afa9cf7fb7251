/** Real sessions of coding agents: each file is of its format, and its lines come to these records, of which so many are used. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openBytes } from './open.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** `used` rollouts with so many turns of the policy in all branches together, what they share in each, and `lost` lines. */
const FILES: readonly (readonly [path: string, format: string | null, used: number, turns: number, lost: number])[] = [
  ['claude-code/agent-sessions/large.jsonl', 'claude-code', 1, 5, 0],
  ['claude-code/agent-sessions/small.jsonl', 'claude-code', 1, 6, 0],
  ['claude-code/claude-code-action/sample-turns.json', 'claude-code', 1, 4, 0],
  ['claude-code/claude-code-viewer/1af7fc5e-8455-4414-9ccd-011d40f70b2a.jsonl', 'claude-code', 1, 7, 0],
  ['claude-code/claude-code-viewer/5c0375b4-57a5-4f26-b12d-d022ee4e51b7.jsonl', 'claude-code', 1, 20, 0],
  ['claude-code/claude-code-viewer/agent-test-hash-123.jsonl', 'claude-code', 1, 1, 0],
  ['claude-code/claude-code-viewer/agent-test-hash-456.jsonl', 'claude-code', 1, 1, 0],
  ['claude-code/cua/apache-cassandra/session.jsonl', 'claude-code', 1, 63, 0],
  ['claude-code/cua/gin/session.jsonl', 'claude-code', 1, 3, 0],
  ['claude-code/cua/raneto/session.jsonl', 'claude-code', 1, 60, 0],
  ['claude-code/cua/systemd-hostnamed/session.jsonl', 'claude-code', 1, 45, 0],
  ['claude-code-log/test/test_data/edge_cases.jsonl', 'claude-code', 1, 4, 6],
  ['claude-code-log/test/test_data/representative_messages.jsonl', 'claude-code', 1, 5, 0],
  ['claude-code-log/test/test_data/session_b.jsonl', 'claude-code', 1, 1, 0],
  ['claude-code-log/test/test_data/todowrite_examples.jsonl', 'claude-code', 1, 6, 0],
];

const there = existsSync(`${DATA}MANIFEST.tsv`);

it.skipIf(!there).each(FILES)('%s', async (path, format, used, turns, lost) => {
  const opened = await openBytes(readFileSync(DATA + path), path);
  const rollouts = opened.decoded.flatMap((entry) => (entry.ok ? [entry.rollout] : []));
  const sampled = rollouts.flatMap(({ branches }) => branches.flatMap(({ events }) => events.filter((event) => event.sampled)));
  expect([opened.format?.id ?? null, rollouts.length, sampled.length, opened.decoded.length - used]).toEqual([format, used, turns, lost]);
});
