/** Real sessions of coding agents: each file is of its format, and its lines come to these records, of which so many are used. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { getList, parseJson } from '../../../src/formats/json.ts';
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
  ['codex/agent-sessions/codex_050_legacy.jsonl', 'codex', 0, 0, 1],
  ['codex/agent-sessions/codex_051_usage.jsonl', 'codex', 0, 0, 1],
  ['codex/agent-sessions/codex_052_raw.jsonl', 'codex', 0, 0, 1],
  ['codex/agent-sessions/codex_053_rate_limit.jsonl', 'codex', 0, 0, 1],
  ['codex/agent-sessions/large.jsonl', 'codex', 1, 7, 0],
  ['codex/agent-sessions/small.jsonl', 'codex', 1, 8, 0],
  ['codex/codex-session-view/rollout-2025-11-17T15-30-28-019a93b9-f380-7600-98ff-940e6b99603c.jsonl', 'codex', 1, 39, 0],
  ['gemini-cli/agent-static-instructions.json', 'server-reply', 4, 4, 0],
  ['gemini-cli/jsonl_v040.jsonl', 'gemini-cli', 1, 2, 0],
  ['gemini-cli/large.json', 'gemini-cli', 1, 4, 0],
  ['gemini-cli/small.json', 'gemini-cli', 1, 1, 0],
  ['gemini-cli/tool-catchall-error.json', 'server-reply', 8, 8, 0],
  ['qwen-cli/019f0000-0000-7000-8000-000000000004.jsonl', 'qwen-code', 1, 3, 0],
  ['qwen-cli/specstory-session-tools.jsonl', 'qwen-code', 1, 2, 0],
  ['qwen-cli/system_telemetry.jsonl', 'qwen-code', 1, 1, 0],
  ['kimi-cli/assistant_tools.jsonl', 'kimi-cli', 1, 22, 0],
  ['kimi-cli/assistant_tools.state.json', null, 0, 0, 1],
  ['kimi-cli/small.jsonl', 'kimi-cli', 1, 0, 0],
  ['kimi-cli/subagent_agent-0.jsonl', 'kimi-cli', 1, 3, 0],
  ['pi/agent-sessions-small.jsonl', 'pi', 1, 2, 0],
  ['pi/large-session.jsonl', 'pi', 1, 439, 0],
  ['pi/specstory-full_format.jsonl', 'pi', 1, 5, 0],
  ['pi/specstory-multi_compaction.jsonl', 'pi', 1, 2, 0],
  ['cline/basic.compaction.json', 'cline', 1, 5, 0],
  ['cline/session.json', null, 0, 0, 1],
  ['cline/session.messages.json', 'cline', 1, 16, 0],
  ['copilot-cli/large.jsonl', 'copilot-cli', 1, 4, 0],
  ['copilot-cli/small.jsonl', 'copilot-cli', 1, 5, 0],
  ['copilot-cli/subdir_v1/aaaabbbb-1111-2222-3333-ccccddddeeee/events.jsonl', 'copilot-cli', 1, 2, 0],
  ['cursor-cli/large.jsonl', 'cursor-cli', 1, 5, 0],
  ['cursor-cli/subagent/parent.jsonl', 'cursor-cli', 1, 1, 0],
  ['cursor-cli/subagent/subagents/child.jsonl', 'cursor-cli', 1, 1, 0],
  ['droid-cli/session_store_large.jsonl', 'pi', 1, 4, 0],
  ['droid-cli/stream_json_large.jsonl', 'droid-cli', 1, 2, 0],
  ['grok-cli/chat_history.jsonl', 'grok-cli', 1, 4, 0],
  ['grok-cli/summary.json', null, 0, 0, 1],
  ['openclaw-cli/large.jsonl', 'pi', 1, 3, 0],
  ['hermes-cli/large.json', 'hermes-cli', 1, 2, 0],
  ['antigravity-cli/cli_small.jsonl', 'antigravity-cli', 1, 3, 0],
  ['openclaw-telemetry/crux1-sample-telemetry.jsonl', 'openclaw-telemetry', 2, 8, 0],
  ['opencode/storage_v2/message/s_stage0_large/msg_0001.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/message/s_stage0_large/msg_0002.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/message/s_stage0_large/msg_0003.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/message/s_stage0_large/msg_0004.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/001.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/002.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/003.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/004.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/005.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/006.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/007.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_1/008.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_assistant_large_2/001.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_user_large_1/001.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/part/m_user_large_2/001.json', 'opencode', 0, 0, 1],
  ['opencode/storage_v2/session/proj_test/ses_s_stage0_large.json', 'opencode', 0, 0, 1],
];

/** Every string of a JSON value, those of JSON in strings too, and what the chunks of a stream say together. */
function stringsOf(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    into.add(value);
    if (value.startsWith('{')) {
      const inner = parseJson(value);
      if (inner.ok && typeof inner.value === 'object') stringsOf(inner.value, into);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) stringsOf(member, into);
  if (!Array.isArray(value) || !value.every((chunk) => getList(chunk, 'candidates') !== undefined)) return;
  const texts = JSON.stringify(value).matchAll(/"text":("(?:[^"\\]|\\.)*")/g);
  into.add([...texts].map(([, text]) => String(JSON.parse(text ?? '""'))).join(''));
}

const there = existsSync(`${DATA}MANIFEST.tsv`);

it.skipIf(!there).each(FILES)('%s', async (path, format, used, turns, lost) => {
  const bytes = readFileSync(DATA + path);
  const opened = await openBytes(bytes, path);
  const rollouts = opened.decoded.flatMap((entry) => (entry.ok ? [entry.rollout] : []));
  const sampled = rollouts.flatMap(({ branches }) => branches.flatMap(({ events }) => events.filter((event) => event.sampled)));
  expect([opened.format?.id ?? null, rollouts.length, sampled.length, opened.decoded.length - used]).toEqual([format, used, turns, lost]);
  // What the model said is, text by text, what the file holds.
  const strings = new Set<string>();
  const whole = parseJson(bytes.toString('utf8'));
  for (const text of whole.ok ? [bytes.toString('utf8')] : bytes.toString('utf8').split('\n')) {
    const parsed = parseJson(text);
    if (parsed.ok) stringsOf(parsed.value, strings);
  }
  const said = sampled.flatMap(({ parts }) => parts.filter(({ kind }) => kind === 'text').map(({ text }) => text));
  expect(said.filter((text) => !strings.has(text) && text !== '[fallback]')).toEqual([]);
});
