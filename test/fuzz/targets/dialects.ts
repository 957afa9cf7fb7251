/** Every call dialect, over its own marks and those of others: pieces tile any text, and nothing is said that does not stand there. */
import type { CallDialect, Span } from '../../../src/formats/dialects/dialect.ts';
import { DIALECTS } from '../../../src/formats/dialects/registry.ts';
import { bytesOf, hold, textOf, type Target } from '../target.ts';

const CALLS: Readonly<Record<string, string>> = {
  hermes: '<think>\nLook.\n</think>\n\nFirst.\n<tool_call>\n{"name": "search", "arguments": {"q": "x"}}\n</tool_call>\n',
  'qwen3-coder': '<tool_call>\n<function=run>\n<parameter=cmd>\nls\n</parameter>\n</function>\n</tool_call>',
  deepseek: 'Hm.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>run<｜tool▁sep｜>{"a": 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  glm: '<think>Hm.</think>\n<tool_call>run\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>',
  harmony: '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.run <|message|>{"a": 1}<|call|>',
  kimi:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.run:0<|tool_call_argument_begin|>{"a": 1}' +
    '<|tool_call_end|><|tool_calls_section_end|>',
  llama3: '<|python_tag|>{"name": "run", "parameters": {"a": 1}}<|eom_id|>',
  mistral: '[TOOL_CALLS][{"name": "run", "arguments": {"a": 1}, "id": "123456789"}]</s>',
};

export function dialectTargets(): Target[] {
  const seeds = Object.values(CALLS).map(bytesOf);
  return DIALECTS.map((dialect) => ({
    id: `dialect ${dialect.id}`,
    kind: 'text',
    weight: 40,
    seeds: [bytesOf(CALLS[dialect.id] ?? ''), ...seeds],
    run: (input) => tiles(dialect, textOf(input)),
  }));
}

function tiles(dialect: CallDialect, text: string): void {
  dialect.detects(text);
  const { pieces, unread } = dialect.answer(text);
  let at = 0;
  for (const { kind, start, end, text: said } of pieces) {
    hold(start === at && end > start, 'pieces tile the text');
    at = end;
    if (kind === 'text' || kind === 'thinking') hold(text.slice(start, end).includes(said), 'a piece says what stands there');
    if (kind === 'scaffold') hold(said === '', 'scaffold says nothing');
  }
  hold(at === text.length, 'pieces tile the text');
  inOrder(unread, text.length);
  for (const span of unread)
    hold(
      pieces.some(({ kind, start, end }) => kind === 'text' && start < span.end && end > span.start),
      'what cannot be read stands in text',
    );
  inOrder(dialect.results?.(text) ?? [], text.length);
}

function inOrder(spans: readonly Span[], length: number): void {
  let at = 0;
  for (const { start, end } of spans) {
    hold(start >= at && end > start && end <= length, 'spans are in order and apart');
    at = end;
  }
}
