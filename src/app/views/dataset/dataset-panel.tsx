/** What is open, in figures: inputs, tokens, entropy, events; and the settings that reading depends on. */
import { REPEATED_ABOUT, repeatedText } from '../../../engine/words/repeated.ts';
import { entropyText, tokenText } from '../../../engine/words/sources.ts';
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { decimal, exact, percent, times } from '../../text/format.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { SaidSection } from './said-section.tsx';
import { FileTable } from './file-table.tsx';
import { ReadingSettings } from './reading-settings.tsx';

export default function DatasetPanel() {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  if (!facts) return null;
  const { tokens, rewards, events } = facts;
  const figures: readonly (readonly [string, string, string])[] = [
    ['rollouts', exact(facts.rollouts), 'Recorded episodes'],
    ...(repeatedText(facts.repeated) === '' ? [] : [['told again', repeatedText(facts.repeated), REPEATED_ABOUT] as const]),
    ['trajectories', exact(facts.trajectories), 'Token sequences; a rollout has several when a call does not extend the previous one'],
    ['tasks', exact(facts.tasks), 'One tree each'],
    ['nodes', exact(facts.nodes), 'Runs of tokens shared by the same trajectories'],
    ['flat tokens', exact(tokens.flat), 'Every branch written out'],
    ['distinct tokens', exact(tokens.distinct), 'Each shared prefix once'],
    ['shared (POR)', percent(tokens.por), '1 − distinct ÷ flat'],
    ['best speed-up', times(tokens.distinct > 0 ? tokens.flat / tokens.distinct : Number.NaN), '1 ÷ (1 − POR)'],
    ['sampled tokens', exact(tokens.sampled), 'Produced by the policy'],
    ['tokens from', tokenText(facts.tokenOrigin), 'What the trees were built from'],
    [
      'entropy',
      facts.entropy.coverage > 0 ? `${entropyText(facts.entropy)}, ${percent(facts.entropy.coverage)} of sampled` : 'none known',
      'In nats',
    ],
    [
      'rewards',
      rewards
        ? `${exact(rewards.known)} known, mean ${decimal(rewards.mean)}, ${decimal(rewards.min)} to ${decimal(rewards.max)}`
        : 'none known',
      '',
    ],
    ['tool calls', exact(events.calls), ''],
    ['memory events', exact(events.memory), ''],
    ['errors', exact(events.errors), ''],
    ['final turns', exact(events.finals), ''],
    ...(facts.impossibleNumbers > 0
      ? ([
          ['impossible numbers', exact(facts.impossibleNumbers), 'Such as log-probs above 0: named in notes, and left out of every figure'],
        ] as const)
      : []),
    ...(facts.refusedBranches > 0
      ? ([
          ['refused by the chat template', exact(facts.refusedBranches), 'Branches, named in notes: tokens are by plain marks instead'],
        ] as const)
      : []),
    ...(facts.images > 0
      ? ([['images', exact(facts.images), 'In messages; the token budget counts only their placeholders']] as const)
      : []),
  ];
  return (
    <Dialog title="Open dataset" onClose={() => set({ panel: null })}>
      <div className="grid gap-4 p-4 text-t1">
        <dl className="m-0 grid gap-x-8 gap-y-0.5 sm:grid-cols-2">
          {figures.map(([name, value, about]) => (
            <div key={name} title={about} className="flex justify-between gap-3 border-b border-line py-1">
              <dt className="text-ink2">{name}</dt>
              <dd className="m-0 text-right tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
        <ReadingSettings />
        <SaidSection />
        <FileTable facts={facts} />
      </div>
    </Dialog>
  );
}
