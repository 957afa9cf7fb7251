/** A dropped Hugging Face tokenizer.json with its chat template, through @huggingface/tokenizers and @huggingface/jinja. */
import { Template } from '@huggingface/jinja';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { hash128 } from '../../base/hash.ts';
import type { Branch, Part } from '../../core/model/rollout.ts';
import { isSeparateCall, type ChatTemplate } from '../../core/tokens/template.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { get, getString, isObject, type JsonObject } from '../../formats/json.ts';
import type { LoadedTokenizer } from './loaded.ts';
import { chooseTemplate, type ChosenTemplate } from './template-files.ts';
import { cutPieces, type TextOfPart } from './rendered-pieces.ts';

/**
 * Its name carries eight digits of the file's hash, so that two files of one name stay apart. Throws a plain sentence
 * where the files are not a tokenizer.
 */
export function loadHuggingFace(name: string, json: string, config: string | undefined): LoadedTokenizer {
  const settings = config === undefined ? {} : parseFile('tokenizer_config.json', config);
  const library = new Library(parseFile('tokenizer.json', json), settings);
  const tokenizer = wrap(`${name} ${hash128(json).slice(0, 8)}`, library, isByteLevel(json));
  const source = chooseTemplate(get(settings, 'chat_template'));
  return { tokenizer, template: source === undefined ? null : makeTemplate(name, source, settings, specialTokens(library)) };
}

function specialTokens(library: Library): string[] {
  return [...library.get_added_tokens_decoder().values()].filter((token) => token.special).map((token) => token.content);
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

/** Byte-level vocabularies write byte b as one printable character (GPT-2's table): the printable ones as themselves. */
const byteOf = new Map<string, number>();
for (let byte = 0, next = 256; byte < 256; byte++) {
  const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  byteOf.set(String.fromCodePoint(printable ? byte : next++), byte);
}

function byteLevelBytes(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of token) bytes.push(byteOf.get(character) ?? 63);
  return Uint8Array.from(bytes);
}

interface TemplateMessage {
  role: string;
  content: string;
  reasoning_content?: string;
  tool_calls?: { type: 'function'; id?: string; function: { name: string; arguments: unknown } }[];
  tool_call_id?: string;
  name?: string;
}

function makeTemplate(name: string, source: ChosenTemplate, settings: JsonObject, marks: readonly string[]): ChatTemplate {
  const plain = new Template(source.plain);
  const withTools = source.withTools === source.plain ? plain : new Template(source.withTools);
  const text = (key: string): string => getString(settings, key) ?? getString(get(settings, key), 'content') ?? '';
  const variables = { bos_token: text('bos_token'), eos_token: text('eos_token'), add_generation_prompt: false };
  return {
    name: `${name} chat template`,
    render(branch, tools) {
      const template = tools === undefined ? plain : withTools;
      const render = (textOf: TextOfPart): string =>
        template.render({
          ...variables,
          ...(tools === undefined ? {} : { tools: JSON.parse(tools) as unknown }),
          messages: branch.events.map((event, index) => toMessage(event, index, textOf)),
        });
      try {
        return { ok: true, pieces: cutPieces(branch, render, marks) };
      } catch (error) {
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function toMessage(event: Branch['events'][number], eventIndex: number, textOf: TextOfPart): TemplateMessage {
  const texts = event.parts.map((part, index) => ({ part, text: textOf(part, eventIndex, index) }));
  const join = (kind: (part: Part) => boolean): string =>
    texts
      .filter(({ part }) => kind(part))
      .map(({ text }) => text)
      .join('');
  const calls = texts.filter(({ part }) => isSeparateCall(part));
  const thinking = join((part) => part.kind === 'thinking');
  const result = event.parts.find((part) => part.kind === 'result');
  return {
    role: event.role,
    content: join((part) => part.kind !== 'thinking' && !isSeparateCall(part)),
    ...(thinking === '' ? {} : { reasoning_content: thinking }),
    ...(result?.callId === undefined ? {} : { tool_call_id: result.callId }),
    ...(result?.tool === undefined ? {} : { name: result.tool }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ part, text }) => ({
            type: 'function' as const,
            ...(part.callId === undefined ? {} : { id: part.callId }),
            function: { name: text, arguments: parsedArguments(part.text) },
          })),
        }),
  };
}

/** Templates of most families iterate over arguments as an object or dump them as JSON. */
function parsedArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
