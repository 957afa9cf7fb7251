/**
 * What a chat template writes around an answer, found by rendering small conversations with it: what the prompt of a model
 * call ends with before the answer, and the marks that end the answer. No list of names of marks is needed. [ours]
 */
import type { Role } from '../../core/model/rollout.ts';
import type { MessageSpelling, TemplateMessage } from './template-messages.ts';

/** Variables that turn thoughts off, in the templates that have such a variable. */
const WITHOUT_THOUGHTS = { enable_thinking: false, thinking: false } as const;

/** Renders messages; null where the template refuses them. */
export type ProbeRender = (messages: readonly TemplateMessage[], variables: Readonly<Record<string, unknown>>) => string | null;

/** What stands between the content of a message and the answer that follows it, as units (see `unitsOf`). */
export interface AnswerPrompt {
  /** As a prompt of a model call ends, with and without thoughts. */
  readonly plain: readonly (readonly string[])[];
  /** What all of them begin with: before thoughts, whose opening mark is the answer's own. */
  readonly beforeThoughts: readonly string[];
  /** Units that end the message before; an answer begins behind them. */
  readonly least: number;
}

export interface TemplateFacts {
  readonly spelling: CallSpelling;
  /** Some spelling of a call is seen in what it renders. */
  readonly showsCalls: boolean;
  /** Role of the message before an answer -> the prompt; absent where the template refuses such a conversation. */
  readonly prompts: Partial<Readonly<Record<Role, AnswerPrompt>>>;
  /** What is added to a conversation for the model to answer, the longest first. */
  readonly openings: readonly string[];
  /** Units between the prompt and the name of the tool, in an answer that only calls. */
  readonly callOpening: readonly string[];
  /** Texts with which an answer ends, without the blanks behind them; empty where the template writes none. */
  readonly ends: readonly string[];
}

const QUESTION = '\ue000q\ue001';
const ANSWER = '\ue000a\ue001';
const NEXT = '\ue000n\ue001';
const TOOL = '\ue000t\ue001';
const RESULT = '\ue000r\ue001';
const VALUE = '\ue000v\ue001';
/** Nine letters: some templates refuse other ids. */
const CALL_ID = 'callprobe';

const user = (content: string): TemplateMessage => ({ role: 'user', content });
const answer = (content: string): TemplateMessage => ({ role: 'assistant', content });
const caller = ({ callArguments, emptyContent }: CallSpelling): TemplateMessage => {
  const given = { value: VALUE };
  const call = { name: TOOL, arguments: callArguments === 'text' ? JSON.stringify(given) : given };
  return { role: 'assistant', content: emptyContent, tool_calls: [{ type: 'function', id: CALL_ID, function: call }] };
};
const result: TemplateMessage = { role: 'tool', content: RESULT, tool_call_id: CALL_ID, name: 'probe' };

/** @param isSpecial whether a text is one of the tokenizer's special tokens */
export function probeTemplate(render: ProbeRender, isSpecial: (text: string) => boolean): TemplateFacts {
  const shown = callSpelling(render);
  const spelled = shown ?? CALL_SPELLINGS[0];
  const call = caller(spelled);
  const asked = [user(QUESTION)];
  const answered = [...asked, answer(ANSWER)];
  const called = [...asked, call];
  const told = [...called, result];
  const prompts: Partial<Record<Role, AnswerPrompt>> = {};
  const before: readonly (readonly [Role, readonly TemplateMessage[], string])[] = [
    ['user', asked, QUESTION],
    ['tool', told, RESULT],
    ['assistant', [...asked, answer(QUESTION)], QUESTION],
    ['system', [{ role: 'system', content: QUESTION }], QUESTION],
  ];
  for (const [role, messages, last] of before) {
    const prompt = promptBehind(render, messages, last);
    if (prompt !== null) prompts[role] = prompt;
  }
  return {
    spelling: spelled,
    showsCalls: shown !== null,
    prompts,
    openings: openings(render, asked),
    callOpening: callOpening(render(called, {}), prompts.user),
    ends: endings(render, { answered, called, told }, isSpecial),
  };
}

type CallSpelling = Pick<MessageSpelling, 'callArguments' | 'emptyContent'>;

/** The first is what most templates take; a template that writes arguments as they are refuses an object, or garbles it. */
const CALL_SPELLINGS: readonly [CallSpelling, ...CallSpelling[]] = [
  { callArguments: 'object', emptyContent: '' },
  { callArguments: 'text', emptyContent: '' },
  { callArguments: 'object', emptyContent: null },
  { callArguments: 'text', emptyContent: null },
];

/** Null where no call is seen. */
function callSpelling(render: ProbeRender): CallSpelling | null {
  const shows = (spelled: CallSpelling): boolean => {
    const text = render([user(QUESTION), caller(spelled), result], {}) ?? '';
    return text.includes(TOOL) && text.includes(spelled.callArguments === 'text' ? JSON.stringify({ value: VALUE }) : VALUE);
  };
  return CALL_SPELLINGS.find(shows) ?? null;
}

