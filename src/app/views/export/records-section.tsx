/** The records of the export, one at a time, as conversations: what carries loss is tinted and counted, message by message. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { visible, visibleText } from '../../../base/visible.ts';
import type { ExportSpec, ShownMessage, ShownRecords } from '../../../engine/answers/exporting.ts';
import { useEpoch, useOrderId, useRestingBudget } from '../../queries/answers.ts';
import { ask } from '../../queries/client.ts';
import { exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { VirtualList } from '../../widgets/virtual-list.tsx';

export function RecordsSection({ spec }: { readonly spec: ExportSpec }) {
  const [at, setAt] = useState(0);
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  const { data, error } = useQuery<ShownRecords>({
    queryKey: ['export-records', epoch, id, budget, spec, at],
    queryFn: id === undefined ? skipToken : () => ask((session) => session.exportRecords(id, budget, spec, at, 1)),
    placeholderData: (before) => before,
    gcTime: 5_000,
  });
  if (error) return <p className="m-0 text-cut">The records could not be shown: {error.message}</p>;
  if (!data) return null;
  const record = data.records[0];
  return (
    <section aria-label="Records" className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="m-0 text-t1 font-[600]">Records as conversations</h3>
        {data.whyNot !== null && <span className="text-ink2">not shown: {data.whyNot}</span>}
        {data.whyNot === null && data.total > 0 && (
          <>
            <Button small disabled={at === 0} onClick={() => setAt(at - 1)}>
              ‹ Previous
            </Button>
            <output className="tabular-nums">
              {exact(Math.min(at + 1, data.total))} of {exact(data.total)}
            </output>
            <Button small disabled={at + 1 >= data.total} onClick={() => setAt(at + 1)}>
              Next ›
            </Button>
          </>
        )}
      </div>
      {record && (
        <>
          <p className="m-0 text-ink2">
            <span className="font-mono">{visible(record.rollout)}</span> · reward{' '}
            {record.reward === null ? 'unknown' : record.reward.toFixed(2)} ·{' '}
            {record.complete ? 'complete' : record.isPart ? 'a part of its rollout' : 'cut before its end'} ·{' '}
            {plural(record.messages.length, 'message')}, {exact(record.messages.reduce((sum, { trained }) => sum + trained, 0))} of{' '}
            {exact(record.messages.reduce((sum, { tokens }) => sum + tokens, 0))} tokens carry loss
          </p>
          <div className="flex h-[292px] flex-col overflow-hidden rounded border border-line bg-paper">
            <VirtualList
              label="Messages of the record"
              count={record.messages.length}
              rowHeight={72}
              active={null}
              isPlain
              renderRow={(index) => {
                const message = record.messages[index];
                return message ? <MessageRow message={message} /> : null;
              }}
            />
          </div>
        </>
      )}
    </section>
  );
}

/** Tinted where all of its sampled tokens train, dotted where none does, and a bar of their share beside the words for it. */
function MessageRow({ message: { role, text, length, tokens, sampled, trained } }: { readonly message: ShownMessage }) {
  const share = sampled > 0 ? trained / sampled : 0;
  const tint = trained > 0 ? 'bg-leaf-soft' : sampled > 0 ? 'untrained' : '';
  return (
    <div className="grid h-[72px] grid-cols-[74px_minmax(0,1fr)] gap-2 border-b border-line p-1.5 text-t0">
      <div className="grid content-start text-ink2 tabular-nums">
        <span className="truncate font-[550] text-ink">{visible(role)}</span>
        <span>{exact(tokens)} tokens</span>
        {sampled > 0 && (
          <span aria-hidden="true" className="mt-0.5 block h-1.5 rounded-[2px] border border-line2">
            <i className="block h-full bg-leaf" style={{ width: `${share * 100}%` }} />
          </span>
        )}
      </div>
      <div className="min-w-0">
        <p className={`m-0 line-clamp-2 px-1 font-mono wrap-anywhere ${tint}`}>{visibleText(text)}</p>
        <span className="text-ink2 tabular-nums">
          {sampled === 0
            ? 'context'
            : trained === 0
              ? 'sampled, not trained'
              : `${exact(trained)} of ${exact(sampled)} sampled tokens train`}
          {length > text.length && ` · ${exact(text.length)} of ${exact(length)} characters here`}
        </span>
      </div>
    </div>
  );
}
