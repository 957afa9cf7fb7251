/** What a file of verdicts would change, before it does. */
import { visible } from '../../../base/visible.ts';
import type { Told, VerdictMatch } from '../../../engine/answers/verdicts.ts';
import { attachVerdicts } from '../../queries/verdicts.ts';
import { useIncoming } from '../../state/incoming.ts';
import { exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';

export default function VerdictPreview() {
  const match = useIncoming((s) => s.verdicts);
  return match === null ? null : <Preview match={match} />;
}

function Preview({ match }: { readonly match: VerdictMatch }) {
  const close = (): void => useIncoming.setState({ verdicts: null });
  const { name, verdicts, matched, unmatched, ambiguous, rewards, labels, known, changed, filled } = match;
  const figures: readonly (readonly [string, string])[] = [
    ['verdicts in the file', exact(verdicts)],
    ['matched with a rollout', exact(matched)],
    ['about no rollout that is open', exact(unmatched.count)],
    ['about several, or at odds', exact(ambiguous.count)],
    ['rewards', rewards.length === 0 ? 'none' : `${exact(filled)} new, ${exact(changed)} in place of another, of ${exact(known)} known`],
    ['labels', labels.length === 0 ? 'none' : exact(labels.length)],
  ];
  return (
    <Dialog
      title={`Attach the verdicts of ${visible(name)}?`}
      place="top"
      onClose={close}
      footer={
        <>
          <span className="flex-1" />
          <Button onClick={close}>Cancel</Button>
          <Button
            look="go"
            data-first
            disabled={rewards.length + labels.length === 0}
            onClick={() => {
              close();
              attachVerdicts(match);
            }}
          >
            Attach
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <dl className="m-0 grid">
          {figures.map(([label, value]) => (
            <div key={label} className="flex justify-between gap-3 border-b border-line py-1">
              <dt className="text-ink2">{label}</dt>
              <dd className="m-0 text-right tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
        <Lines label="About no rollout that is open" told={unmatched} />
        <Lines label="About several, or at odds" told={ambiguous} />
        {rewards.length > 0 && (
          <p className="m-0 text-ink2">
            The log is read again with {plural(rewards.length, 'reward')}, as if it had held them. Undo takes that back.
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Lines({ label, told: { count, first } }: { readonly label: string; readonly told: Told }) {
  if (count === 0) return null;
  return (
    <p className="m-0 wrap-anywhere text-ink2">
      {label}: <span className="font-mono text-ink">{first.map((line) => visible(line)).join('; ')}</span>
      {count > first.length && ` and ${exact(count - first.length)} more`}
    </p>
  );
}
