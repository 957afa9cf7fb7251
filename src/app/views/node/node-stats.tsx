/** Four figures of a node with their units, and the finer ones below. */
import type { NodeAnswer } from '../../../engine/answers/looking.ts';
import { count, decimal, exact, signed } from '../../text/format.ts';
import { shortSource } from '../../text/scoring.ts';

const nats = (value: number): string => (Number.isNaN(value) ? 'unknown' : `${decimal(value)} nats`);

export function NodeStats({ node }: { readonly node: NodeAnswer }) {
  const { entropy } = node;
  const bounded = Number.isFinite(entropy.low) && Number.isFinite(entropy.high) && entropy.high > entropy.low;
  const source =
    entropy.known === 0
      ? 'No entropy is known for these tokens'
      : `Mean over ${exact(entropy.known)} of ${exact(entropy.of)} sampled tokens, ` +
        `${entropy.source}${bounded ? `; between ${decimal(entropy.low)} and ${decimal(entropy.high)}` : ''}`;
  const finer: readonly (readonly [string, string, string])[] = [
    ['entropy, sum', nats(entropy.sum), source],
    ['long-term entropy', nats(node.longTermEntropy), 'The node’s own entropy and, weighted by reach, that of everything below it'],
    ['signal', decimal(node.signal, 3), 'What “retained” counts: reach × entropy of the sampled tokens'],
    ['branching entropy', nats(node.branchingEntropy), 'How evenly trajectories part below this node'],
    ['surprisal spread', nats(node.surprisalSpread), 'Largest standard deviation of one token’s surprisal across rollouts'],
    ['mean reward', decimal(node.meanReward), 'Over the trajectories that pass'],
    ['mean advantage', signed(node.meanAdvantage), 'Over the trajectories that pass'],
    ['place', `turn ${exact(node.turn)}, level ${exact(node.level)}`, 'Model calls above it, nodes above it'],
  ];
  return (
    <div className="flex-none border-b border-line">
      <dl className="m-0 grid grid-cols-4 divide-x divide-line">
        <Stat
          name="tokens"
          value={count(node.tokens)}
          title={`${exact(node.tokens)} tokens, ${exact(node.sampledCount)} of ${exact(node.reachCount)} trajectories sampled them`}
        />
        <Stat
          name="reach"
          value={exact(node.reachCount)}
          unit={` / ${exact(node.trajectories)}`}
          title="Trajectories through this node, of all of the task"
        />
        <Stat name="entropy" value={decimal(entropy.mean)} unit={entropy.known > 0 ? ' nats' : ''} title={source} />
        <Stat name="importance" value={decimal(node.importance)} title="The number that this rule ranks nodes by" />
      </dl>
      <details className="border-t border-line text-t1">
        <summary className="px-3 py-1 text-t0 text-ink2">
          {entropy.known === 0
            ? 'no entropy known'
            : `entropy from ${shortSource(entropy.source)}, ${exact(entropy.known)} of ${exact(entropy.of)} sampled tokens`}
        </summary>
        <dl className="m-0 grid gap-0.5 px-3 pb-2">
          {finer.map(([name, value, title]) => (
            <div key={name} title={title} className="flex justify-between gap-3">
              <dt className="text-ink2">{name}</dt>
              <dd className="m-0 tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

function Stat({
  name,
  value,
  unit,
  title,
}: {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly title: string;
}) {
  return (
    <div title={title} className="min-w-0 px-2 py-2 min-[1320px]:px-3">
      <dt className="text-t0 text-ink2">{name}</dt>
      <dd className="m-0 truncate text-t3 font-[550] tabular-nums">
        {value}
        <span className="text-t1 font-[400] text-ink3">{unit}</span>
      </dd>
    </div>
  );
}