function promptBehind(render: ProbeRender, messages: readonly TemplateMessage[], last: string): AnswerPrompt | null {
  const whole = render(messages, {});
  const tail = behind(whole, last);
  if (tail === null) return null;
  const asked = [{}, WITHOUT_THOUGHTS].flatMap((variables) => {
    // Some templates write into the question that no thoughts are wanted: only what is added behind it is the prompt's end.
    const own = behind(render(messages, variables), last);
    const prompt = behind(render(messages, { ...variables, add_generation_prompt: true }), last);
    return own === null || prompt === null || prompt === own || !prompt.startsWith(own) ? [] : [tail + prompt.slice(own.length)];
  });
  // As earlier answers without thoughts stand behind such a message.
  const history = between(render([...messages, answer(ANSWER), user(NEXT), answer(NEXT)], {}), last, ANSWER);
  const plain = (asked.length > 0 || history === null ? asked : [history]).map(unitsOf);
  if (plain.length === 0) return null;
  const shared = (history === null ? plain : [...plain, unitsOf(history)]).reduce(commonUnits);
  return { plain, beforeThoughts: withoutOpened(shared, plain), least: commonUnits(unitsOf(tail), plain[0] ?? []).length };
}

function callOpening(text: string | null, prompt: AnswerPrompt | undefined): readonly string[] {
  const gap = unitsOf(between(text, QUESTION, TOOL) ?? '');
  const headers = (prompt?.plain ?? []).map((units) => commonUnits(units, gap).length);
  return gap.slice(headers.reduce((most, length) => Math.max(most, length), 0));
}

function openings(render: ProbeRender, asked: readonly TemplateMessage[]): string[] {
  const whole = render(asked, {});
  const added = [{}, WITHOUT_THOUGHTS].flatMap((variables) => {
    const prompt = render(asked, { ...variables, add_generation_prompt: true });
    return prompt !== null && whole !== null && prompt.length > whole.length && prompt.startsWith(whole)
      ? [prompt.slice(whole.length)]
      : [];
  });
  return [...new Set(added)].sort((a, b) => b.length - a.length);
}

/**
 * What stands behind an answer both before the next message and at the end of the conversation ends it. Where the two have
 * nothing in common, the end of the conversation and the first special token before the next message do. Where the
 * template writes nothing, the special token that opens the next message is what stops the model, as with GLM.
 */
function endings(
  render: ProbeRender,
  probes: Readonly<Record<'answered' | 'called' | 'told', readonly TemplateMessage[]>>,
  isSpecial: (text: string) => boolean,
): string[] {
  const next = between(render([...probes.answered, user(NEXT), answer(QUESTION)], {}), ANSWER, NEXT);
  const last = behind(render(probes.answered, {}), ANSWER);
  const callNext = between(render([...probes.told, answer(ANSWER)], {}) ?? render(probes.told, {}), TOOL, RESULT);
  const callLast = behind(render(probes.called, {}), TOOL);
  const callShared = callNext === null || callLast === null ? [] : commonUnits(unitsOf(callNext), unitsOf(callLast));
  const specialIn = (text: string | null): string | undefined => text?.trimStart() && unitsOf(text.trimStart()).find(isSpecial);
  const shared = next === null || last === null ? '' : commonUnits(unitsOf(next), unitsOf(last)).join('').trimEnd();
  const found = shared === '' ? [last?.trimEnd() ?? '', (last ?? '').trim() === '' ? undefined : specialIn(next)] : [shared];
  const ends = found.filter((end): end is string => end !== undefined && end.trim() !== '');
  if (ends.length === 0) {
    const opening = (text: string | null): string | undefined => {
      const first = text === null ? undefined : unitsOf(text.trimStart())[0];
      return first !== undefined && isSpecial(first) ? first : undefined;
    };
    const openers = [opening(next), opening(callNext?.slice(callShared.join('').length) ?? null)];
    return [...new Set(openers.filter((mark) => mark !== undefined))];
  }
  const callEnd = callShared.join('').trimEnd();
  if (callEnd !== '' && !ends.some((end) => callEnd.endsWith(end))) {
    const mark = unitsOf(callEnd).at(-1);
    if (mark !== undefined && isSpecial(mark)) ends.push(mark);
  }
  return [...new Set(ends)];
}

const UNIT = /<[^<>\s]*>|\[\/?[A-Z_]+\]|[\s\S]/g;

/** Marks in pointed or square brackets, and single characters: nothing is cut inside a mark. */
export function unitsOf(text: string): string[] {
  return text.match(UNIT) ?? [];
}

function commonUnits(a: readonly string[], b: readonly string[]): string[] {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** Without a mark at the end that one of the prompts closes: what opens thoughts is no header. */
function withoutOpened(units: readonly string[], prompts: readonly (readonly string[])[]): readonly string[] {
  let last = units.length - 1;
  while (last >= 0 && units[last]?.trim() === '') last--;
  const mark = units[last] ?? '';
  const closing = mark.startsWith('<') ? `</${mark.slice(1)}` : mark.startsWith('[') ? `[/${mark.slice(1)}` : null;
  return closing !== null && prompts.some((prompt) => prompt.includes(closing)) ? units.slice(0, last) : units;
}

function behind(text: string | null, sentinel: string): string | null {
  const at = text?.lastIndexOf(sentinel) ?? -1;
  return text === null || at < 0 ? null : text.slice(at + sentinel.length);
}

function between(text: string | null, from: string, to: string): string | null {
  const start = text?.indexOf(from) ?? -1;
  if (text === null || start < 0) return null;
  const end = text.indexOf(to, start + from.length);
  return end < 0 ? null : text.slice(start + from.length, end);
}
