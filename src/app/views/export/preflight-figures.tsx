/** The figures of a look at an export: what has the records and the loss, how long they are, and what they were searched for. */
import type { ReactNode } from 'react';
import { KINDS } from '../../../core/model/kinds.ts';
import type { NamedTrained, Preflight } from '../../../engine/answers/preflight.ts';
import { placeText, shownName } from '../../../engine/words/preflight.ts';
import { count, exact, percent, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';

interface Bar extends Omit<NamedTrained, 'records'> {
  /** Null: of several that records may have at once. */
  readonly records: number | null;
  /** Class of its hue. */
  readonly swatch?: string | undefined;
}

export function PreflightFigures({ seen }: { readonly seen: Preflight }) {
  const { records, trained, tokens, validation, rewards, endings, kinds, tools, otherTools, tasks } = seen;
  if (records === 0) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p className="m-0 border-t border-line pt-2 text-ink2">
        {plural(records, 'record')}
        {validation > 0 && ` (${exact(validation)} for validation)`} of {plural(tasks.withRecords, 'task')}: {exact(tokens)} tokens,{' '}
        {exact(trained)} with loss.
      </p>
      <div className="gap-6 sm:columns-2">
        <Bars
          name="Reward"
          whole={seen}
          bars={[
            { name: 'above 0', ...rewards.above },
            { name: '0', ...rewards.zero },
            { name: 'below 0', ...rewards.below },
            { name: 'unknown', ...rewards.unknown },
          ]}
        />
        <Bars
          name="Ending"
          whole={seen}
          bars={[
            { name: 'complete', ...endings.complete },
            { name: 'cut before its end', ...endings.cut },
            { name: 'cut off in the log', ...endings.truncated },
          ]}
        />
        <Bars
          name="Loss on"
          whole={seen}
          bars={kinds.map((own): Bar => {
            const kind = KINDS.find((each) => each === own.name);
            return kind === undefined ? own : { ...own, name: KIND_NAMES[kind].name, swatch: KIND_NAMES[kind].swatch };
          })}
        />
        <Bars
          name="Tool"
          whole={seen}
          bars={[...tools, ...(otherTools.tools > 0 ? [{ ...otherTools, name: `${exact(otherTools.tools)} others`, records: null }] : [])]}
        />
        <Bars name="Task" whole={seen} bars={tasks.largest} />
        <Lengths seen={seen} />
      </div>
      <Searched seen={seen} />
    </div>
  );
}

