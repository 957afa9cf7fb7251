/** The verbs of a session about where rollouts part: decisions, and two rollouts side by side. They share what is read back. */
import type { Tokenizer } from '../core/tokens/tokenizer.ts';
import type { Dataset } from './dataset.ts';
import { decisionVerbs, type SessionDecisions } from './decisions/verbs.ts';
import type { ReadBack } from './read-back.ts';
import { makeSessionSide, type SessionSide } from './side/session-side.ts';
import { makeConversations, type Conversations } from './transcript/conversation.ts';

export interface SessionParting extends SessionDecisions, SessionSide {}

/** Throws where nothing is open. */
type Opened = () => { readonly dataset: Dataset; readonly readBack: ReadBack; readonly tokenizer: Tokenizer };

export function makeSessionParting(opened: Opened): SessionParting {
  let held: { readonly dataset: Dataset; readonly conversations: Conversations } | null = null;
  const context = {
    dataset: (): Dataset => opened().dataset,
    conversations(): Conversations {
      const { dataset, readBack, tokenizer } = opened();
      if (held?.dataset !== dataset) held = { dataset, conversations: makeConversations(dataset, readBack, tokenizer) };
      return held.conversations;
    },
  };
  return { ...decisionVerbs(context), ...makeSessionSide(context) };
}
