/** The policies side by side: time, ratios, throughput, what nodes did, lag. */
import type { Comparison, OverSeeds, PolicyResult } from '../../../core/schedule/compare.ts';
import { POLICIES } from '../../../core/schedule/policies.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { lasting } from './words.ts';

type Use = keyof PolicyResult['use'];

/** What became of node time, with the swatch of each. */
const USES: readonly (readonly [Use, string, string])[] = [
  ['generating', 'generating', 'bg-[var(--k-text)]'],
  ['tools', 'held while tools run', 'bg-[repeating-linear-gradient(135deg,var(--k-call)_0_3px,var(--paper)_3px_4px)]'],
  ['training', 'training', 'bg-[var(--leaf)]'],
  ['switching', 'switching', 'bg-[radial-gradient(var(--paper)_1px,var(--k-memory)_1.4px)] bg-[length:6px_6px]'],
  ['updating', 'weight update', 'bg-[repeating-linear-gradient(90deg,var(--k-think)_0_3px,var(--paper)_3px_4px)]'],
  ['idle', 'idle', 'bg-[repeating-linear-gradient(0deg,var(--k-context)_0_4px,var(--ink3)_4px_5px)]'],
];

export function PolicyTable({ comparison, seeds }: { readonly comparison: Comparison; readonly seeds: number }) {
  return (
    <>
      <p className="m-0 mb-2 flex flex-wrap gap-x-4 gap-y-1 text-t0">
        {USES.map(([use, name, swatch]) => (
          <span key={use} className="inline-flex items-center gap-1.5">
            <span aria-hidden="true" className={`inline-block h-3 w-5 rounded-sm border border-line2 ${swatch}`} />
            {name}
          </span>
        ))}
      </p>
      <div className="min-w-0 overflow-x-auto">
        <table className="w-full min-w-[660px] text-t1 tabular-nums" data-part="policies">
          <caption className="sr-only">Policies on the same work, means over {plural(seeds, 'seed')}</caption>
          <thead className="text-left text-t0 text-ink2">
            <tr>
              {['policy', 'time', '÷ separated', '÷ colocated', 'tokens/s', 'node time', 'idle', 'lag: tokens'].map((name) => (
                <th key={name} scope="col" className="py-1 pr-3 align-bottom font-[400]">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {comparison.results.map((result) => (
              <PolicyRow key={result.policy} result={result} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function PolicyRow({ result }: { readonly result: PolicyResult }) {
  const { policy, makespan, toSeparated, toColocated, throughput, use, idle, byTag, lags } = result;
  const about = POLICIES.find(({ id }) => id === policy);
  return (
    <tr className="border-t border-line align-top" data-policy={policy}>
      <th scope="row" title={about?.help} className="py-1.5 pr-3 text-left font-[550]">
        {about?.label ?? policy}
      </th>
      <td className="py-1.5 pr-3 whitespace-nowrap">
        <b className="font-[550]" title={`${makespan.mean} s`}>
          {lasting(makespan.mean)}
        </b>
        <Half over={makespan} text={lasting} />
      </td>
      <Ratio over={toSeparated} />
      <Ratio over={toColocated} />
      <td className="py-1.5 pr-3 whitespace-nowrap">
        <b className="font-[550]">{exact(throughput.mean)}</b>
        <Half over={throughput} text={exact} />
      </td>
      <td className="w-36 py-2 pr-3">
        <span aria-hidden="true" className="flex h-3 w-32 overflow-hidden rounded-sm border border-line2">
          {USES.map(([name, , swatch]) => (
            <span key={name} className={`block h-full ${swatch}`} style={{ width: `${use[name] * 100}%` }} />
          ))}
        </span>
        <span className="sr-only">{USES.map(([name, words]) => `${words} ${percent(use[name])}`).join(', ')}</span>
      </td>
      <td className="py-1.5 pr-3">
        <b className="font-[550]">{percent(idle.mean)}</b>
        {byTag.map(({ tag, nodes, idle: own }) => (
          <span key={tag} className="block text-t0 whitespace-nowrap text-ink2">
            {percent(own.mean)} of {exact(nodes)} × {tag}
          </span>
        ))}
      </td>
      <td className="py-1.5 text-t0 whitespace-nowrap text-ink2">
        {lagWords(lags).map((words) => (
          <span key={words} className="block">
            {words}
          </span>
        ))}
      </td>
    </tr>
  );
}

function Ratio({ over }: { readonly over: OverSeeds }) {
  return (
    <td className="py-1.5 pr-3 whitespace-nowrap">
      <b className="font-[550]">{over.mean.toFixed(3)}</b>
      {over.low !== over.high && <Half over={over} text={(half) => half.toFixed(3)} />}
    </td>
  );
}

/** Half of the 95 % interval, which lies evenly around the mean. */
function Half({ over: { low, high }, text }: { readonly over: OverSeeds; readonly text: (value: number) => string }) {
  return <span className="block text-t0 text-ink2">± {text((high - low) / 2)}</span>;
}

/** Lags of which many are few tokens: the first two, and the rest together. */
function lagWords(lags: readonly number[]): string[] {
  const mean = lags.reduce((sum, share, lag) => sum + share * lag, 0);
  const first = lags.slice(0, 2).map((share, lag) => `${lag}: ${percent(share)}`);
  if (lags.length < 3) return [`mean ${mean.toFixed(2)}`, ...first];
  const rest = lags.slice(2).reduce((sum, share) => sum + share, 0);
  const last = lags.length - 1;
  return [`mean ${mean.toFixed(2)}`, ...first, `${last === 2 ? '2' : `2 to ${last}`}: ${percent(rest)}`];
}