/** Shares of the records and of the tokens with loss; the bar is of the tokens. */
function Bars({ name, whole, bars }: { readonly name: string; readonly whole: Preflight; readonly bars: readonly Bar[] }) {
  const shown = bars.filter(({ records }) => records !== 0);
  if (shown.length === 0) return null;
  return (
    <table className="mb-3 w-full table-fixed border-collapse break-inside-avoid text-t0 tabular-nums">
      <caption className="sr-only">{name}: records and share of the loss</caption>
      <thead>
        <tr className="text-ink3">
          <th scope="col" className="p-0 pb-0.5 text-left text-t1 font-[600] text-ink">
            {name}
          </th>
          <th scope="col" className="w-[64px] p-0 pb-0.5 text-right font-[400]">
            records
          </th>
          <td aria-hidden="true" className="w-[66px] p-0" />
          <th scope="col" className="w-[54px] p-0 pb-0.5 text-right font-[400]">
            loss
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ name: own, records, tokens, swatch }) => {
          const share = whole.trained > 0 ? tokens / whole.trained : 0;
          return (
            <tr key={own} className="border-t border-line">
              <th scope="row" title={shownName(own)} className="truncate p-0 py-0.5 text-left font-[400]">
                {swatch && <span aria-hidden="true" className={`mr-1.5 inline-block size-2 rounded-[2px] ${swatch}`} />}
                {shownName(own)}
              </th>
              <td className="p-0 py-0.5 text-right">{records === null ? '–' : exact(records)}</td>
              <td aria-hidden="true" className="p-0 py-0.5 pl-3">
                <span className="block h-1.5 overflow-hidden rounded-full bg-line">
                  <span className={`block h-full ${swatch ?? 'bg-ink3'}`} style={{ width: `${100 * share}%` }} />
                </span>
              </td>
              <td title={plural(tokens, 'token')} className="p-0 py-0.5 text-right">
                {percent(share)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Lengths({ seen: { lengths } }: { readonly seen: Preflight }) {
  const names: Readonly<Record<string, string>> = {
    '0.5': 'half are at most',
    '0.9': '90 % are at most',
    '0.99': '99 % are at most',
    '1': 'longest',
  };
  const beyond = lengths.limits.filter(({ longer }) => longer > 0);
  return (
    <table className="mb-3 w-full table-fixed border-collapse break-inside-avoid text-t0 tabular-nums">
      <caption className="sr-only">Length of records in tokens</caption>
      <thead>
        <tr className="text-ink3">
          <th scope="col" className="p-0 pb-0.5 text-left text-t1 font-[600] text-ink">
            Length
          </th>
          <th scope="col" className="w-[96px] p-0 pb-0.5 text-right font-[400]">
            tokens
          </th>
        </tr>
      </thead>
      <tbody>
        {lengths.quantiles.map(({ share, tokens }) => (
          <tr key={share} className="border-t border-line">
            <th scope="row" className="p-0 py-0.5 text-left font-[400]">
              {names[String(share)]}
            </th>
            <td className="p-0 py-0.5 text-right">{exact(tokens)}</td>
          </tr>
        ))}
        <tr className="border-t border-line">
          <td colSpan={2} className="p-0 pt-0.5 text-ink2">
            {beyond.length === 0
              ? `None exceeds ${exact(lengths.limits[0]?.limit ?? 0)}.`
              : beyond.map(({ limit, longer }) => `${exact(longer)} beyond ${count(limit)}`).join(' · ')}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Searched({ seen }: { readonly seen: Preflight }) {
  const { template, vocabulary, exact: same, near, secrets, secretsWhyNot, lengths, records } = seen;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      'Chat template',
      (template.name === null
        ? 'none is open: Espalier’s plain marks'
        : `${template.name}, which ${template.marksAnswers ? 'marks' : 'does not mark'} what the assistant says`) +
        `; ends of turns with loss: ${exact(template.turnsTrained)} of ${exact(template.turns)}`,
    ],
    ['Ids', `${vocabulary.name}; ${vocabulary.outside === null ? 'none outside' : `${exact(vocabulary.outside.ids)} outside`}`],
    [
      'Copies',
      `${exact(same.records)} exact, ${exact(near.records)} near (${percent(near.least, 0)} of runs of ${near.width} tokens` +
        (near.compared < records ? `, among ${exact(near.compared)} drawn` : '') +
        (near.estimated > 0 ? `, ${plural(near.estimated, 'pair')} by estimate)` : ')'),
    ],
    [
      'Secrets',
      secrets === null
        ? `not looked for: ${secretsWhyNot ?? ''}`
        : secrets.length === 0
          ? 'none found in messages'
          : secrets.map(({ label, times }) => `${label} ${exact(times)}`).join(', '),
    ],
    [
      'Longest',
      <ol key="longest" className="m-0 grid list-none p-0">
        {lengths.longest.map((place, i) => (
          <li key={i} className="truncate">
            <span className="tabular-nums">{exact(place.tokens)}</span> <span className="font-mono text-t0">{placeText(place)}</span>
          </li>
        ))}
      </ol>,
    ],
  ];
  return (
    <dl className="m-0 grid grid-cols-[92px_minmax(0,1fr)] gap-x-3 gap-y-1 border-t border-line pt-2">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink3">{name}</dt>
          <dd className="m-0 min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
