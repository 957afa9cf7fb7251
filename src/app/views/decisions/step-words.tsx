/** A step as people read it: its tool or kind, and the first words of what it says, which are read back when it is seen. */
import { visible } from '../../../base/visible.ts';
import type { DecisionStep } from '../../../engine/answers/decisions.ts';
import { useStepText } from '../../queries/decisions.ts';
import { KIND_NAMES } from '../../text/names.ts';

export function StepWords({ step }: { readonly step: DecisionStep }) {
  const { data: text, error } = useStepText(step.key);
  const name = step.kind === 'call' || step.kind === 'memory' || step.kind === 'result' ? visible(step.label) : KIND_NAMES[step.kind].name;
  return (
    <span className="flex min-w-0 items-center gap-1.5" title={text ? visible(text.words) : undefined}>
      <i aria-hidden="true" className={`size-2 flex-none rounded-[2px] ${KIND_NAMES[step.kind].swatch}`} />
      <span className="flex-none font-[550]">{name}</span>
      {step.isError && <span className="flex-none rounded-sm border border-cut px-1 text-t0 text-cut">error</span>}
      <span className="min-w-0 truncate font-mono text-ink2">
        {error
          ? `cannot be read: ${visible(error.message)}`
          : text === undefined
            ? '…'
            : text
              ? `${visible(text.words)}${text.isCut ? '…' : ''}`
              : ''}
      </span>
    </span>
  );
}
