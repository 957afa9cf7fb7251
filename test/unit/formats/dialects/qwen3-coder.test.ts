import { describe, expect, it } from 'vitest';
import { qwen3Coder } from '../../../../src/formats/dialects/qwen3-coder.ts';
import { itHolds, segments, shown } from './holds.ts';

const CALL =
  'I write it.\n<tool_call>\n<function=write_file>\n<parameter=path>\na.py\n</parameter>\n<parameter=lines>\n2\n</parameter>\n' +
  '<parameter=content>\nif a < b:\n    print("x")\n</parameter>\n</function>\n</tool_call>';
const ARGUMENTS = '{"path": "a.py", "lines": 2, "content": "if a < b:\\n    print(\\"x\\")"}';

describe('Qwen3-Coder', () => {
  itHolds(qwen3Coder, ['<tool_call>', '</tool_call>', '<function=', '</function>', '<parameter=', '</parameter>', '>'], CALL);

  it('reads parameters, lines and brackets in them included', async () => {
    expect(shown(CALL)).toEqual([
      ['text', 'I write it.\n'],
      ['call', 'write_file', ARGUMENTS],
    ]);
    expect(await segments(CALL)).toEqual(['text', 'call write_file']);
    expect(await segments(CALL.replace('write_file', 'plan_update'))).toEqual(['text', 'memory plan_update']);
  });

  it('reads calls without the outer mark, as OpenHands logs them', () => {
    const bare = CALL.replace('<tool_call>\n', '').replace('\n</tool_call>', '');
    expect(shown(bare).at(-1)).toEqual(['call', 'write_file', ARGUMENTS]);
    expect(shown('<function=finish>\n</function>')).toEqual([['call', 'finish', '{}']]);
  });

  it('keeps what it cannot read as text', () => {
    const torn = CALL.slice(0, CALL.indexOf('</function>'));
    expect(shown(torn)).toEqual([['text', torn]]);
    expect(qwen3Coder.answer(torn).unread).toEqual([{ start: torn.indexOf('<tool_call>'), end: torn.length }]);
  });
});
