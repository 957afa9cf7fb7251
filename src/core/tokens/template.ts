/**
 * How messages become tokens where the log has none. The plain template marks messages as OpenAI's chat markup does:
 * <|im_start|> role <|im_sep|> content <|im_end|>. Marks are single tokens that text cannot spell, so a message
 * gives the same tokens wherever it stands and each distinct text is tokenised once.
 */
import type { Branch, Part, Role } from '../model/rollout.ts';
import type { Tokenizer } from './tokenizer.ts';

const IM_START = 200_264;
export const IM_END = 200_265;
const IM_SEP = 200_266;
export const PLAIN_MARKS: readonly { readonly id: number; readonly text: string }[] = [
  { id: IM_START, text: '<|im_start|>' },
  { id: IM_END, text: '<|im_end|>' },
  { id: IM_SEP, text: '<|im_sep|>' },
];

/** Ids of the plain template's marks in a vocabulary. */
export interface PlainMarks {
  readonly start: ArrayLike<number>;
  readonly separator: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

const OWN_MARKS: PlainMarks = { start: [IM_START], separator: [IM_SEP], end: [IM_END] };
const marksByTokenizer = new WeakMap<Tokenizer, PlainMarks>();

/** A vocabulary that has marks of its own spells ours with its own ids: ids of two vocabularies never stand in one record. */
export function marksOf(tokenizer: Tokenizer): PlainMarks {
  if (tokenizer.encodeMarked === undefined) return OWN_MARKS;
  const known = marksByTokenizer.get(tokenizer);
  if (known) return known;
  const [start, end, separator] = PLAIN_MARKS.map(({ text }) => tokenizer.encodeMarked?.(text) ?? []);
  const marks = { start, end, separator };
  marksByTokenizer.set(tokenizer, marks);
  return marks;
}

/** The role word in a message's header. */
export const ROLE_WORD: Readonly<Record<Role, string>> = { system: 'system', user: 'user', assistant: 'assistant', tool: 'tool' };

/** A call that a message keeps beside its text, rather than in its own words. */
export function isSeparateCall(part: Part): boolean {
  return (part.kind === 'call' || part.kind === 'memory') && part.inline !== true;
}

/** A part as the plain template spells it; `last` parts are followed by the end mark. */
export function plainText(part: Part): string {
  if (part.inline === true) return part.text;
  switch (part.kind) {
    case 'thinking':
      return `<think>\n${part.text}\n</think>\n`;
    case 'call':
    case 'memory':
      return (
        `<tool_call>\n{"name": ${JSON.stringify(part.tool ?? '')}, ` +
        `"arguments": ${part.text === '' ? '{}' : part.text}}\n</tool_call>\n`
      );
    default:
      return part.text;
  }
}

/** A stretch of rendered conversation: whole template output, cut where parts begin and end. */
export interface RenderedPiece {
  readonly text: string;
  /** Index of the event it belongs to, and of the part, or -1 for scaffold. A part of an answer comes with the marks around it. */
  readonly event: number;
  readonly part: number;
  /** It is of the answer although it is of no part: the end of an answer in which nothing was said. */
  readonly isTurn?: true;
  /** It ends with the mark that ends the turn. */
  readonly endsTurn?: true;
}

/** What an export asks of the template that its records are for. */
export interface TemplateTraits {
  readonly name: string;
  /** How it takes the arguments of a call: as an object, or as their JSON text. */
  readonly callArguments: 'object' | 'text';
  /** It writes calls at all; one that does not leaves them out, and a trainer that renders with it says nothing of that. */
  readonly showsCalls: boolean;
  /** It marks what the assistant says (`{% generation %}`): with such marks transformers finds the tokens of answers. */
  readonly marksAnswers: boolean;
}

/** A model's own chat template; renders a whole branch, because templates may look at any message. */
export interface ChatTemplate extends TemplateTraits {
  render(branch: Branch, tools: string | undefined): Rendered;
}

/** What a template makes of a branch, or why it refuses it; `bound`: it did not end, or writes too much. */
export type Rendered =
  | { readonly ok: true; readonly pieces: readonly RenderedPiece[] }
  | { readonly ok: false; readonly reason: string; readonly bound?: { readonly allowed: string; readonly found: string } };
