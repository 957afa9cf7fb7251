/**
 * A dropped Hugging Face tokenizer.json with its chat template: byte-level BPE of a known split pattern in our own encoder
 * (`listed-file.ts`), others through @huggingface/tokenizers; templates through @huggingface/jinja.
 */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { hash128 } from '../../base/hash.ts';
import type { ChatTemplate } from '../../core/tokens/template.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { get, getList, getString, isObject, parseJson, type JsonObject } from '../../formats/json.ts';
import { makeBoundedTemplate, TemplateBound } from './bounded-template.ts';
import { byteLevelBytes } from './byte-level.ts';
import { listedBytePairs } from './listed-file.ts';
import type { LoadedTokenizer } from './loaded.ts';
import { chooseTemplate, type ChosenTemplate } from './template-files.ts';
import { cutPieces } from './rendered-pieces.ts';
import { REASONING_KEYS, templateMessages, type MessageSpelling, type TemplateMessage, type TextOfPart } from './template-messages.ts';
import { probeTemplate, type ProbeRender, type TemplateFacts } from './template-probe.ts';

/**
 * Its name carries eight digits of the file's hash, so that two files of one name stay apart. Throws a plain sentence
 * where the files are not a tokenizer.
 */
export function loadHuggingFace(name: string, json: string, config: string | undefined): LoadedTokenizer {
  const settings = config === undefined ? {} : parseFile('tokenizer_config.json', config);
  const file = parseFile('tokenizer.json', json);
  const called = `${name} ${hash128(json).slice(0, 8)}`;
  const ours = listedBytePairs(file, settings);
  const tokenizer = ours === null ? wrap(called, new Library(file, settings), isByteLevel(json)) : { name: called, ...ours };
  const source = chooseTemplate(get(settings, 'chat_template'));
  return { tokenizer, template: source === undefined ? null : makeTemplate(name, source, settings, specialTokens(file)) };
}

function specialTokens(file: JsonObject): string[] {
  const marks = new Map<unknown, string>();
  for (const token of getList(file, 'added_tokens') ?? []) {
    const content = getString(token, 'content');
    if (content === undefined) continue;
    if (get(token, 'special') === true) marks.set(get(token, 'id'), content);
    else marks.delete(get(token, 'id'));
  }
  return [...marks.values()];
}

function parseFile(name: string, text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error(`${name}: expected a JSON object, found ${typeof value}`);
  return value;
}

function isByteLevel(json: string): boolean {
  return json.includes('"ByteLevel"');
}

function wrap(name: string, library: Library, byteLevel: boolean): Tokenizer {
  const added = library.get_added_tokens_decoder();
  const encoder = new TextEncoder();
  const encode = (text: string): ArrayLike<number> => library.encode(text, { add_special_tokens: false }).ids;
  return {
    name,
    encodedBy: '@huggingface/tokenizers',
    encode,
    encodeMarked: encode,
    bytes(id) {
      const special = added.get(id);
      if (special) return encoder.encode(special.content);
      const token = library.id_to_token(id);
      if (token === undefined) return null;
      if (byteLevel) return byteLevelBytes(token);
      const byte = /^<0x([0-9A-F]{2})>$/.exec(token);
      return byte ? Uint8Array.of(Number.parseInt(byte[1] ?? '0', 16)) : encoder.encode(token.replaceAll('\u2581', ' '));
    },
  };
}

/**
 * The date that templates are told which ask for today's, as `strftime` writes it: the one that Llama's templates name themselves
 * where they know none. Equal logs give equal tokens on every day.
 */
function fixedDate(format: string): string {
  const written: Readonly<Record<string, string>> = { Y: '2024', m: '07', d: '26', b: 'Jul', B: 'July', y: '24', A: 'Friday', a: 'Fri' };
  return format.replace(/%([a-zA-Z])/g, (_, letter: string) => written[letter] ?? (/[HMSI]/.test(letter) ? '00' : ''));
}

/** A template that is read, and what it writes around answers. */
interface OpenTemplate {
  readonly render: (messages: readonly TemplateMessage[], given: Readonly<Record<string, unknown>>) => string;
  readonly facts: TemplateFacts;
  /** What it reached with a conversation of a few words already: it is not tried with any other. */
  readonly reached: TemplateBound | null;
}

function makeTemplate(name: string, source: ChosenTemplate, settings: JsonObject, marks: readonly string[]): ChatTemplate {
  const text = (key: string): string => getString(settings, key) ?? getString(get(settings, key), 'content') ?? '';
  const variables = { bos_token: text('bos_token'), eos_token: text('eos_token'), add_generation_prompt: false, strftime_now: fixedDate };
  const special = new Set(marks);
  const open = (jinja: string): OpenTemplate => {
    const template = makeBoundedTemplate(jinja);
    const render: OpenTemplate['render'] = (messages, given) => template.render({ ...variables, ...given, messages });
    let reached: TemplateBound | null = null;
    const attempt: ProbeRender = (messages, given) => {
      if (reached !== null) return null;
      try {
        return render(messages, given);
      } catch (error) {
        if (error instanceof TemplateBound) reached = error;
        return null;
      }
    };
    return { render, facts: probeTemplate(attempt, (mark) => special.has(mark)), reached };
  };
  const plain = open(source.plain);
  const withTools = source.withTools === source.plain ? plain : open(source.withTools);
  return {
    name: `${name} chat template`,
    callArguments: withTools.facts.spelling.callArguments,
    showsCalls: withTools.facts.showsCalls,
    marksAnswers: [source.plain, source.withTools].every((jinja) => /\{%-?\s*generation\b/.test(jinja)),
    render(branch, tools) {
      try {
        // A log may hold its tools as a text, which no template takes.
        const parsed = tools === undefined ? null : parseJson(tools);
        const given = parsed?.ok === true && Array.isArray(parsed.value) ? { tools: parsed.value as unknown[] } : {};
        const { render, facts, reached } = 'tools' in given ? withTools : plain;
        if (reached !== null) throw reached;
        const spelled =
          (reasoning: MessageSpelling['reasoning']) =>
          (textOf: TextOfPart): string =>
            render(templateMessages(branch, textOf, { ...facts.spelling, reasoning }), given);
        try {
          return { ok: true, pieces: cutPieces(branch, spelled(REASONING_KEYS), facts, marks) };
        } catch (error) {
          if (error instanceof TemplateBound) throw error;
          // gpt-oss takes no thoughts beside the words of an answer that calls.
          return { ok: true, pieces: cutPieces(branch, spelled(['reasoning_content']), facts, marks) };
        }
      } catch (error) {
        // What an engine says of an error of its own goes into no note: engines differ.
        const isOurs = error instanceof Error && error.constructor !== TypeError && error.constructor !== RangeError;
        const reason = isOurs ? error.message : 'it does not fit the conversation';
        return error instanceof TemplateBound ? { ok: false, reason, bound: error } : { ok: false, reason };
      }
    },
  };
}
