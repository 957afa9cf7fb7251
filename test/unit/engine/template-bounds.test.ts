/** Chat templates that never end, or write without end: each record they meet is an issue, and the others load. */
import { describe, expect, it } from 'vitest';
import { MAX_TEMPLATE_DEPTH, MAX_TEMPLATE_STEPS, MAX_TEMPLATE_TEXT } from '../../../src/base/bounds.ts';
import { makeBoundedTemplate, TemplateBound } from '../../../src/engine/tokenizers/bounded-template.ts';
import { refusedTexts } from '../../../src/engine/words/sources.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';
import { TEMPLATE, tinyTokenizerConfig, tinyTokenizerJson } from '../../helpers/tinyTokenizer.ts';

const ENDLESS: Readonly<Record<string, string>> = {
  'a loop over a huge range': '{% for i in range(1000000000) %}x{% endfor %}',
  'a range of infinitely many numbers': '{% for i in range(0, 1, 0.0000000001) %}x{% endfor %}',
  'loops in loops that write nothing':
    '{% for i in range(9999) %}{% for i in range(9999) %}{% for i in range(9999) %}{% endfor %}{% endfor %}{% endfor %}',
  'a text that doubles': '{% set ns = namespace(s="ab") %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}',
  'a list that holds itself twice, again and again':
    '{% set ns = namespace(s=["ab"]) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}',
  'a list that doubles': '{% set ns = namespace(s=[1]) %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}',
  'a macro that calls itself for ever': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  'a macro that calls itself twice, forty deep':
    '{% macro m(n) %}{% if n < 40 %}{{ m(n + 1) }}{{ m(n + 1) }}{% endif %}{% endmacro %}{{ m(0) }}',
  'replacements that square a text':
    '{% set ns = namespace(s="aa") %}{% for i in range(64) %}{% set ns.s = ns.s|replace("a", ns.s) %}{% endfor %}',
  'lines moved to the right by a billion': '{{ "ab"|indent(1000000000, true) }}',
  'JSON moved to the right by a billion': '{{ [1, [2]]|tojson(indent=1000000000) }}',
  'sorting a long list again and again': '{% set l = range(100000) %}{% for i in l %}{{ l|sort|length }}{% endfor %}',
  'looking through a long list again and again': '{% set l = range(100000) %}{% for i in l %}{{ -1 in l }}{% endfor %}',
  'copying a long text again and again':
    '{% set l = range(90000)|join(" ") %}{% for i in range(90000) %}{{ l.upper()|length }}{% endfor %}',
  'cutting from a long text again and again': '{% set l = range(90000)|join(" ") %}{% for i in range(90000) %}{{ l[5:6] }}{% endfor %}',
};

const chat = (...texts: readonly string[]): string =>
  texts
    .map(
      (text) =>
        JSON.stringify({
          messages: [
            { role: 'user', content: text },
            { role: 'assistant', content: 'hello' },
          ],
        }) + '\n',
    )
    .join('');
const tokenizer = (template: string) => ({
  kind: 'huggingface' as const,
  name: 'tiny',
  json: tinyTokenizerJson(),
  config: tinyTokenizerConfig(template),
});

describe('a chat template without end', () => {
  it.each(Object.entries(ENDLESS))('is stopped: %s', (_, source) => {
    const template = makeBoundedTemplate(source);
    expect(() => template.render({ messages: [{ role: 'user', content: 'hello' }] })).toThrow(TemplateBound);
  });

  it('costs the records that it does not end on, and no others', async ({ task }) => {
    for (const [what, source] of Object.entries(ENDLESS)) {
      const { session, facts } = await openSession([inputFile('chat.jsonl', chat('one', 'go on', 'three'))], {
        tokenizer: tokenizer(`{% if messages[0].content == "go on" %}${source}{% endif %}${TEMPLATE}`),
      });
      const { issues } = session.issues(0, 10);
      expect({ what, rollouts: facts.rollouts, issues: facts.issues, found: issues }).toMatchObject({
        rollouts: 2,
        issues: 1,
        found: [{ severity: 'record', code: 'template-bound', file: 'chat.jsonl', line: 2, address: { start: chat('one').length } }],
      });
    }
    proven(task, {
      part: 'Bounds',
      fault: `A chat template does not end on one record of three, in each of ${Object.keys(ENDLESS).length} ways`,
      happened:
        `an issue at that record, which names the bound (${MAX_TEMPLATE_STEPS.toLocaleString('en')} steps, ${MAX_TEMPLATE_DEPTH} deep, ` +
        `${MAX_TEMPLATE_TEXT.toLocaleString('en')} characters); 3 records = 2 rollouts + 1 issue`,
    });
  });

  it('is not tried again where it does not end on a conversation of two messages', async ({ task }) => {
    const texts = Array.from({ length: 2000 }, (_, index) => `question ${index}`);
    const { session, facts } = await openSession([inputFile('chat.jsonl', chat(...texts))], {
      tokenizer: tokenizer('{% for i in range(9999) %}{% for i in range(9999) %}x{% endfor %}{% endfor %}'),
    });
    expect(facts).toMatchObject({ rollouts: 0, issues: 2000 });
    expect(session.issues(0, 1).issues[0]?.expected).toContain('tiny chat template: a conversation written within');
    proven(task, {
      part: 'Bounds',
      fault: 'A chat template ends on no conversation',
      happened: '2,000 records = 0 rollouts + 2,000 issues; it was tried once',
    });
  });

  it('is told from one that is only long', async () => {
    const long = 'hello '.repeat(40_000);
    const many = Array.from({ length: 5000 }, (_, index) => ({ role: index % 2 ? 'assistant' : 'user', content: 'hello' }));
    const text = `${chat(long)}${JSON.stringify({ messages: many })}\n`;
    const { facts } = await openSession([inputFile('chat.jsonl', text)], { tokenizer: tokenizer(TEMPLATE) });
    expect(facts).toMatchObject({ rollouts: 2, issues: 0 });
  });
});

