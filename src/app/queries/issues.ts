/** Pages of the problem table: only what is in view is asked for. */
import { useQueries } from '@tanstack/react-query';
import type { Issue, IssueCount } from '../../core/model/issue.ts';
import { useChoices } from '../state/choices.ts';
import { ask } from './client.ts';
import { useFacts } from './opening.ts';

const PAGE = 200;

interface IssueRows {
  /** row -> issue */
  readonly rows: ReadonlyMap<number, Issue>;
  /** How many rows there are; null: nobody has said yet. */
  readonly told: number | null;
  /** Those that no row tells. */
  readonly more: readonly IssueCount[];
}

/** Issues of rows [from, to), by row; rows whose page is not here yet are missing. */
export function useIssueRows(from: number, to: number): IssueRows {
  const opening = useChoices((s) => s.opening?.id);
  const version = useFacts()?.version;
  const first = Math.floor(from / PAGE);
  const pages = to > from ? Math.floor((to - 1) / PAGE) - first + 1 : 0;
  const results = useQueries({
    queries: Array.from({ length: pages }, (_, i) => {
      const start = (first + i) * PAGE;
      return { queryKey: ['issues', opening, version, start], queryFn: () => ask((session) => session.issues(start, PAGE)) };
    }),
  });
  const rows = new Map<number, Issue>();
  for (const { data } of results) data?.issues.forEach((issue, i) => rows.set(data.from + i, issue));
  const page = results.find(({ data }) => data !== undefined)?.data;
  return { rows, told: page?.total ?? null, more: page?.more ?? [] };
}
