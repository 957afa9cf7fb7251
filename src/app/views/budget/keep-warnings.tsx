/** What the budget in force loses, said before anything is written by it. */
import type { KeepWarning } from '../../../engine/answers/pruning.ts';
import { keepWarningText } from '../../../engine/words/keep-warnings.ts';

export function KeepWarnings({ warnings }: { readonly warnings: readonly KeepWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <output aria-label="Warnings" className="grid flex-none gap-0.5 border-b border-line px-3 py-1.5 text-cut">
      {warnings.map((warning) => (
        <span key={warning.code}>{keepWarningText(warning)}</span>
      ))}
    </output>
  );
}
