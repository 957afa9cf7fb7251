import { describe, expect, it } from 'vitest';
import { startToken } from '../../../../src/engine/score/start-token.ts';

const template = (...single: readonly unknown[]): unknown => ({
  type: 'TemplateProcessing',
  single,
  special_tokens: { '<s>': { id: '<s>', ids: [7], tokens: ['<s>'] }, '</s>': { id: '</s>', ids: [8], tokens: ['</s>'] } },
});
const special = (id: string): unknown => ({ SpecialToken: { id, type_id: 0 } });
const text = { Sequence: { id: 'A', type_id: 0 } };
const bytes = { type: 'ByteLevel', trim_offsets: false };

describe('startToken', () => {
  it.each([
    ['nothing is put around a text', null, {}, 5, 5],
    ['a template begins with a token', template(special('<s>'), text), {}, 5, 7],
    ['one of several does', { type: 'Sequence', processors: [bytes, template(special('<s>'), text)] }, {}, 5, 7],
    ['a template puts one behind only', template(text, special('</s>')), {}, 5, null],
    ['bytes are trimmed, as by GPT-2 and Qwen', bytes, {}, 5, null],
    ['it is asked for by name', bytes, { add_bos_token: true }, 5, 5],
    ['none is named', template(special('<s>'), text), {}, null, null],
    ['a pair names it, as with RoBERTa', { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] }, {}, 5, 0],
    ['the template names a token that it does not list', template(special('<t>'), text), {}, 5, null],
  ])('where %s', (_, processor, config, named, expected) => {
    expect(startToken({ post_processor: processor }, config, named)).toBe(expected);
  });
});
