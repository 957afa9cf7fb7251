/** The words that logs and chat templates have for the four roles: one table for all formats. */
import type { Role } from '../core/model/rollout.ts';

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  chatbot: 'assistant',
  bot: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  claude: 'assistant',
  agent: 'assistant',
  function_call: 'assistant',
  tool_call: 'assistant',
  tool_calls: 'assistant',
  'function-call': 'assistant',
  'tool-call': 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
  tool_response: 'tool',
  tool_result: 'tool',
  tool_output: 'tool',
  function_response: 'tool',
  function_result: 'tool',
  'function-response': 'tool',
  'tool-response': 'tool',
  'tool-result': 'tool',
  ipython: 'tool',
  environment: 'tool',
};

/** The role that a log's word for it means, in any case, or undefined. */
export function roleOf(word: unknown): Role | undefined {
  return typeof word === 'string' ? exactly(word.toLowerCase()) : undefined;
}

/** The words among them that chat templates render, spelled exactly so. */
const TEMPLATE_WORDS: ReadonlySet<string> = new Set([
  'system',
  'developer',
  'user',
  'human',
  'assistant',
  'model',
  'tool',
  'ipython',
  'observation',
]);

/** The role that a header in a rendered text names, or undefined for any other word: then it is no header. */
export function templateRole(word: string): Role | undefined {
  return TEMPLATE_WORDS.has(word) ? exactly(word) : undefined;
}

/** The role whose own name `word` is, or undefined: what is left of a ChatML header without its special tokens. */
export function bareRole(word: string): Role | undefined {
  const role = exactly(word);
  return role === word ? role : undefined;
}

function exactly(word: string): Role | undefined {
  return Object.hasOwn(ROLES, word) ? ROLES[word] : undefined;
}
