/** What the mix of tags comes to, tag by tag: what was asked, what is reached, what is left out. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { ExportFigures, ExportSpec } from '../../../engine/answers/exporting.ts';
import { mixLines } from '../../../engine/words/mix.ts';
import { useEpoch, useOrderId, useRestingBudget } from '../../queries/answers.ts';
import { ask } from '../../queries/client.ts';

export function MixSection({ spec }: { readonly spec: ExportSpec | null }) {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  const { mixBy = 'off', mixWay = 'sample' } = spec?.records ?? {};
  const { data, error } = useQuery<ExportFigures>({
    queryKey: ['export-figures', epoch, id, budget, spec],
    queryFn:
      id === undefined || spec === null || mixBy === 'off' ? skipToken : () => ask((session) => session.exportFigures(id, budget, spec)),
    gcTime: 5_000,
  });
  if (mixBy === 'off') return null;
  if (error)
    return (
      <p role="alert" className="m-0 text-cut">
        The mix could not be made: {error.message}
      </p>
    );
  if (!data?.mix) return null;
  return (
    <section aria-label="Mix of tags" className="grid gap-1 rounded border border-line bg-paper px-3 py-2">
      <h3 className="m-0 text-t1 font-[600]">Mix of tags</h3>
      <p className="m-0 text-t0 text-ink2">
        By what is said of tasks: take guesses over in Coverage (key o) before, where they should count.
      </p>
      <ul className="m-0 list-none p-0 tabular-nums">
        {mixLines(data.mix, mixWay).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