describe('a chat template that writes nothing', () => {
  it('is an issue at each record', async ({ task }) => {
    const { session, facts } = await openSession([inputFile('chat.jsonl', chat('one', 'two'))], { tokenizer: tokenizer('{# nothing #}') });
    expect(facts).toMatchObject({ rollouts: 0, issues: 2 });
    expect(facts.inputs[0]).toMatchObject({ records: 2, rollouts: 0, issueCount: 2 });
    expect(session.issues(0, 1).issues[0]).toMatchObject({ code: 'no-tokens', found: 'nothing: the tiny chat template leaves it out' });
    proven(task, { part: 'Input', fault: 'A chat template writes nothing', happened: '2 records = 0 rollouts + 2 issues' });
  });
});

describe('a chat template that refuses', () => {
  const PARTLY = `{% if messages[0].content == "two" %}{{ raise_exception("no two") }}{% endif %}${TEMPLATE}`;
  it('is said with a note at each record and a count for each file, and no record is lost', async ({ task }) => {
    const files = [inputFile('chat.jsonl', chat('one', 'two', 'three', 'two')), inputFile('other.jsonl', chat('one'))];
    const { session, facts } = await openSession(files, { tokenizer: tokenizer(PARTLY) });
    expect(facts).toMatchObject({ rollouts: 5, issues: 0, notes: 2, refusedBranches: 2 });
    expect(facts.inputs.map(({ refusedBranches }) => refusedBranches)).toEqual([2, 0]);
    const { issues } = session.issues(0, 10);
    const found = 'it refuses this one (no two); tokens are by plain marks instead';
    expect(issues.map(({ line }) => line)).toEqual([2, 4]);
    expect(issues[0]).toMatchObject({ severity: 'note', code: 'template-refused', found });
    const said = refusedTexts(facts);
    expect(said).toEqual([
      'the chat template refuses 2 branches of chat.jsonl, and a trainer that renders with it would refuse them too: ' +
        'tokens are by plain marks instead',
    ]);
    const { facts: all } = await openSession(files, { tokenizer: tokenizer('{{ raise_exception("none") }}') });
    expect(all.inputs.map(({ records, rollouts, refusedBranches }) => [records, rollouts, refusedBranches])).toEqual([
      [4, 4, 4],
      [1, 1, 1],
    ]);
    proven(task, {
      part: 'Input',
      fault: 'A chat template refuses two of four records',
      happened: `4 records = 4 rollouts + 0 issues: “${said[0]}”`,
    });
  });
  it('says nothing of errors of the engine, which engines word otherwise', async () => {
    const { session } = await openSession([inputFile('chat.jsonl', chat('one'))], { tokenizer: tokenizer('{{ nothing.of.this() }}') });
    const [issue] = session.issues(0, 1).issues;
    expect(issue?.code).toBe('template-refused');
  });
});

describe('a tokenizer that knows nothing of a text', () => {
  it('is an issue at that record, beside others and alone', async () => {
    const strange = tokenizer(TEMPLATE);
    const json = JSON.parse(strange.json) as { model: { vocab: Record<string, number>; merges: unknown[] }; added_tokens: unknown[] };
    json.model.vocab = { h: 0, e: 1, l: 2, o: 3 };
    json.model.merges = [];
    json.added_tokens = [];
    const bare = { kind: 'huggingface' as const, name: 'bare', json: JSON.stringify(json) };
    const messages = [
      { role: 'user', content: 'ж' },
      { role: 'assistant', content: 'ж' },
    ];
    for (const texts of [['ж'], ['ж', 'hello']]) {
      const lines = texts.map((content) => JSON.stringify({ messages: messages.map((each) => ({ ...each, content })) }));
      const { facts } = await openSession([inputFile('chat.jsonl', lines.join('\n'))], { tokenizer: bare });
      const [input] = facts.inputs;
      expect(input?.records).toBe((input?.rollouts ?? 0) + (input?.issueCount ?? 0));
      expect(input?.records).toBe(texts.length);
    }
  });
});
