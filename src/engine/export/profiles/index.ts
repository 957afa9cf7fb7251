/** The export profiles, in the order in which they are offered and written. A further one is a file here and a line below. */
import type { ExportProfile } from '../profile.ts';
import { asRead } from './as-read.ts';
import { atropos } from './atropos.ts';
import { axolotlChat } from './axolotl-chat.ts';
import { axolotlTokens } from './axolotl-tokens.ts';
import { forest } from './forest.ts';
import { llamafactory } from './llamafactory.ts';
import { messages } from './messages.ts';
import { milesRollouts } from './miles-rollouts.ts';
import { msSwift } from './ms-swift.ts';
import { nemoAutomodel } from './nemo-automodel.ts';
import { nemoAutomodelTree } from './nemo-automodel-tree.ts';
import { nemoRl } from './nemo-rl.ts';
import { openai } from './openai.ts';
import { openpipeArt } from './openpipe-art.ts';
import { openrlhf } from './openrlhf.ts';
import { prefixGrouper } from './prefix-grouper.ts';
import { primeRlSamples } from './prime-rl-samples.ts';
import { primeRlSft } from './prime-rl-sft.ts';
import { skyrl } from './skyrl.ts';
import { slime } from './slime.ts';
import { slimeRollouts } from './slime-rollouts.ts';
import { tinker } from './tinker.ts';
import { tokens } from './tokens.ts';
import { tree } from './tree.ts';
import { trlDpo } from './trl-dpo.ts';
import { trlMessages } from './trl-messages.ts';
import { trlGrpoReplay } from './trl-grpo-replay.ts';
import { trlPromptCompletion } from './trl-prompt-completion.ts';
import { trlTokens } from './trl-tokens.ts';
import { verifiers } from './verifiers.ts';
import { verlRl } from './verl-rl.ts';
import { verlSft } from './verl-sft.ts';

export const PROFILES: readonly ExportProfile[] = [
  messages, //
  tokens,
  forest,
  asRead,
  tree,
  trlMessages,
  trlPromptCompletion,
  trlTokens,
  trlDpo,
  trlGrpoReplay,
  axolotlChat,
  axolotlTokens,
  llamafactory,
  verlSft,
  verlRl,
  skyrl,
  slime,
  slimeRollouts,
  milesRollouts,
  msSwift,
  nemoRl,
  nemoAutomodel,
  nemoAutomodelTree,
  openrlhf,
  primeRlSft,
  verifiers,
  primeRlSamples,
  atropos,
  prefixGrouper,
  tinker,
  openpipeArt,
  openai,
];
