/** Conversations are spelled as the chat template of the open tokenizer takes them, whichever family it is of. */
import { Template } from '@huggingface/jinja';
import { describe, expect, it } from 'vitest';
import { answer, call, exportLogs, result, tool, user, type Log, type Message } from '../../../helpers/conversations.ts';
import { FAMILIES, tokenizerWith } from '../../../helpers/families.ts';

/** Nine letters: some templates refuse other ids. */
const ID = 'abcdefgh1';
const LOGS: Log[] = [
  {
    id: 'a',
    tools: [tool('search', 'where')],
    messages: [
      user('Find it.'),
      answer('', { tool_calls: [call(ID, 'search', '{"where": "beds"}')] }),
      { ...result(ID, 'found'), name: 'search' },
      answer('It is here.'),
    ],
  },
];

interface Row {
  readonly messages: readonly Message[];
  readonly tools?: unknown;
}

describe.each(FAMILIES)('a template like $name', ({ template, special }) => {
  const json = tokenizerWith(special);
  const settings = {
    tokenizer: { kind: 'huggingface' as const, name: 'tiny', json, config: JSON.stringify({ chat_template: template }) },
  };

  it.each(['trl-messages', 'slime', 'nemo-rl', 'nemo-automodel'])('renders the records of %s', async (profile) => {
    const { rows } = await exportLogs(profile, LOGS, { settings });
    const { messages, tools } = rows[0] as unknown as Row;
    const given = typeof tools === 'string' ? (JSON.parse(tools) as unknown) : tools;
    const text = new Template(template).render({ messages, tools: given, bos_token: '', eos_token: '<eos>', add_generation_prompt: false });
    expect(text).toContain('search');
    expect(text).toContain('beds');
    expect(text).toContain('It is here.');
    // Arguments that are encoded twice have their quotation marks escaped.
    expect(text).not.toContain('\\"');
    expect(text).not.toContain('[object');
  });
});
