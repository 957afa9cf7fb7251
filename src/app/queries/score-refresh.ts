/**
 * Brings new scores onto the screen while they come in: about twice a second, less often where an order takes long,
 * never during a drag.
 */
import { QueryObserver } from '@tanstack/react-query';
import { useChoices } from '../state/choices.ts';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import { compareQuery, epochOf, orderQuery } from './answers.ts';
import type { Epoch } from './answers.ts';
import { ask, client } from './client.ts';
import { factsKey } from './opening.ts';

const LEAST_MS = 500;
/** Orders keep the session busy: it is left alone for this many times as long as they took. */
const REST = 3;
/** How long the new order waits for the curves beside it, so that they change together where that is quick. */
const TOGETHER_MS = 300;
/** How long the screen may take to turn to it. */
const TURN_MS = 1_000;

let timer: ReturnType<typeof setTimeout> | null = null;
let last = Promise.resolve();
let restUntil = 0;

/** Soon asks again for all that rests on entropy. */
export function refreshScores(opening: number): void {
  timer ??= setTimeout(
    () => {
      timer = null;
      if (useChoices.getState().pruning.before !== null) refreshScores(opening);
      else void refreshScoresNow(opening);
    },
    Math.max(LEAST_MS, restUntil - performance.now()),
  );
}

export function refreshScoresNow(opening: number): Promise<void> {
  last = last.then(() => refresh(opening)).catch(() => undefined);
  return last;
}

/** The next order is made before the screen turns to it, so that the slider never waits for one. */
async function refresh(opening: number): Promise<void> {
  const begun = performance.now();
  if (useChoices.getState().opening?.id !== opening) return;
  const facts = await ask((session) => session.facts());
  const epoch = epochOf(opening, facts);
  const query = orderQuery(epoch, useChoices.getState().pruning.present.rule);
  // An order that nothing looks at is forgotten at once.
  const letGo = new QueryObserver(client, query).subscribe(() => undefined);
  try {
    await turnTo(opening, epoch, facts, (await client.fetchQuery(query)).orderId);
  } finally {
    setTimeout(letGo, TURN_MS);
  }
  restUntil = performance.now() + REST * (performance.now() - begun);
}

async function turnTo(opening: number, epoch: Epoch, facts: DatasetFacts, orderId: number): Promise<void> {
  const compared = client.prefetchQuery(compareQuery(epoch, orderId));
  await Promise.race([
    compared,
    new Promise<void>((resolve) => {
      setTimeout(resolve, TOGETHER_MS);
    }),
  ]);
  if (useChoices.getState().opening?.id !== opening) return;
  client.setQueryData(factsKey(opening), facts);
  await client.invalidateQueries({ queryKey: ['node-text'] });
  // Trees and orders of earlier scores are never asked for again.
  client.removeQueries({
    type: 'inactive',
    predicate: ({ queryKey }) => typeof queryKey[1] === 'string' && queryKey[1].startsWith(`${opening}.`) && queryKey[1] !== epoch,
  });
}
