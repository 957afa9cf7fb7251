/** The command line that writes the same bytes as the dialog's choices. */
import type { ExportSpec, ProfileOffer } from '../../../engine/answers/exporting.ts';
import { pruneCommand, type PruneCommand } from '../../../engine/words/command.ts';
import { useRestingBudget } from '../../queries/answers.ts';
import { useScoring } from '../../queries/scoring.ts';
import { usePicked } from '../../state/choices.ts';
import { CodeBlock } from '../../widgets/code-block.tsx';

/** Null: nothing is open. */
export function useCommand(spec: ExportSpec | null, offers: readonly ProfileOffer[]): PruneCommand | null {
  const budget = useRestingBudget();
  const { hasScores: usesScores } = useScoring();
  const { opening, rule } = usePicked((s) => ({ opening: s.opening, rule: s.pruning.present.rule }));
  if (!opening || spec === null) return null;
  // Of a folder, its own name: the command is run where it lies.
  const inputs = [...new Set(opening.files.map(({ path }) => path.split('/')[0] ?? path))];
  return pruneCommand({ inputs, opened: opening.settings, rule, budget, spec, profiles: offers, usesScores });
}

export function CommandSection({ spec, offers }: { readonly spec: ExportSpec; readonly offers: readonly ProfileOffer[] }) {
  const command = useCommand(spec, offers);
  if (!command) return null;
  const { text, needs } = command;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
      <CodeBlock label="Command line" title={<span className="font-[550]">The same files from the command line</span>} text={text} />
      {needs.map((need) => (
        <p key={need} className="m-0 text-t0 text-ink2">
          {need}
        </p>
      ))}
    </div>
  );
}
