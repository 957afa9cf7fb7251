/** What error rules find, by the settings of records that an export would mask by. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ErrorsAnswer, ErrorsAsked, TurnErrors } from '../../engine/answers/errors.ts';
import type { RecordSettings } from '../../engine/answers/exporting.ts';
import type { Transcript } from '../../engine/answers/transcript.ts';
import { RECORD_SETTINGS, recordSettings } from '../../engine/export/record-settings.ts';
import { errorHitsCsv } from '../../engine/studies/errors/csv.ts';
import { download } from '../../platform/browser/save.ts';
import { useExporting } from '../state/exporting.ts';
import { useEpoch, useOrderId, useRestingBudget } from './answers.ts';
import { ask } from './client.ts';
import { useRollouts } from './rollouts.ts';
import { useStudy, type StudyState } from './study.ts';

type ErrorSettings = Omit<ErrorsAsked, 'of'>;

const DEFAULTS = recordSettings({});

/** The settings in force; while a list of rules is being typed that is none yet, those of nobody. */
export function useErrorSettings(): ErrorSettings {
  const { records } = useExporting();
  const { errorRules = DEFAULTS.errorRules, corrections = DEFAULTS.corrections, correctedWithin = DEFAULTS.correctedWithin } = records;
  return { errorRules, corrections, correctedWithin };
}

/** Changes settings of records, and keeps those that are as nobody chose them out. */
export function chooseErrors(change: Partial<Pick<RecordSettings, keyof ErrorSettings>>): void {
  const { records, choose } = useExporting.getState();
  const next: Partial<RecordSettings> = { ...records, ...change };
  const chosen = RECORD_SETTINGS.map(({ name, default: standard }) => [name, next[name], standard] as const);
  choose({ records: Object.fromEntries(chosen.filter(([, value, standard]) => value !== undefined && value !== standard)) });
}

export function useErrors(): StudyState<ErrorsAnswer> {
  const orderId = useOrderId();
  const budget = useRestingBudget();
  const settings = useErrorSettings();
  const asked: ErrorsAsked | null = orderId === undefined ? null : { ...settings, of: { orderId, budget } };
  return useStudy('errors', asked, (session, onProgress) =>
    asked === null ? Promise.reject(new Error('nothing is asked')) : session.errors(asked, onProgress),
  );
}

/** event -> what the rules that are on say of its turn */
export type TurnErrorsByEvent = ReadonlyMap<number, TurnErrors>;

const NONE: TurnErrorsByEvent = new Map();

/** Of the turns of a transcript; none while it is not known. */
export function useTurnErrors({ key, branch }: Pick<Transcript, 'key' | 'branch'>): TurnErrorsByEvent {
  const epoch = useEpoch();
  const settings = useErrorSettings();
  const { data } = useQuery({
    queryKey: ['turn-errors', epoch, key, branch, settings],
    queryFn: epoch === null ? skipToken : () => ask((session) => session.turnErrors(key, branch, settings)),
    gcTime: 60_000,
    retry: false,
  });
  return useMemo(() => (data == null ? NONE : new Map(data.map((turn) => [turn.event, turn]))), [data]);
}

/** rollout -> its file and id, as columns name them */
export function useRolloutNames(): (rollout: number) => { readonly file: string; readonly id: string } {
  const columns = useRollouts()?.columns;
  return useMemo(() => {
    const wordOf = (name: string, rollout: number): string => {
      const column = columns?.find(({ id }) => id === name);
      return column?.type === 'text' ? (column.words[column.codes[rollout] ?? -1] ?? '') : '';
    };
    return (rollout: number) => ({ file: wordOf('file', rollout), id: wordOf('id', rollout) });
  }, [columns]);
}

export function saveErrorHits(answer: ErrorsAnswer, nameOf: ReturnType<typeof useRolloutNames>): void {
  download({ name: 'error-hits.csv', blob: new Blob([errorHitsCsv(answer, nameOf)], { type: 'text/csv' }) });
}
