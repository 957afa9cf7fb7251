/**
 * Small chat templates, written here, that mark answers as the templates of well-known families do: other end marks, thoughts
 * that a later question drops or that the prompt opens, calls in other forms, arguments as an object or as text.
 */
import { tinyTokenizerJson } from './tinyTokenizer.ts';

export interface Family {
  readonly name: string;
  readonly template: string;
  /** Special tokens of its vocabulary. */
  readonly special: readonly string[];
  /** The end of an answer of words before a question, of one that calls, and of the last one. */
  readonly ends: readonly [words: string, call: string, last: string];
  /** What stands around shown thoughts. */
  readonly thoughts?: readonly [open: string, close: string];
}

const calls = (open: string, name: string, args: string, close: string): string =>
  `{%- for call in m.tool_calls or [] %}{{- '${open}' }}${name}${args}{{- '${close}' }}{%- endfor %}`;
const NAME = '{{- call.function.name }}';
const JSON_CALL = calls(
  '<tool_call>\\n{"name": "',
  NAME,
  `{{- '", "arguments": ' }}{{- call.function.arguments | tojson }}{{- '}' }}`,
  '\\n</tool_call>',
);
const chatml = (thought: string, prompt: string, call = JSON_CALL): string => `{%- set ns = namespace(last=-1) %}
{%- for m in messages %}{%- if m.role == 'user' %}{%- set ns.last = loop.index0 %}{%- endif %}{%- endfor %}
{%- for m in messages %}
{%- if m.role == 'tool' %}{{- '<|im_start|>user\\n<tool_response>\\n' + m.content + '\\n</tool_response>' }}
{%- else %}{{- '<|im_start|>' + m.role + '\\n' }}{%- if m.role == 'assistant' %}${thought}{%- endif %}{{- m.content }}${call}{%- endif %}
{{- '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n${prompt}' }}
{%- if enable_thinking is defined and not enable_thinking %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}`;
const SHOWN = `{%- if m.reasoning_content %}{{- '<think>\\n' + m.reasoning_content + '\\n</think>\\n\\n' }}{%- endif %}`;
const XML_CALL = calls(
  '\\n<tool_call>\\n<function=',
  `${NAME}{{- '>\\n' }}`,
  `{%- for key, value in call.function.arguments | items %}{{- '<parameter=' + key + '>\\n' + value + '\\n</parameter>\\n' }}{%- endfor %}`,
  '</function>\\n</tool_call>',
);

const ARG_KEYS = `{%- for key, value in call.function.arguments | items %}
{{- '\\n<arg_key>' + key + '</arg_key>' + value }}{%- endfor %}`;

