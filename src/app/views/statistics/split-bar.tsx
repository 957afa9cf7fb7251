/** How the rollouts are parted: not at all, by a column, or by two filters; and what the others are held against. */
import { useMemo, useState } from 'react';
import type { RolloutSet, Split } from '../../../engine/answers/statistics.ts';
import { groupings } from '../../../engine/plots/sets.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { usePicked } from '../../state/choices.ts';
import { Select } from '../../widgets/controls.tsx';
import { setName } from './plot-view.ts';

const ONE = 'one set';
const TWO = 'two filters';

interface SplitBarProps {
  /** The sets, and the one that the others are held against. */
  readonly answer: { readonly sets: readonly Pick<RolloutSet, 'name'>[]; readonly base: number | null } | undefined;
  /** What it means that nothing is chosen. */
  readonly none?: string;
}

export function SplitBar({ answer, none = 'One set' }: SplitBarProps) {
  const rollouts = useRollouts();
  const { split, set } = usePicked((s) => ({ split: s.split, set: s.set }));
  const ways = useMemo(() => (rollouts === undefined ? [] : groupings(rollouts)), [rollouts]);
  const value = split === null ? ONE : 'by' in split ? `by ${split.by}` : TWO;
  const choose = (way: string): void => {
    if (way === ONE) set({ split: null });
    else if (way === TWO) set({ split: { a: 'reward>0', b: 'reward<=0' } });
    else set({ split: { by: way.slice('by '.length), base: null } });
  };
  const choices = [
    { value: ONE, label: none },
    ...ways.map(({ id, label }) => ({ value: `by ${id}`, label: `By ${label}` })),
    { value: TWO, label: 'Two filters, A and B' },
  ];
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <Select label="Sets of rollouts" choices={choices} value={value} onChange={choose} />
      {split !== null && 'by' in split && answer !== undefined && answer.base !== null && (
        <span className="inline-flex min-w-0 items-center gap-1.5 text-t1 text-ink2">
          against
          <Select
            label="Held against"
            className="max-w-[160px]"
            choices={answer.sets.map((one) => ({ value: one.name, label: setName(one) }))}
            value={answer.sets[answer.base]?.name ?? ''}
            onChange={(base) => set({ split: { by: split.by, base } })}
          />
        </span>
      )}
      {split !== null && 'a' in split && (
        <>
          <FilterField label="A" value={split.a} onChange={(a) => set({ split: { a, b: split.b } satisfies Split })} />
          <FilterField label="B" value={split.b} onChange={(b) => set({ split: { a: split.a, b } satisfies Split })} />
        </>
      )}
    </div>
  );
}

/** Taken over on Enter or when left; Escape brings the old one back. */
function FilterField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const take = (): void => {
    if (draft !== null && draft.trim() !== value) onChange(draft.trim());
    setDraft(null);
  };
  return (
    <label className="inline-flex min-w-0 flex-1 items-center gap-1.5 text-t1 font-[600]">
      {label}
      <input
        aria-label={`Filter of set ${label}`}
        placeholder="all rollouts"
        spellCheck={false}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          else if (event.key === 'Escape') setDraft(null);
        }}
        className="h-[26px] min-w-24 flex-1 rounded border border-line bg-paper px-2 font-mono text-t1 font-[400] hover:border-line2"
      />
    </label>
  );
}
