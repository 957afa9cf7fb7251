/** Opens what a person handed over: logs into the session, a tokenizer or a mapping into its settings, a model or scores into scoring. */
import type { PickedFile } from '../../../platform/browser/inputs.ts';
import type { InputBlob } from '../../../../workers/contract.ts';
import type { OpenSettings, TokenizerChoice } from '../../../engine/answers/opening.ts';
import type { openMapping as OpenMapping } from '../../../engine/mapping-file.ts';
import { importScores } from '../../queries/importing.ts';
import { voidEstimate } from '../../queries/scoring.ts';
import { useChoices } from '../../state/choices.ts';
import type { Origin } from '../../state/choices.ts';
import { useScoringChoices } from '../../state/scoring.ts';
import { useSessions } from '../../state/sessions.ts';
import { readTokenizer } from './read-tokenizer.ts';
import { sortPicked } from './sort-picked.ts';
import type { Sorted } from './sort-picked.ts';

/**
 * Resolves with a sentence for the person; empty where there is nothing to say.
 * @param how `again`: the files that were open before
 * @param far logs that are read by ranges, beside those among the files
 */
export async function openPicked(
  files: readonly PickedFile[],
  origin: Origin,
  how: 'new' | 'pasted' | 'again' = 'new',
  far: readonly InputBlob[] = [],
): Promise<string> {
  const near = sortPicked(files);
  const sorted: Sorted = { ...near, logs: [...near.logs, ...far] };
  const settings: { tokenizer?: TokenizerChoice; mapping?: unknown } = {};
  if (sorted.tokenizer) settings.tokenizer = await readTokenizer(sorted.tokenizer, sorted);
  if (sorted.mapping) settings.mapping = await readMapping(sorted.mapping);
  if (sorted.tokenScores && sorted.logs.length === 0) return importScores(sorted.tokenScores);
  if (sorted.session) {
    const { openSessionText } = await import('../../queries/sessions.ts');
    const problem = await openSessionText(sorted.session.path, await sorted.session.blob.text());
    if (problem !== '' || sorted.logs.length === 0) return problem;
  }
  if (sorted.notes) {
    const { readNotesFile } = await import('../../queries/said-files.ts');
    const problem = await readNotesFile(sorted.notes);
    if (problem !== '' || sorted.logs.length === 0) return problem;
  }
  if (sorted.verdicts && sorted.logs.length === 0) {
    const { offerVerdicts } = await import('../../queries/verdicts.ts');
    return offerVerdicts(sorted.verdicts);
  }
  const scoring = takeScoring(sorted);
  const nothingElse = sorted.logs.length === 0 && settings.tokenizer === undefined && settings.mapping === undefined;
  return scoring !== null && nothingElse ? scoring : apply(sorted, settings, origin, how);
}

/** A sentence where a model or scores were among the files; null where neither was. */
function takeScoring({ model, scores, logs }: Sorted): string | null {
  if (!model && !scores) return null;
  const scoring = useScoringChoices.getState();
  if (model) {
    scoring.set({ model: { kind: 'files', ...model }, dtype: null });
    voidEstimate();
  }
  const choices = useChoices.getState();
  // Those that come with a log are not for the one that is open now.
  if (scores && (logs.length === 0 || choices.opening === null)) scoring.set({ waitingScores: scores.blob });
  if (!choices.opening) return `${model ? `The model ${model.name} is set` : 'The scores are loaded'}. Now drop your logs.`;
  choices.set({ panel: 'entropy' });
  return '';
}

async function apply(
  sorted: Sorted,
  settings: Partial<Pick<OpenSettings, 'tokenizer' | 'mapping'>>,
  origin: Origin,
  how: 'new' | 'pasted' | 'again',
): Promise<string> {
  const choices = useChoices.getState();
  if (sorted.logs.length > 0) {
    const isWanted = choices.opening !== null || useSessions.getState().waiting !== null;
    if (how !== 'again' && isWanted) {
      const { bring } = await import('../../queries/incoming.ts');
      return bring(sorted.logs, origin, settings, { isPasted: how === 'pasted', scores: sorted.scores?.blob });
    }
    choices.open(sorted.logs, origin, settings);
    return '';
  }
  if (settings.tokenizer === undefined && settings.mapping === undefined) {
    return sorted.tokenizerConfig
      ? 'A tokenizer_config.json needs its tokenizer.json beside it: drop both together.'
      : 'There was nothing to open in what you dropped.';
  }
  const what = settings.tokenizer
    ? `The tokenizer ${settings.tokenizer.kind === 'huggingface' ? settings.tokenizer.name : ''} is set`
    : 'The mapping is set';
  choices.reopen(settings);
  return choices.opening ? `${what}; the logs are read again with it.` : `${what}. Now drop your logs.`;
}

async function readMapping(file: PickedFile): Promise<unknown> {
  const text = await file.blob.text();
  // Their bytes are for those who have a mapping.
  const [{ openMapping }, { prepareSha256, sha256Now }] = await Promise.all([
    import('../../../engine/mapping-file.ts'),
    import('../../../engine/export/hash.ts'),
  ]);
  await prepareSha256();
  let opened: ReturnType<typeof OpenMapping>;
  try {
    opened = openMapping(text, sha256Now);
  } catch (error) {
    throw new Error(`expected JSON in ${file.path}, found something else (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
  if (!opened.ok) throw new Error(`${file.path}: ${opened.reason}`);
  return opened.mapping;
}
