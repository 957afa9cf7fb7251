/** Issues and notes are told up to their bounds and counted beyond, whatever order they come in. */
import { expect, it } from 'vitest';
import { MAX_ISSUE_TEXT, MAX_ISSUES, MAX_ISSUES_OF_A_KIND, MAX_NOTES_OF_A_RECORD } from '../../../src/base/bounds.ts';
import { bytesAt } from '../../../src/core/model/address.ts';
import type { Issue } from '../../../src/core/model/issue.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { cutIssues, makeIssueLog, untoldIssues } from '../../../src/engine/issue-log.ts';
import { makeInput } from '../../../src/engine/open.ts';
import { makeLocalPool, type ParsePool } from '../../../src/engine/pool.ts';
import { makeSession } from '../../../src/engine/session.ts';
import { openHandle } from '../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';

const exact = (number: number): string => number.toLocaleString('en');
const answered = (content: unknown): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'say' },
      { role: 'assistant', content },
    ],
  });

it('tells the first notes of a record and counts the others, in page, command and manifest', async ({ task }) => {
  const parts = 250_000;
  const { session, facts } = await openSession([inputFile('log.jsonl', answered(['word', ...Array.from({ length: parts }, () => 1)]))]);
  expect(facts).toMatchObject({ rollouts: 1, issues: 0, notes: parts });
  const { issues, more } = session.issues(0, Infinity);
  expect(issues).toHaveLength(MAX_NOTES_OF_A_RECORD);
  const left = { severity: 'note', file: 'log.jsonl', code: 'content-part', count: parts - MAX_NOTES_OF_A_RECORD };
  expect(more).toEqual([left]);
  const sink = memorySink();
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const manifest = JSON.parse(sink.files.get('manifest.json') ?? '') as { issues: unknown[]; more_issues: unknown };
  expect(manifest.issues).toHaveLength(MAX_NOTES_OF_A_RECORD);
  expect(manifest.more_issues).toEqual([left]);
  proven(task, {
    part: 'Bounds',
    fault: `One record gives ${exact(parts)} notes of one kind`,
    happened: `${exact(issues.length)} are told and ${exact(left.count)} counted; the export has both figures in its manifest`,
  });
});

it('tells the same issues whatever order jobs end in', async ({ task }) => {
  const bad = 6 * MAX_ISSUES_OF_A_KIND;
  const line = `{${'x'.repeat(3000)}`;
  const log = inputFile('log.jsonl', `${answered('word')}\n${Array.from({ length: bad }, () => line).join('\n')}\n[1]\n`);
  const open = async (backwards: boolean) => {
    const local = makeLocalPool(openHandle);
    let turn = Promise.resolve();
    const waiting: (() => Promise<void>)[] = [];
    const pool: ParsePool = {
      ...local,
      size: 99,
      parse: (...job) =>
        new Promise((resolve, reject) => {
          waiting.push(() => local.parse(...job).then(resolve, reject));
          setTimeout(() => {
            const next = backwards ? waiting.pop() : waiting.shift();
            if (next) turn = turn.then(next);
          }, 20);
        }),
    };
    const session = makeSession({ pool, unpack });
    // Partial results count versions.
    const facts = { ...(await session.open([log], DEFAULT_OPEN_SETTINGS, () => undefined)), version: 0 };
    return { facts, told: session.issues(0, Infinity) };
  };
  const forwards = await open(false);
  expect(await open(true)).toEqual(forwards);
  const { facts, told } = forwards;
  expect(facts.inputs[0]).toMatchObject({ records: bad + 2, rollouts: 1, issueCount: bad + 1 });
  expect(told.issues.map(({ line: at }) => at)).toEqual([...Array.from({ length: MAX_ISSUES_OF_A_KIND }, (_, i) => i + 2), bad + 2]);
  expect(told.more).toEqual([{ severity: 'record', file: 'log.jsonl', code: 'invalid-json', count: bad - MAX_ISSUES_OF_A_KIND }]);
  proven(task, {
    part: 'Bounds',
    fault: `${exact(bad)} of ${exact(bad + 2)} lines are no JSON, and jobs end in another order`,
    happened:
      `${exact(facts.inputs[0]!.records)} records = ${facts.rollouts} rollout + ${exact(facts.issues)} issues; the first ` +
      `${exact(MAX_ISSUES_OF_A_KIND)} of a kind are told, the same each time, and ${exact(told.more[0]!.count)} counted`,
  });
});

it('keeps within one bound over all files, the first files first', ({ task }) => {
  const files = 150;
  const file = inputFile('x', '');
  const part = { from: file, file, member: null, left: 0, damage: null, notes: [], sniffed: { kind: 'records' as const, readers: [] } };
  const inputs = Array.from({ length: files }, (_, i) => makeInput(`${i}`, `${i}`, part, null));
  const log = makeIssueLog(inputs);
  const issue = (at: number, i: number): Issue => ({
    severity: 'record',
    file: `${at}`,
    line: i,
    address: bytesAt(i),
    code: 'shape',
    expected: '',
    found: '',
  });
  for (const [at, input] of [...inputs.entries()].reverse())
    log.take(
      input,
      Array.from({ length: 1500 }, (_, i) => issue(at, 1500 - i)),
      [{ severity: 'note', code: 'content', count: 7 }],
    );
  for (const input of inputs) cutIssues(input);
  const told = inputs.map(({ issues }) => issues.length);
  expect(told.every((count) => count <= MAX_ISSUES_OF_A_KIND)).toBe(true);
  expect(told.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3 * MAX_ISSUES);
  expect(inputs[0]!.issues.map(({ line }) => line)).toEqual(Array.from({ length: MAX_ISSUES_OF_A_KIND }, (_, i) => i + 1));
  const untold = untoldIssues(inputs).reduce((sum, { count }) => sum + count, 0);
  const all = told.reduce((sum, count) => sum + count, 0) + untold;
  expect([log.count, all]).toEqual([files * 1507, files * 1507]);
  proven(task, {
    part: 'Bounds',
    fault: `${files} files have ${exact(log.count)} issues and notes`,
    happened: `all ${exact(all)} are counted, by file and kind; no file tells more than ${exact(MAX_ISSUES_OF_A_KIND)} of a kind`,
  });
});

it('cuts what an issue says', async () => {
  const { session } = await openSession([
    inputFile('log.jsonl', `${answered('word')}\n${JSON.stringify({ messages: [{ role: 'x'.repeat(9) }], ['k'.repeat(5000)]: 1 })}\n`),
    inputFile('strange.jsonl', `{"${'k'.repeat(5000)}":1}\n`),
  ]);
  for (const { expected, found } of session.issues(0, 9).issues)
    expect([expected.length < MAX_ISSUE_TEXT + 40, found.length < MAX_ISSUE_TEXT + 40]).toEqual([true, true]);
});
