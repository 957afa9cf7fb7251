/** What can be known of models before one is loaded: sizes, and the bundled one's card. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ModelChoice, ModelSize } from '../../engine/score/model-choice.ts';
import type { ModelAgreement } from '../../engine/score/scoring.ts';
import { useChoices } from '../state/choices.ts';
import { mainFigures, rankFigures } from '../text/model-card.ts';
import type { RankFigure } from '../text/model-card.ts';
import { epochOf } from './answers.ts';
import { ask, client } from './client.ts';
import { useFacts } from './opening.ts';

/** A choice as it stands in keys: files by path and size. */
function keyOf(choice: ModelChoice): string {
  if (choice.kind === 'files')
    return `files ${choice.name} ${choice.files.map(({ path, blob }) => `${path}:${blob instanceof Blob ? blob.size : 0}`).join(' ')}`;
  return choice.kind === 'url' ? `url ${choice.url}` : choice.kind;
}

/** Files and bytes of a model; for an address its server is asked for them, and nothing is downloaded. */
export function useModelSize(choice: ModelChoice, dtype: string | null): UseQueryResult<ModelSize> {
  return useQuery<ModelSize>({
    queryKey: ['model-size', keyOf(choice), dtype],
    queryFn: () => ask<ModelSize>((session) => session.score.size(choice, dtype)),
  });
}

/** A download has changed what is kept here. */
export function renewModelSizes(): Promise<void> {
  return client.invalidateQueries({ queryKey: ['model-size'] });
}

const CARD = 'models/espalier-3m/README.md';

/** Measured rank agreement of the bundled model, as its card states it; empty where the card states none. */
export function useCardFigures(): readonly RankFigure[] | undefined {
  return useQuery({
    queryKey: ['model-card'],
    queryFn: async () => {
      const answer = await fetch(new URL(CARD, document.baseURI));
      if (!answer.ok) throw new Error(`expected the model card, found status ${answer.status}`);
      return mainFigures(rankFigures(await answer.text()));
    },
    gcTime: Infinity,
  }).data;
}

/** Logged against computed figures, once a run rests; null where no token has both. */
export function useAgreement(resting: boolean): ModelAgreement | null {
  const opening = useChoices((s) => s.opening?.id);
  const facts = useFacts();
  const known = opening !== undefined && facts !== undefined && resting;
  return (
    useQuery<ModelAgreement | null>({
      queryKey: ['agreement', known ? epochOf(opening, facts) : null],
      queryFn: known ? () => ask<ModelAgreement | null>((session) => session.score.agreement()) : skipToken,
    }).data ?? null
  );
}
