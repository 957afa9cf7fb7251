/** The left panel: the filter, and below it the tasks or the rollouts, or the places of the filter's words. */
import { lazy, Suspense } from 'react';
import { useFacts } from '../../queries/opening.ts';
import { useTaken } from '../../queries/search.ts';
import { useFound } from '../../state/found.ts';
import { Listed } from '../tasks/listed.tsx';

// Not needed before a log is open.
const FilterPanel = lazy(() => import('./filter-panel.tsx'));
const Results = lazy(() => import('./results.tsx'));

export function LeftPanel() {
  const facts = useFacts();
  const taken = useTaken();
  const showsHits = useFound((s) => s.showsHits) && taken !== null && taken.hits !== null;
  return (
    <>
      {facts !== undefined && facts.rollouts > 0 && (
        <Suspense fallback={<div className="h-11 flex-none border-b border-line" />}>
          <FilterPanel />
        </Suspense>
      )}
      {showsHits ? (
        <Suspense fallback={<p className="m-0 p-3 text-t1 text-ink2">Loading…</p>}>
          <Results taken={taken} />
        </Suspense>
      ) : (
        <Listed />
      )}
    </>
  );
}
