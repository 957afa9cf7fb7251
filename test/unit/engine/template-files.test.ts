import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSettings } from '../../../src/cli/open-flags.ts';
import { loadHuggingFace } from '../../../src/engine/tokenizers/hugging-face.ts';
import { chooseTemplate, withTemplates } from '../../../src/engine/tokenizers/template-files.ts';
import { TEMPLATE, tinyTokenizerConfig, tinyTokenizerJson } from '../../helpers/tinyTokenizer.ts';

const root = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder as `save_pretrained` leaves it. */
function saved(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'additional_chat_templates'), { recursive: true });
  for (const [path, text] of Object.entries({ 'tokenizer.json': tinyTokenizerJson(), ...files })) writeFileSync(join(folder, path), text);
  return folder;
}

function rendered(tokenizer: string, tools?: string): string {
  const choice = openSettings({ tokenizer }).tokenizer;
  if (choice.kind !== 'huggingface') throw new Error('not a tokenizer of files');
  const { template } = loadHuggingFace(choice.name, choice.json, choice.config);
  const answer = template?.render({ events: [{ role: 'user', sampled: false, parts: [{ kind: 'user', text: 'hello' }] }] }, tools);
  return answer?.ok === true ? answer.pieces.map(({ text }) => text).join('') : `no rendering: ${answer?.reason}`;
}

const says = (word: string): string => `{% for message in messages %}${word} {{ message.content }}{% endfor %}`;

describe('--tokenizer', () => {
  it('reads chat_template.jinja beside tokenizer.json, before the template in tokenizer_config.json', () => {
    const folder = saved('both', { 'tokenizer_config.json': tinyTokenizerConfig(says('config')), 'chat_template.jinja': says('file') });
    expect(rendered(folder)).toBe('file hello');
    expect(rendered(join(folder, 'tokenizer.json'))).toBe('file hello');
  });
  it('reads chat_template.jinja where there is no tokenizer_config.json', () => {
    expect(rendered(saved('alone', { 'chat_template.jinja': says('alone') }))).toBe('alone hello');
  });
  it('takes the template for tools where there are tools, of a folder and of a list in the configuration', () => {
    const templates = [
      { name: 'default', template: says('plain') },
      { name: 'tool_use', template: says('tools') },
    ];
    const folder = saved('several', { 'chat_template.jinja': says('plain'), 'additional_chat_templates/tool_use.jinja': says('tools') });
    const listed = saved('listed', { 'tokenizer_config.json': JSON.stringify({ chat_template: templates }) });
    for (const tokenizer of [folder, listed]) {
      expect(rendered(tokenizer)).toBe('plain hello');
      expect(rendered(tokenizer, '[{"type":"function","function":{"name":"f"}}]')).toBe('tools hello');
    }
  });
  it('names a folder by its name, and says which file is missing', () => {
    expect(openSettings({ tokenizer: saved('named', {}) }).tokenizer).toMatchObject({ kind: 'huggingface', name: 'named' });
    expect(() => openSettings({ tokenizer: root })).toThrow(`--tokenizer: no file at ${join(root, 'tokenizer.json')}`);
  });
});

describe('templates beside a tokenizer', () => {
  it('keep the rest of the configuration, and leave one that is none as it is', () => {
    const file = { name: 'default', template: 'x' };
    expect(withTemplates(tinyTokenizerConfig(), [file])).toBe('{"chat_template":"x","eos_token":"<|im_end|>"}');
    expect(withTemplates('[1', [file])).toBe('[1');
    expect(withTemplates(undefined, [])).toBeUndefined();
  });
  it('are no template where no name is one that transformers takes', () => {
    expect(chooseTemplate([{ name: 'rag', template: 'x' }])).toBeUndefined();
    expect(chooseTemplate({ default: TEMPLATE })).toEqual({ plain: TEMPLATE, withTools: TEMPLATE });
    for (const value of [null, 7, [null, 'x', { name: 1 }]]) expect(chooseTemplate(value)).toBeUndefined();
  });
});
