/** Opening files: a command, run once for each request in the choices; how it stands is a record that views read. */
import { DEFAULT_RULE } from '../../core/model/rule.ts';
import { PRESETS, sameSettings } from '../../core/rule/presets.ts';
import { skipToken, useQuery } from '@tanstack/react-query';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { OpenProgress } from '../../engine/answers/opening.ts';
import { useChoices } from '../state/choices.ts';
import type { Opening } from '../state/choices.ts';
import { keepFiles } from '../state/kept-session.ts';
import { ask, askToStop, client, forgetDeath, leaveStuckSession } from './client.ts';
import { factsKey, isAbort } from './facts.ts';
import { hold } from './growing.ts';
import { tellNotes } from './notes.ts';

export { factsKey, isAbort };

const key = {
  open: (id: number) => ['open', id] as const,
  progress: (id: number) => ['progress', id] as const,
  facts: factsKey,
};

/** How a request stands. */
export interface OpenState {
  /** Bytes are still being read. */
  readonly isPending: boolean;
  readonly error: Error | null;
}

const PENDING: OpenState = { isPending: true, error: null };

/** From now on, every new request in the choices is carried out, once. Call it before any can be made. */
export function followOpenings(): void {
  useChoices.subscribe(({ opening }, before) => {
    if (opening !== null && opening.id !== before.opening?.id) void run(opening);
  });
}

async function run(opening: Opening): Promise<void> {
  const tell = (state: OpenState): void => void client.setQueryData(key.open(opening.id), state);
  tell(PENDING);
  try {
    await openAll(opening);
    tell({ isPending: false, error: null });
  } catch (error) {
    tell({ isPending: false, error: error instanceof Error ? error : new Error(String(error)) });
  }
}

async function openAll(opening: Opening): Promise<void> {
  const { id, files, settings, origin } = opening;
  await leaveStuckSession();
  forgetDeath();
  const kept = { origin, names: files.slice(0, 5).map((file) => file.path), count: files.length };
  void keepFiles({ ...kept, isRead: false });
  const onProgress = (progress: OpenProgress): void => {
    client.setQueryData(key.progress(id), progress);
    if (progress.partial)
      void ask((session) => session.facts()).then(
        (facts) => client.setQueryData(key.facts(id), facts),
        () => undefined,
      );
  };
  hold(opening);
  await tellNotes();
  const facts = await ask((session) => session.open(files, settings, onProgress)).catch(async (error: unknown) => {
    // A cancelled open keeps what was read: it stays browsable.
    if (!isAbort(error)) throw error;
    return ask((session) => session.facts());
  });
  if (opening.takesPruning && facts.restored) useChoices.getState().takePruning(facts.restored);
  else if (opening.takesSuggested) takeSuggested(facts);
  client.setQueryData(key.facts(id), facts);
  void keepFiles({ ...kept, isRead: true });
}

/** Only while nobody has changed a setting: reading may take minutes. */
function takeSuggested({ suited }: DatasetFacts): void {
  const choices = useChoices.getState();
  const { rule } = choices.pruning.present;
  const preset = PRESETS.find(({ id }) => id === suited.preset);
  if (preset && sameSettings(rule, DEFAULT_RULE)) choices.takeSuggested(preset);
}

/** Of the request in force; settled when every byte is read or the person cancelled. */
export function useOpen(): OpenState {
  const id = useChoices((s) => s.opening?.id ?? 0);
  return useQuery<OpenState>({ queryKey: key.open(id), queryFn: skipToken, gcTime: Infinity }).data ?? PENDING;
}

export function useProgress(): OpenProgress | undefined {
  const id = useChoices((s) => s.opening?.id ?? 0);
  return useQuery<OpenProgress>({ queryKey: key.progress(id), queryFn: skipToken }).data;
}

/** Facts of what can be browsed now: partial while reading goes on. */
export function useFacts(): DatasetFacts | undefined {
  const id = useChoices((s) => s.opening?.id ?? 0);
  return useQuery<DatasetFacts>({ queryKey: key.facts(id), queryFn: skipToken, gcTime: Infinity }).data;
}

export function cancelOpen(): void {
  void askToStop((session) => session.cancel('opening'));
}
