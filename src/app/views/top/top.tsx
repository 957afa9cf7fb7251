/** Top tokens: where a figure of single tokens is largest, or where most trajectories part. */
import { useState } from 'react';
import type { TokenMeasure } from '../../../engine/answers/top.ts';
import { useOrderId, useRestingBudget, useTask } from '../../queries/answers.ts';
import { saveTopTokens } from '../../queries/top.ts';
import { useChoices } from '../../state/choices.ts';
import { Button, Segments } from '../../widgets/controls.tsx';
import { ForkTable } from './fork-table.tsx';
import { TokenTable } from './token-table.tsx';

type Shown = TokenMeasure | 'forks';

const SHOWN = [
  { value: 'entropy' as const, label: 'entropy', about: 'Of the distribution that the token was drawn from, in nats, by its best source' },
  { value: 'surprisal' as const, label: 'surprisal', about: '−log p of the token, in nats: as logged, else by the scoring model' },
  {
    value: 'mismatch' as const,
    label: 'mismatch',
    about: 'log p by the scoring model less log p by the sampler, in nats; ranked by its size. Both must be known.',
  },
  { value: 'forks' as const, label: 'forks', about: 'Where most trajectories leave the most frequent way, token by token' },
];
const SCOPES = [
  { value: 'task' as const, label: 'task', about: 'Of this task' },
  { value: 'log' as const, label: 'whole log', about: 'Of all tasks' },
];

export function Top() {
  const [shown, setShown] = useState<Shown>('entropy');
  const [scope, setScope] = useState<'task' | 'log'>('log');
  const task = useTask();
  const id = useOrderId();
  const budget = useRestingBudget();
  const set = useChoices((s) => s.set);
  const of = scope === 'log' ? null : task;
  const save = (measure: TokenMeasure): void => {
    if (id === undefined) return;
    saveTopTokens(id, budget, measure, of).catch((error: unknown) =>
      set({ notice: `The list could not be saved: ${error instanceof Error ? error.message : String(error)}` }),
    );
  };
  return (
    <section aria-label="Top tokens" className="absolute inset-0 flex flex-col bg-card">
      <div className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1 text-t1">
        <Segments label="What is ranked" choices={SHOWN} value={shown} onChange={setShown} />
        <Segments label="Ranked among" choices={SCOPES} value={scope} onChange={setScope} />
        <span className="flex-1" />
        {shown !== 'forks' && (
          <Button small disabled={id === undefined} onClick={() => save(shown)}>
            Save as CSV
          </Button>
        )}
      </div>
      {shown === 'forks' ? <ForkTable task={of} /> : <TokenTable key={`${shown} ${scope}`} measure={shown} task={of} />}
    </section>
  );
}
