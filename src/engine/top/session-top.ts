/** The verbs of a session about top tokens. */
import type { NodeKey } from '../../core/model/node-key.ts';
import type { Budget } from '../../core/model/rule.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { TokenContext, TokenMeasure, TopForksAnswer, TopTokensAnswer } from '../answers/top.ts';
import type { Dataset } from '../dataset.ts';
import type { Orders } from '../orders.ts';
import type { ModelColumns } from '../score/columns.ts';
import { topTokensCsv } from './csv.ts';
import { tokenContexts, topForksAnswer, topTokensAnswer } from './top.ts';

/** What is looked for; a task of null means the whole log. */
export interface TopAsked {
  readonly measure: TokenMeasure;
  readonly task: number | null;
  readonly count: number;
}

export interface SessionTop {
  /** Of the order's forest, with what the budget makes of each. Rejects when the order is no longer held. */
  topTokens(orderId: number, budget: Budget, asked: TopAsked): TopTokensAnswer;
  /** What stands around tokens, in the order asked for; null where it cannot be decoded. */
  tokenContexts(asked: readonly { readonly node: NodeKey; readonly offset: number }[]): (TokenContext | null)[];
  topForks(task: number | null, count: number): TopForksAnswer;
  topTokensCsv(orderId: number, budget: Budget, asked: TopAsked): string;
}

interface TopContext {
  /** Throws where nothing is open. */
  readonly opened: () => { readonly dataset: Dataset; readonly tokenizer: Tokenizer };
  readonly model: () => ModelColumns | null;
  readonly orders: Orders;
}

export function makeSessionTop({ opened, model, orders }: TopContext): SessionTop {
  const answer = (orderId: number, budget: Budget, asked: TopAsked): TopTokensAnswer => {
    const ruling = orders.of(orderId);
    // Scores are of the forest that is open: those of an order before it are no longer at hand.
    const columns = ruling.dataset === opened().dataset ? model() : null;
    return topTokensAnswer(ruling.dataset, columns, { ruling, keep: orders.keepOf(orderId, budget) }, asked);
  };
  return {
    topTokens: answer,
    tokenContexts: (asked) => tokenContexts(opened().dataset, opened().tokenizer, asked),
    topForks: (task, count) => topForksAnswer(opened().dataset, opened().tokenizer, task, count),
    topTokensCsv: (orderId, budget, asked) => topTokensCsv(opened().dataset, opened().tokenizer, answer(orderId, budget, asked)),
  };
}
