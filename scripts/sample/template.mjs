/** Messages to text and tokens: the chat template of the sample, over the o200k_base vocabulary. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';

export const TOKENIZER = 'o200k_base';
const IM_START = 200264;
export const IM_END = 200265;
export const IM_SEP = 200266;

/**
 * @typedef {{ name: string, arguments: Record<string, string> }} Call
 * @typedef {{ thinking: string, text: string, calls: readonly Call[] }} Utterance
 */

/** @type {Map<string, number[]>} */
const encoded = new Map();

/**
 * Token ids of plain text: special tokens in it are not recognised. The answer is shared, not to be changed.
 * @param {string} text
 * @returns {number[]}
 */
export function tokens(text) {
  let ids = encoded.get(text);
  if (ids === undefined) {
    ids = encode(text, { allowedSpecial: new Set(), disallowedSpecial: new Set() });
    if (encoded.size > 200_000) encoded.clear();
    encoded.set(text, ids);
  }
  return ids;
}

/**
 * The arguments of a call as one JSON text, with a space after each comma and colon.
 * @param {Record<string, string>} args
 */
export function argumentsText(args) {
  return `{${Object.entries(args)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')}}`;
}

/**
 * The parts of an utterance in order: thinking, text, calls. Text before a call ends with a line break, so each part
 * ends where the vocabulary cuts too: the parts' tokens are the tokens of the whole.
 * @param {Utterance} utterance
 * @returns {string[]}
 */
export function partTexts({ thinking, text, calls }) {
  const parts = [`<think>\n${thinking}\n</think>\n`];
  if (text !== '') parts.push(text);
  for (const call of calls)
    parts.push(`<tool_call>\n{"name": ${JSON.stringify(call.name)}, "arguments": ${argumentsText(call.arguments)}}\n</tool_call>\n`);
  return parts;
}

/**
 * What the policy samples for an utterance: its parts and the end token.
 * @param {Utterance} utterance
 */
export function utteranceTokens(utterance) {
  const ids = [];
  for (const part of partTexts(utterance)) for (const id of tokens(part)) ids.push(id);
  ids.push(IM_END);
  return ids;
}

/**
 * What opens a message, for the assistant the generation prompt.
 * @param {string} role
 */
export function header(role) {
  return [IM_START, ...tokens(role), IM_SEP];
}

/**
 * A message of the environment, opened and closed.
 * @param {string} role
 * @param {string} content
 */
export function messageTokens(role, content) {
  return [...header(role), ...tokens(content), IM_END];
}
