/** Keeps the session's notes equal to the person's, so that filters and tables know them. */
import { useChoices } from '../state/choices.ts';
import { ask, client } from './client.ts';

/** Questions whose answers rest on notes: of columns and filters, and of exports that have a mix of tags. */
const RESTING = [
  'rollouts',
  'where',
  'search',
  'statistics',
  'export-preview',
  'export-figures',
  'export-records',
  'fidelity',
  'preflight',
];

/** Starts following. */
export function followNotes(): void {
  useChoices.subscribe(({ pruning }, before) => {
    const { notes } = pruning.present;
    if (notes !== before.pruning.present.notes) void tellNotes().catch(() => undefined);
  });
}

/** To a session that may know none of them; what rests on them is asked for again. */
export async function tellNotes(): Promise<void> {
  const { notes } = useChoices.getState().pruning.present;
  await ask((session) => session.setNotes(notes));
  const { acts } = useChoices.getState().pruning.present.rule;
  // An order rests on labels and tags only where an act asks for them.
  if (acts.some(({ where }) => /\b(label|note|labelled|language|tasktype|scenario)\b/.test(where ?? '')))
    await client.invalidateQueries({ queryKey: ['order'] });
  for (const name of RESTING) await client.invalidateQueries({ queryKey: [name] });
}
