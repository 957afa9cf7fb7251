/** Error rules on texts written by hand, as harnesses write them, and on texts that are no errors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_RULES } from '../../../../src/core/errors/registry.ts';
import { turnsOf } from '../../../../src/core/errors/turns.ts';
import { hitsOf, rolloutOfTurns, rulesOf, turnEvents, type ToldCall } from '../../../helpers/errorRollouts.ts';
import { ROOT } from '../../../helpers/sources.ts';

const result = (text: string, more: ToldCall = {}): string[] => rulesOf({ args: { command: 'make' }, result: text, ...more });

describe('what the log marks', () => {
  it('is an error, of a result and of a turn', () => {
    expect(result('fine', { error: true })).toEqual(['flagged']);
    const [turn, ...rest] = turnEvents([]);
    const marked = { ...turn, parts: [{ kind: 'text', text: 'buggy', error: true }] } as const;
    expect(hitsOf([[marked, ...rest]])).toMatchObject([{ rule: 'flagged', call: -1, event: 1, turn: 1 }]);
  });
});

describe('an exit code', () => {
  it.each([
    '<returncode>1</returncode>\n<output>\n</output>',
    '<returncode>-9</returncode>',
    '{"output": "no", "exit_code": 127, "error": null}',
    '{"output":"","metadata":{"exit_code":2,"duration_seconds":0.0}}',
    'EXIT CODE: 1\n\nSTDOUT:\n',
    'Exit code 1\nno such thing',
    'no output\n\nCommand exited with code 2',
    'Command failed with exit code: 1.',
    'Chunk ID: 5\nProcess exited with code 127\nOutput:\n',
  ])('other than 0 is one: %j', (text) => expect(result(text)).toEqual(['exit-code']));

  it.each([
    '<returncode>0</returncode>\n<output>\ngcc: command failed with exit code 1\n</output>',
    '{"output": "Exit code 1", "exit_code": 0}',
    'EXIT CODE: 0\n',
    'All done.',
    'The exit codes are listed below.',
  ])('of 0, or of something else, is none: %j', (text) => expect(result(text)).toEqual([]));
});

describe('a traceback', () => {
  it.each([
    'Traceback (most recent call last):\n  File "a.py", line 1',
    'x\nValueError: bad value',
    'django.core.exceptions.ImproperlyConfigured: x\nsqlite3.OperationalError: no such table',
    'x\nException in thread "main" java.lang.Error',
    "thread 'main' panicked at src/main.rs:1",
    'panic: runtime error',
  ])('is one: %j', (text) => expect(result(text)).toEqual(['traceback']));
  it.each(['def f():\n    raise ValueError("x")', 'Errors: none', 'no Error: here is text'])('is none: %j', (text) =>
    expect(result(text)).toEqual([]),
  );
});

describe('a reported error', () => {
  it.each([
    'Error: User not found',
    'ERROR:\nParameter wrong',
    'OBSERVATION:\nFailed to open',
    '<tool_use_error>Error: x',
    'fatal: not a repository',
  ])('is one: %j', (text) => expect(result(text)).toEqual(['reported']));
  it.each(['{"success": false, "message": "no"}', '{"status": "error", "output": "x"}', '{"error": "no such user"}', '{"is_error": true}'])(
    'is one: %j',
    (text) => expect(result(text)).toEqual(['reported']),
  );
  it.each(['{"output": "", "error": null}', '{"success": true}', 'No errors.', 'Terror: a film'])('is none: %j', (text) =>
    expect(result(text)).toEqual([]),
  );
});

describe('an HTTP status', () => {
  it.each([
    'HTTP/1.1 404 Not Found\nServer: x',
    'Request failed with status code 403',
    'HTTP Error 429: slow down',
    '503 Server Error: x',
    '{"status": 500}',
  ])('of 4xx or 5xx is one: %j', (text) => expect(result(text)).toEqual(['http-status']));
  it.each(['HTTP/1.1 200 OK', 'status code 204', `${'a page '.repeat(100)}HTTP/1.1 404 Not Found`, '404 apples'])('is none: %j', (text) =>
    expect(result(text)).toEqual([]),
  );
});

describe('a schema', () => {
  const tools = JSON.stringify([{ type: 'function', function: { name: 'look', parameters: { required: ['at'] } } }]);
  const called = (call: ToldCall): string[] => rulesOf(call, undefined, tools);

  it('is broken by arguments that are no JSON, lack a parameter, or go to a tool that is not there', () => {
    expect(called({ tool: 'look', args: { at: 1 } })).toEqual([]);
    expect(called({ tool: 'look', args: '{"at": 1' })).toEqual(['schema']);
    expect(called({ tool: 'look', args: { At: 1 } })).toEqual(['schema']);
    expect(called({ tool: 'see', args: { at: 1 } })).toEqual(['schema']);
  });
  it('asks nothing of words in a message, nor of tools that the log does not define', () => {
    expect(called({ tool: 'look', args: 'look here', inline: true })).toEqual([]);
    expect(rulesOf({ tool: 'see', args: { at: 1 } })).toEqual([]);
    expect(rulesOf({ tool: 'see', args: '{"at": 1' })).toEqual(['schema']);
    expect(rulesOf({ tool: 'see', args: 'free text' })).toEqual([]);
    for (const odd of ['', '{', '[1, null]', '{"a": 1}', '[{"function": {"name": 3}}]'])
      expect(rulesOf({ args: { at: 1 } }, undefined, odd)).toEqual([]);
  });
  it('is also what a tool says that refuses a call, and not what a shell prints', () => {
    const said = "Tool 'see' does not exist. Available tools: look";
    expect(rulesOf({ tool: 'see', result: said })).toEqual(['schema']);
    expect(rulesOf({ tool: 'see', result: 'f() got an unexpected keyword argument' })).toEqual(['schema']);
    expect(rulesOf({ tool: 'bash', args: { command: 'cat notes' }, result: said })).toEqual([]);
  });
});

describe('a no-op edit', () => {
  const edit = { tool: 'str_replace_editor', args: { old_str: 'a', new_str: 'b' } };
  it('says that nothing was replaced, or replaces a text by itself', () => {
    for (const text of [
      'No replacement was performed, old_str `a` did not appear verbatim in x.',
      'String to replace not found in file.',
      'The code in the replace tag is the same as in the search.',
    ])
      expect(rulesOf({ ...edit, result: text })).toEqual(['no-op-edit']);
    expect(rulesOf({ ...edit, args: { old_str: 'a', new_str: 'a' }, result: 'The file has been edited.' })).toEqual(['no-op-edit']);
    expect(rulesOf({ args: { command: 'git apply x' }, result: 'error: a.py: patch does not apply' })).toEqual(['reported', 'no-op-edit']);
  });
  it('is none where something was replaced, or a shell prints such words', () => {
    expect(rulesOf({ ...edit, result: 'The file has been edited.' })).toEqual([]);
    expect(rulesOf({ args: { command: 'cat a.py' }, result: 'No replacement was performed' })).toEqual([]);
    expect(rulesOf({ ...edit, args: { old_str: '', new_str: '' } })).toEqual([]);
  });
});

describe('a format error', () => {
  it('is what the harness says of an answer', () => {
    expect(rulesOf({}, 'Please always provide EXACTLY ONE action in triple backticks, found 2 actions.')).toEqual(['format-error']);
    expect(hitsOf([turnEvents([], 'Your output was not formatted correctly.')])).toMatchObject([{ rule: 'format-error', call: -1 }]);
    expect(result('Cannot execute multiple commands at once.')).toEqual(['format-error']);
    expect(result('Your last output did not use any tool calls!')).toEqual(['format-error']);
  });
  it('is none in what people say', () => {
    expect(rulesOf({}, 'Exactly, one more action please; that was not what I formatted.')).toEqual([]);
  });
});

describe('hostile text', () => {
  const hostile = fc.oneof(
    fc
      .constantFrom('Error', 'a.', ' ', '{', '"error"', 'exit code ', '<x>', 'No ', '\n', 'Traceback', 'tool ', 'HTTP/', '&&', '0')
      .chain((piece) => fc.integer({ min: 1, max: 30_000 }).map((times) => piece.repeat(times))),
    fc.string({ maxLength: 20_000, unit: 'binary' }),
  );

  it('never throws, and is looked at no further than its two ends', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (text, args, tools) => {
        rulesOf({ tool: args.slice(0, 50), args, result: text }, text, tools);
        const [{ calls }] = turnsOf(rolloutOfTurns([turnEvents([{ result: text }])]).branches[0]);
        for (const { head, tail } of calls[0].results) expect(head.length + tail.length).toBeLessThanOrEqual(2 * 4096);
        const ends = text.length > 8192 ? text.slice(0, 4096) + text.slice(-4096) : text;
        // A cut in the middle may make a line begin where none did: only what is far from it is compared.
        if (!/[\r\n]/.test(text)) expect(rulesOf({ result: text })).toEqual(rulesOf({ result: ends }));
      }),
      { numRuns: 60 },
    );
  });

  it('meets patterns of bounded repeats alone: each match looks at a bounded text from where it begins', () => {
    const folder = join(ROOT, 'src/core/errors/rules');
    const patterns = readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(?:\*|\/\*|\/\/)/.test(line))
        .flatMap((line) => [...line.matchAll(/\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\]|\\.)*\])+)\/[a-z]*/g)].map(([, pattern]) => pattern)),
    );
    expect(patterns.length).toBeGreaterThan(40);
    const unbounded = /(?<!\\)(?:[*+]|\{\d+,\})/;
    const outsideClasses = patterns.map((pattern) => pattern.replaceAll(/\[(?:[^\]\\]|\\.)*\]/g, 'x'));
    expect(outsideClasses.filter((pattern) => unbounded.test(pattern))).toEqual([]);
    expect(unbounded.test('a+')).toBe(true);
  });
});

it('each rule has an id of its own, and words', () => {
  expect(new Set(ERROR_RULES.map(({ id }) => id)).size).toBe(ERROR_RULES.length);
  for (const { id, label, help } of ERROR_RULES) {
    expect(id).toMatch(/^[a-z-]+$/);
    expect(label.length).toBeGreaterThan(3);
    expect(help).toMatch(/^[A-Z].*\.$/);
  }
});
