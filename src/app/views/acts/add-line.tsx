/** A further line of the stack: a verb, and the filter that says of which rollouts. The filter of the page's box stands in it at first. */
import { useState } from 'react';
import { ACT_VERBS, FAVOURED, type ActVerb } from '../../../core/acts/act.ts';
import { checkedFilter } from '../../../engine/words/acts.ts';
import { addAct } from '../../state/acts.ts';
import { useChoices } from '../../state/choices.ts';
import { Button, NumberField, Select } from '../../widgets/controls.tsx';

const VERBS = ACT_VERBS.map(({ id, label, help }) => ({ value: id, label, about: help }));

export function AddLine() {
  const filter = useChoices((s) => s.filter);
  const [verb, setVerb] = useState<ActVerb>('drop');
  const [typed, setTyped] = useState<string | null>(null);
  const [number, setNumber] = useState<number | null>(null);
  const where = (typed ?? filter).trim();
  const fault = where === '' ? (verb === 'best' ? null : '') : checkedFilter(where);
  const hasNumber = verb === 'favour' || verb === 'best';
  const amount = number ?? (verb === 'favour' ? FAVOURED : 1);
  const add = (): void => {
    addAct({
      verb,
      ...(where === '' ? {} : { where }),
      ...(verb === 'favour' ? { times: amount } : {}),
      ...(verb === 'best' ? { count: Math.max(1, Math.round(amount)) } : {}),
    });
    setTyped('');
  };
  return (
    <form
      aria-label="Add a line"
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === null) add();
      }}
      className="grid gap-1 border-t border-line pt-2"
    >
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <Select<ActVerb>
          label="What to say"
          choices={VERBS}
          value={verb}
          onChange={(next) => {
            setVerb(next);
            setNumber(null);
          }}
          className="w-[112px]"
        />
        {hasNumber && (
          <NumberField
            label={verb === 'best' ? 'How many of each task' : 'How many times their signal counts'}
            value={amount}
            low={verb === 'best' ? 1 : 0.1}
            high={1000}
            step={verb === 'best' ? 1 : 0.5}
            format={(value) => (verb === 'best' ? String(value) : `×${value}`)}
            onChange={setNumber}
            className="h-[26px] w-[52px] border-line! bg-paper"
          />
        )}
        <input
          type="text"
          value={typed ?? filter}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={verb === 'best' ? 'all rollouts' : 'reward<0.5 tool:bash'}
          aria-label="Filter over rollouts"
          aria-invalid={fault !== null && fault !== ''}
          className="h-[26px] min-w-[120px] flex-1 rounded border border-line bg-paper px-2 font-mono text-t1"
        />
        <Button small type="submit" disabled={fault !== null}>
          Add
        </Button>
      </div>
      {fault !== null && fault !== '' && (
        <p role="alert" className="m-0 text-t0 text-cut">
          {fault}
        </p>
      )}
    </form>
  );
}
