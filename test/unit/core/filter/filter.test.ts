/** The filter language by example: what is read, and the sentences for what is not. */
import { expect, it } from 'vitest';
import { checkFilter } from '../../../../src/core/filter/check.ts';
import { parseFilter } from '../../../../src/core/filter/parse.ts';
import { printFilter } from '../../../../src/core/filter/print.ts';
import { placeless } from '../../../helpers/randomFilters.ts';

const read = (text: string): unknown => {
  const parsed = parseFilter(text);
  return parsed.ok ? placeless(parsed.filter) : `${parsed.fault} [${parsed.from}, ${parsed.to}]`;
};
const words = (text: string): unknown => ({ kind: 'words', text });

it('reads every kind of term, joined by blanks', () => {
  expect(read('reward<0.5 tool:bash error turns>20 model:gpt* "connection refused" /re+gex/i')).toEqual({
    kind: 'and',
    of: [
      { kind: 'compare', name: 'reward', op: '<', number: 0.5 },
      { kind: 'is', name: 'tool', op: ':', pieces: ['bash'] },
      { kind: 'flag', flag: 'error' },
      { kind: 'compare', name: 'turns', op: '>', number: 20 },
      { kind: 'is', name: 'model', op: ':', pieces: ['gpt', ''] },
      words('connection refused'),
      { kind: 'expression', source: 're+gex', flags: 'i' },
    ],
  });
});

it('binds not before and, and before or', () => {
  const parsed = { kind: 'or', of: [{ kind: 'and', of: [{ kind: 'not', of: words('a') }, words('b')] }, words('c')] };
  for (const text of ['-a b or c', 'not a and b or c', '( (not(a)) b) OR c', 'NOT a AND b OR c']) expect(read(text)).toEqual(parsed);
  expect(read('--a')).toEqual(words('a'));
});

it('reads numbers as people write them', () => {
  const numbers = ['turns >= 20', 'tokens>20k', 'tokens<1.5M', 'kept<38%', 'reward>-1e-3'].map(read);
  expect(numbers.map((term) => (term as { number: number }).number)).toEqual([20, 20_000, 1_500_000, 0.38, -0.001]);
});

it('reads names and values in quotes, stars in them as wildcards or not', () => {
  expect(read('field."a name">1')).toEqual({ kind: 'compare', name: 'field.a name', op: '>', number: 1 });
  expect(read('task:"say \\"hi\\" * \\*"')).toEqual({ kind: 'is', name: 'task', op: ':', pieces: ['say "hi" ', ' *'] });
  expect(read('"C:\\new 2*3"')).toEqual(words('C:\\new 2*3'));
  expect(read('print(x)')).toEqual(words('print(x)'));
});

it.each([
  ['reward<', 'expected a number after <, found the end [0, 7]'],
  ['turns>many', 'expected a number after >, found “many” [0, 10]'],
  ['tool:', 'expected a value after :, found the end [0, 5]'],
  ['a or', 'expected a term, found the end [4, 4]'],
  ['a - b', 'expected a term right behind -, found a blank [2, 3]'],
  ['or a', 'expected a term, found “or” [0, 1]'],
  ['(a', 'expected a ) for this (, found the end [0, 1]'],
  ['a)', 'expected a ( before this ) [1, 2]'],
  ['"a', 'expected a closing quote, found the end [0, 2]'],
  ['""', 'expected a text between the quotes, found nothing [0, 2]'],
  ['"a"b', 'expected a blank behind the closing quote, found “b”; inside quotes a quote is \\" [3, 4]'],
  ['<5', 'expected a column before <; put quotes round it to find it in texts [0, 1]'],
  ['/tmp', 'expected a closing slash, found the end; put quotes round a path [0, 4]'],
  ['/usr/bin', 'expected flags among i, m, s and u behind the regular expression, found “bin”; put quotes round a path [0, 8]'],
  ['/a(/', 'this is no regular expression: Unterminated group [0, 4]'],
  ['field."x"', 'expected an operator behind “field.x”, found the end [0, 9]'],
  ['a'.repeat(4001), 'expected at most 4,000 characters, found 4,001 [4000, 4001]'],
  ['('.repeat(101), 'expected at most 100 parentheses or denials in each other [100, 101]'],
])('says what is wrong with %s', (text, sentence) => {
  expect(read(text)).toBe(sentence);
});

const COLUMNS = [
  { id: 'reward', type: 'number' },
  { id: 'errors', type: 'number' },
  { id: 'task', type: 'text' },
  { id: 'tool', type: 'set' },
  { id: 'field.score a', type: 'number' },
] as const;

it.each([
  ['rewards>1', 'there is no column rewards; near it: reward'],
  ['error>1', 'error stands alone, and is no column'],
  ['x reward:many', 'expected a number or a range after reward:, found “many”'],
  ['task<5', 'task is text: expected task:value, found task<'],
  ['https://a', 'there is no column https; put quotes round it to find it in texts'],
  ['field.score:1', 'there is no column field.score; near it: field."score a"'],
])('holds %s against the columns', (text, sentence) => {
  const parsed = parseFilter(text);
  expect(parsed.ok && checkFilter(parsed.filter, COLUMNS)?.fault).toBe(sentence);
});

it('takes what fits the columns', () => {
  const parsed = parseFilter('reward:0..1 errors=2 task!=a* tool:* "x" error /y/');
  expect(parsed.ok && checkFilter(parsed.filter, COLUMNS)).toBeNull();
  expect(parsed.ok && printFilter(parsed.filter)).toBe('reward:0..1 errors=2 task!=a* tool:* x error /y/');
});

it('takes time linear in the text', () => {
  const begun = performance.now();
  for (const unit of ['(', '-', 'a ', '"', '\\"', '/', 'not(', 'a:', '*', 'field."']) parseFilter(unit.repeat(4000).slice(0, 4000));
  expect(performance.now() - begun).toBeLessThan(1000);
});
