/** The export profiles, in the order in which they are offered and written. A further one is a file here and a line below. */
import type { ExportProfile } from '../profile.ts';
import { axolotlChat } from './axolotl-chat.ts';
import { axolotlTokens } from './axolotl-tokens.ts';
import { forest } from './forest.ts';
import { messages } from './messages.ts';
import { openai } from './openai.ts';
import { skyrl } from './skyrl.ts';
import { tokens } from './tokens.ts';
import { trlDpo } from './trl-dpo.ts';
import { trlMessages } from './trl-messages.ts';
import { trlPromptCompletion } from './trl-prompt-completion.ts';
import { tree } from './tree.ts';
import { trlTokens } from './trl-tokens.ts';
import { verifiers } from './verifiers.ts';
import { verlRl } from './verl-rl.ts';

export const PROFILES: readonly ExportProfile[] = [
  messages, //
  tokens,
  forest,
  trlMessages,
  trlPromptCompletion,
  tree,
  trlTokens,
  trlDpo,
  axolotlChat,
  axolotlTokens,
  skyrl,
  verifiers,
  verlRl,
  openai,
];