export const FAMILIES: readonly Family[] = [
  {
    name: 'ChatML without a generation prompt',
    template: chatml(SHOWN, '').replace(/\{%- if add_generation_prompt[\s\S]*$/, ''),
    ...marks('<|im_end|>'),
  },
  { name: 'ChatML, thoughts shown', template: chatml(SHOWN, ''), ...marks('<|im_end|>') },
  {
    name: 'ChatML, earlier thoughts dropped, the last turn with an empty block',
    template: chatml(
      `{%- if loop.index0 > ns.last %}{%- if m.reasoning_content or loop.last %}
{{- '<think>\\n' + (m.reasoning_content or '').strip('\\n') + '\\n</think>\\n\\n' }}{%- endif %}{%- endif %}`,
      '',
    ),
    ...marks('<|im_end|>'),
  },
  { name: 'ChatML, the prompt opens thoughts, calls as tags', template: chatml(SHOWN, '<think>\\n', XML_CALL), ...marks('<|im_end|>') },
  {
    name: 'ChatML whose marks of calls are special tokens',
    template: chatml(SHOWN, ''),
    ...marks('<|im_end|>', '<tool_call>', '</tool_call>', '<think>', '</think>'),
  },
  {
    name: 'Llama 3',
    template: `{{- '<|begin|>' }}{%- for m in messages %}
{{- '<|start_header_id|>' + ('ipython' if m.role == 'tool' else m.role) + '<|end_header_id|>\\n\\n' }}
{%- if m.tool_calls %}${calls('{"name": "', NAME, `{{- '", "parameters": ' }}{{- call.function.arguments | tojson }}`, '}')}
{%- else %}{{- m.content | trim }}{%- endif %}{{- '<|eot_id|>' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}`,
    special: ['<|begin|>', '<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
    ends: ['<|eot_id|>', '<|eot_id|>', '<|eot_id|>'],
  },
  {
    name: 'Mistral',
    template: `{{- '<s>' }}{%- for m in messages %}{%- if m.role == 'user' %}{{- '[INST] ' + m.content + '[/INST]' }}
{%- elif m.role == 'tool' %}{{- '[TOOL_RESULTS] ' + m.content + '[/TOOL_RESULTS]' }}
{%- elif m.role == 'assistant' %}{%- if m.tool_calls %}{{- '[TOOL_CALLS] [' }}
${calls('{"name": "', NAME, `{{- '", "arguments": ' }}{{- call.function.arguments | tojson }}`, '}')}{{- ']' }}
{%- else %}{{- ' ' + m.content }}{%- endif %}{{- '</s>' }}{%- endif %}{%- endfor %}`,
    special: ['<s>', '</s>', '[INST]', '[/INST]', '[TOOL_CALLS]', '[TOOL_RESULTS]', '[/TOOL_RESULTS]'],
    ends: ['</s>', '</s>', '</s>'],
  },
  {
    name: 'Phi, which ends the conversation with another mark',
    template: `{%- for m in messages %}{{- '<|' + m.role + '|>\\n' + m.content }}${JSON_CALL}{{- '<|end|>\\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{%- else %}{{- '<|endoftext|>' }}{%- endif %}`,
    special: ['<|system|>', '<|user|>', '<|assistant|>', '<|tool|>', '<|end|>', '<|endoftext|>'],
    ends: ['<|end|>', '<|end|>', '<|end|>'],
  },
  {
    name: 'gpt-oss, with channels and three end marks',
    template: `{%- for m in messages %}{%- if m.role == 'assistant' %}
{%- if m.tool_calls %}{%- if m.thinking %}{{- '<|start|>assistant<|channel|>analysis<|message|>' + m.thinking + '<|end|>' }}{%- endif %}
{{- '<|start|>assistant to=functions.' + m.tool_calls[0].function.name + '<|channel|>commentary json<|message|>' }}
{{- m.tool_calls[0].function.arguments | tojson }}{{- '<|call|>' }}
{%- else %}{%- if loop.last and m.thinking %}{{- '<|start|>assistant<|channel|>analysis<|message|>' + m.thinking + '<|end|>' }}{%- endif %}
{{- '<|start|>assistant<|channel|>final<|message|>' + m.content + ('<|return|>' if loop.last else '<|end|>') }}{%- endif %}
{%- elif m.role == 'tool' %}{{- '<|start|>functions.' + m.name + ' to=assistant<|channel|>commentary<|message|>' }}
{{- m.content | tojson }}{{- '<|end|>' }}
{%- else %}{{- '<|start|>' + m.role + '<|message|>' + m.content + '<|end|>' }}{%- endif %}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start|>assistant' }}{%- endif %}`,
    special: ['<|start|>', '<|channel|>', '<|message|>', '<|end|>', '<|call|>', '<|return|>'],
    ends: ['<|end|>', '<|call|>', '<|return|>'],
    thoughts: ['<|channel|>analysis<|message|>', '<|end|>'],
  },
  {
    name: 'DeepSeek, with arguments as text and no header after results',
    template: `{%- set ns = namespace(told=false) %}{%- for m in messages %}{%- if m.role == 'user' %}{%- set ns.told = false %}
{{- '<｜User｜>' + m.content }}{%- elif m.role == 'tool' %}{%- set ns.told = true %}
{{- '<｜tool▁outputs▁begin｜>' + m.content + '<｜tool▁outputs▁end｜>' }}
{%- elif m.role == 'assistant' %}{%- if not ns.told %}{{- '<｜Assistant｜>' }}{%- endif %}{{- m.content }}
{%- for call in m.tool_calls or [] %}
{{- '<｜tool▁calls▁begin｜>' + call.function.name + '<｜tool▁sep｜>' + call.function.arguments + '<｜tool▁calls▁end｜>' }}{%- endfor %}
{{- '<｜end▁of▁sentence｜>' }}{%- endif %}{%- endfor %}
{%- if add_generation_prompt and not ns.told %}{{- '<｜Assistant｜><think>\\n' }}{%- endif %}`,
    special: ['<｜User｜>', '<｜Assistant｜>', '<｜tool▁outputs▁begin｜>', '<｜tool▁outputs▁end｜>', '<｜end▁of▁sentence｜>'],
    ends: ['<｜end▁of▁sentence｜>', '<｜end▁of▁sentence｜>', '<｜end▁of▁sentence｜>'],
  },
  {
    name: 'GLM, where the next message ends an answer',
    template: `{%- for m in messages %}{%- if m.role == 'assistant' %}{{- '<|assistant|>\\n' }}
{%- if m.reasoning_content %}{{- '<think>' + m.reasoning_content + '</think>' }}{%- else %}{{- '<think></think>' }}{%- endif %}
{%- if m.content %}{{- '\\n' + m.content }}{%- endif %}
${calls('\\n<tool_call>', NAME, ARG_KEYS, '\\n</tool_call>')}
{%- elif m.role == 'tool' %}{{- '<|observation|>\\n' + m.content }}
{%- else %}{{- '<|' + m.role + '|>\\n' + m.content }}{%- endif %}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>' }}
{%- if enable_thinking is defined and not enable_thinking %}{{- '\\n<think></think>' }}{%- endif %}{%- endif %}`,
    special: ['<|assistant|>', '<|user|>', '<|system|>', '<|observation|>'],
    ends: ['<|user|>', '<|observation|>', ''],
    thoughts: ['<think>', '</think>'],
  },
  {
    name: 'Cohere, with an end of two marks',
    template: `{%- for m in messages %}{{- '<|TURN|><|' + m.role | upper + '|>' + m.content }}${JSON_CALL}
{{- ('<|END_RESPONSE|>' if m.role == 'assistant' else '') + '<|END_OF_TURN|>' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|TURN|><|ASSISTANT|>' }}{%- endif %}`,
    special: ['<|TURN|>', '<|USER|>', '<|ASSISTANT|>', '<|TOOL|>', '<|END_RESPONSE|>', '<|END_OF_TURN|>'],
    ends: ['<|END_RESPONSE|><|END_OF_TURN|>', '<|END_RESPONSE|><|END_OF_TURN|>', '<|END_RESPONSE|><|END_OF_TURN|>'],
  },
];

function marks(end: string, ...more: string[]): Pick<Family, 'special' | 'ends' | 'thoughts'> {
  return { special: ['<|im_start|>', end, ...more], ends: [end, end, end], thoughts: ['<think>\n', '\n</think>\n\n'] };
}

/** A tokenizer.json whose special tokens are these. */
export function tokenizerWith(special: readonly string[]): string {
  const json = JSON.parse(tinyTokenizerJson()) as { added_tokens: object[] };
  const added = special.map((content, index) => ({ ...json.added_tokens[0], id: 1000 + index, content }));
  return JSON.stringify({ ...json, added_tokens: added });
}
