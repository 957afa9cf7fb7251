/** A small byte-level tokenizer.json and a chat template, written here: 256 bytes, two marks, a few merges. */
const printable: string[] = [];
for (let byte = 0, next = 256; byte < 256; byte++) {
  const keeps = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  printable.push(String.fromCodePoint(keeps ? byte : next++));
}
const MERGES = ['h e', 'l l', 'he ll', 'hell o', 'Ġ w', 'Ġw orld'.replace('orld', 'o')];
const MARKS = ['<|im_start|>', '<|im_end|>'];

export function tinyTokenizerJson(): string {
  const vocab: Record<string, number> = {};
  for (const token of printable) vocab[token] = Object.keys(vocab).length;
  for (const merge of MERGES) vocab[merge.replace(' ', '')] = Object.keys(vocab).length;
  const added = MARKS.map((content, index) => ({
    id: Object.keys(vocab).length + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges: MERGES.map((merge) => merge.split(' ')),
    },
  });
}

/** Marks each message; drops reasoning from all but the last message, as Qwen's and DeepSeek's templates do. */
export const TEMPLATE = `{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' }}
{%- if message.reasoning_content and loop.last %}{{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n' }}{%- endif %}
{{- message.content }}
{%- for call in message.tool_calls or [] %}{{- '<tool_call>\\n{"name": "' + call.function.name + \
'", "arguments": ' + (call.function.arguments | tojson) + '}\\n</tool_call>' }}{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- endfor %}`;

export function tinyTokenizerConfig(template = TEMPLATE): string {
  return JSON.stringify({ chat_template: template, eos_token: '<|im_end|>' });
}
