/** Changes to text: marks of templates and dialects put in, words cut, doubled and swapped. */
import type { Random } from '../random.ts';

/** Marks that some model family or format gives a meaning, and characters that are easily read wrongly. */
const MARKS = [
  '<think>', '</think>', '<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>', '<function=f>', '</function>',
  '<parameter=a>', '</parameter>', '[TOOL_CALLS]', '[ARGS]', '[/INST]', '[INST]', '<|python_tag|>', '<|eom_id|>', '<|eot_id|>',
  '<｜tool▁calls▁begin｜>', '<｜tool▁call▁begin｜>', '<｜tool▁sep｜>', '<｜tool▁call▁end｜>', '<｜tool▁calls▁end｜>',
  '<|tool_calls_section_begin|>', '<|tool_call_begin|>', '<|tool_call_argument_begin|>', '<|tool_call_end|>',
  '<|channel|>', '<|message|>', '<|call|>', '<|end|>', '<|start|>', '<|return|>', ' to=functions.f', 'commentary', 'analysis', 'final',
  '<arg_key>', '</arg_key>', '<arg_value>', '</arg_value>', '<|im_start|>', '<|im_end|>', '<|im_sep|>', '<|endoftext|>',
  '\nuser\n', '\nassistant\n', 'system\n', '\ntool\n', '{"name": "f", "arguments": {"a": 1}}', '{"name": "f"', '"arguments": "{',
  '{}', '[]',
  '\u0000', '\ufeff', '\u001b[31m', '\ud83d', '\udc4d', '👍🏽', '\u202e', '\u2028', '\r\n', '\\', '"', "'", '{{', '{%',
  '\u{10ffff}', 'ﬁ', '\u0301',
  '\t', ' '.repeat(40),
]; // prettier-ignore

/** @param other another text, of which a part may be taken */
export function mutateText(text: string, random: Random, other: string): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.below(random.chance(0.7) ? 12 : Math.max(1, text.length)));
  switch (random.below(8)) {
    case 0:
    case 1:
      return text.slice(0, at) + random.pick(MARKS) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.pick(MARKS) + text.slice(to);
    case 3:
      return text.slice(0, at) + text.slice(to);
    case 4:
      return text.slice(0, to) + text.slice(at, to).repeat(1 + random.below(4)) + text.slice(to);
    case 5:
      return text.slice(0, at);
    case 6: {
      const from = random.below(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + 1 + random.below(60)) + text.slice(to);
    }
    default: {
      const mark = random.pick(MARKS);
      return mark.repeat(1 + random.below(30)) + text.slice(at);
    }
  }
}
