/** Finds the turns in a conversation that was rendered to one text, with its special tokens or without them. */
import type { Role } from '../core/model/rollout.ts';
import { bareRole, templateRole } from './roles.ts';

/** A turn found in text. `start`: index of its first content unit in the whole text. */
export interface TextTurn {
  readonly role: Role;
  readonly text: string;
  readonly start: number;
}

interface Template {
  /** Opens a turn: what it starts with, and the role it means; null = the role is the word that follows, up to `until`. */
  readonly openers: readonly { readonly mark: string; readonly role: Role | null; readonly until?: string }[];
  /** What closes a turn; removed from its end. */
  readonly closers: readonly string[];
  /** What may stand before the first turn; a DeepSeek prompt has its system text right behind it. */
  readonly start?: string;
}

const TEMPLATES: readonly Template[] = [
  { openers: [{ mark: '<|im_start|>', role: null, until: '\n' }], closers: ['<|im_end|>\n', '<|im_end|>', '<|endoftext|>'] },
  {
    openers: [
      { mark: '<｜User｜>', role: 'user' },
      { mark: '<｜Assistant｜>', role: 'assistant' },
      { mark: '<｜tool▁outputs▁begin｜>', role: 'tool' },
      { mark: '<｜tool▁outputs▁end｜>', role: 'assistant' },
    ],
    closers: ['<｜end▁of▁sentence｜>'],
    start: '<｜begin▁of▁sentence｜>',
  },
  {
    openers: [{ mark: '<|start_header_id|>', role: null, until: '<|end_header_id|>\n\n' }],
    closers: ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>'],
    start: '<|begin_of_text|>',
  },
  {
    openers: [{ mark: '<start_of_turn>', role: null, until: '\n' }],
    closers: ['<end_of_turn>\n', '<end_of_turn>', '<eos>'],
    start: '<bos>',
  },
  {
    openers: [
      { mark: '<|system|>\n', role: 'system' },
      { mark: '<|user|>\n', role: 'user' },
      { mark: '<|assistant|>\n', role: 'assistant' },
      { mark: '<|observation|>\n', role: 'tool' },
    ],
    closers: ['<|endoftext|>', '</s>'],
  },
];

/** The turns of a rendered template, or null where the text shows none that is known. */
export function splitTemplate(text: string): readonly TextTurn[] | null {
  for (const template of TEMPLATES) {
    const turns = splitWith(template, text);
    if (turns) return turns;
  }
  return null;
}

function splitWith(template: Template, text: string): readonly TextTurn[] | null {
  // For every opener the place of its next occurrence, so that the text is searched once per opener.
  const next = template.openers.map(({ mark }) => text.indexOf(mark));
  if (next.every((at) => at < 0)) return null;
  const turns: TextTurn[] = [];
  let role: Role | null = null;
  let from = template.start !== undefined && text.startsWith(template.start) ? template.start.length : 0;
  for (;;) {
    let best = -1;
    for (let i = 0; i < next.length; i++) {
      const at = next[i] ?? -1;
      if (at >= 0 && (best < 0 || at < (next[best] ?? 0))) best = i;
    }
    const opener = template.openers[best];
    const at = opener ? (next[best] ?? 0) : text.length;
    const content = withoutClosers(text.slice(from, at), template.closers);
    // What stands before the first turn is a system text without a mark of its own.
    if (role !== null || content.trim() !== '') turns.push({ role: role ?? 'system', text: content, start: from });
    if (!opener) return turns;
    from = at + opener.mark.length;
    role = opener.role;
    if (role === null) {
      const until = opener.until ?? '\n';
      const end = text.indexOf(until, from);
      const word = text.slice(from, end < 0 ? text.length : Math.min(end, from + 32)).trim();
      role = templateRole(word) ?? null;
      if (role === null) return null;
      from = end < 0 ? text.length : end + until.length;
    }
    next[best] = text.indexOf(opener.mark, from);
  }
}

function withoutClosers(text: string, closers: readonly string[]): string {
  let result = text;
  for (
    let closer = closers.find((mark) => result.endsWith(mark));
    closer !== undefined;
    closer = closers.find((mark) => result.endsWith(mark))
  ) {
    result = result.slice(0, -closer.length);
  }
  return result;
}

// ---------------------------------------------------------------------------------------------------------------
// Rendered ChatML whose special tokens were left out on decoding

/**
 * The turns of a prompt such as `system\n…\nuser\n…\nassistant\n`: what ChatML looks like after its special tokens were
 * skipped. Null unless there is exactly one way to read it: at most one system turn, at the start; then users (or
 * tools) and assistants in turn; and an assistant turn at the end that is still empty.
 */
export function splitBarePrompt(text: string): readonly TextTurn[] | null {
  const turns: TextTurn[] = [];
  let role: Role | null = null;
  let from = 0;
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf('\n', at);
    const lineEnd = end < 0 ? text.length : end;
    // Only short lines can be a role.
    const word = lineEnd - at <= 9 ? text.slice(at, lineEnd) : '';
    const found = bareRole(word);
    if (found !== undefined) {
      if (role === null) {
        if (at !== 0) return null;
      } else turns.push({ role, text: text.slice(from, Math.max(from, at - 1)), start: from });
      role = found;
      from = Math.min(lineEnd + 1, text.length);
    } else if (at === 0) return null;
    if (end < 0) break;
    at = end + 1;
  }
  if (role !== 'assistant') return null;
  const tail = text.slice(from);
  if (tail.trim() !== '' && tail.trim() !== '<think>') return null;
  turns.push({ role, text: tail, start: from });
  for (let i = 0; i < turns.length; i++) {
    const current = turns[i]?.role;
    const before = turns[i - 1]?.role;
    if (
      current === 'system'
        ? i !== 0
        : current === 'assistant'
          ? before !== 'user' && before !== 'tool'
          : before === 'user' || before === 'tool'
    )
      return null;
  }
  return turns;
}
