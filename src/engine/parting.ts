/** The verbs of a session about where rollouts part: decisions, two rollouts side by side, and single tokens that decide. */
import type { Tokenizer } from '../core/tokens/tokenizer.ts';
import type { Dataset } from './dataset.ts';
import { decisionVerbs, type SessionDecisions } from './decisions/verbs.ts';
import type { Orders } from './orders.ts';
import type { ReadBack } from './read-back.ts';
import type { ModelColumns } from './score/columns.ts';
import { makeSessionSide, type SessionSide } from './side/session-side.ts';
import { makeSessionTop, type SessionTop } from './top/session-top.ts';
import { makeConversations, type Conversations } from './transcript/conversation.ts';

export interface SessionParting extends SessionDecisions, SessionSide, SessionTop {}

/** Throws where nothing is open. */
type Opened = () => { readonly dataset: Dataset; readonly readBack: ReadBack; readonly tokenizer: Tokenizer };

/** @param model what a language model computed for what is open */
export function makeSessionParting(opened: Opened, model: () => ModelColumns | null, orders: Orders): SessionParting {
  let held: { readonly dataset: Dataset; readonly conversations: Conversations } | null = null;
  const context = {
    dataset: (): Dataset => opened().dataset,
    conversations(): Conversations {
      const { dataset, readBack, tokenizer } = opened();
      if (held?.dataset !== dataset) held = { dataset, conversations: makeConversations(dataset, readBack, tokenizer) };
      return held.conversations;
    },
  };
  return { ...decisionVerbs(context), ...makeSessionSide(context), ...makeSessionTop({ opened, model, orders }) };
}
