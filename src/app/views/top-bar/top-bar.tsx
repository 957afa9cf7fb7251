/** The top of the workbench: what is open, where entropy comes from, what is wrong, actions and export. */
import { visible } from '../../../base/visible.ts';
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { keycap } from '../../state/keys.ts';
import { toggleTheme } from '../../state/theme.ts';
import { bytes, count, exact, plural } from '../../text/format.ts';
import { CHIP } from '../../widgets/chip.ts';
import { NARROW, useMedia } from '../../widgets/media.ts';
import { Button, Kbd } from '../../widgets/controls.tsx';
import { EntropyChip } from '../scoring/entropy-chip.tsx';
import { Mark, ThemeIcon } from './icons.tsx';
import { ViewTabs } from './view-tabs.tsx';

/** One line; where the window is narrow the chips get a line of their own that scrolls. */
export function TopBar() {
  const facts = useFacts();
  const narrow = useMedia(NARROW);
  const set = useChoices((s) => s.set);
  const hasRollouts = facts !== undefined && facts.rollouts > 0;
  const chips = facts && (
    <>
      <DatasetChip />
      <EntropyChip />
      <UnmappedChip />
      <IssuesChip />
    </>
  );
  return (
    <header className="flex-none border-b border-line bg-card">
      <div className="flex h-[43px] min-w-0 items-center gap-3 px-4">
        <span className="flex flex-none items-center gap-2 text-t3 font-[600] tracking-[-0.01em]">
          <Mark />
          {narrow && hasRollouts ? <span className="sr-only">Espalier</span> : 'Espalier'}
        </span>
        {!narrow && chips}
        <span className="flex-1" />
        {hasRollouts && <ViewTabs />}
        <Button
          look="quiet"
          small
          className="px-1!"
          aria-label={`All actions, ${narrow ? 'Actions' : keycap('mod+k')}`}
          title="All actions"
          onClick={() => set({ panel: 'palette' })}
        >
          {narrow ? <span className="px-1">Actions</span> : <Kbd>{keycap('mod+k')}</Kbd>}
        </Button>
        <Button look="quiet" small className="px-1!" aria-label="Switch between light and dark" title="Switch theme" onClick={toggleTheme}>
          <ThemeIcon />
        </Button>
        {facts && facts.rollouts > 0 && (
          <Button look="go" onClick={() => set({ panel: 'export' })}>
            Export…
          </Button>
        )}
      </div>
      {narrow && chips && <div className="flex gap-2 overflow-x-auto px-4 pb-2 [scrollbar-width:none]">{chips}</div>}
    </header>
  );
}

function DatasetChip() {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  if (!facts) return null;
  const [first] = facts.inputs;
  const name = facts.inputs.length === 1 ? visible(first?.name ?? '') : plural(facts.inputs.length, 'file');
  const size = facts.inputs.reduce((sum, input) => sum + input.bytes, 0);
  return (
    <button type="button" title="Open dataset" onClick={() => set({ panel: 'dataset' })} className={CHIP}>
      <b className="max-w-[280px] truncate font-[550]">{name}</b>
      <span className="text-ink2 tabular-nums">
        {bytes(size)} · {plural(facts.rollouts, 'rollout')} · {plural(facts.tasks, 'task')}
        {facts.complete ? '' : ' so far'}
      </span>
    </button>
  );
}

function UnmappedChip() {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  if (!facts || facts.unmapped.length === 0) return null;
  return (
    <button type="button" onClick={() => set({ panel: 'mapping' })} title="Map fields" className={`${CHIP} border-cut! text-cut`}>
      {plural(facts.unmapped.length, 'file')} not recognised
    </button>
  );
}

function IssuesChip() {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  if (!facts || facts.issues + facts.notes === 0) return null;
  const broken = facts.issues - facts.aside;
  const bad = broken > 0;
  const words = bad
    ? `${plural(broken, 'record')} with issues`
    : facts.notes > 0
      ? plural(facts.notes, 'note')
      : `${plural(facts.aside, 'record')} without rollouts`;
  return (
    <button
      type="button"
      onClick={() => set({ panel: 'problems' })}
      title={`${exact(broken)} records unused, ${exact(facts.aside)} hold no rollouts, ${count(facts.notes)} notes`}
      className={`${CHIP} ${bad ? 'border-cut! text-cut' : 'text-ink2'}`}
    >
      {words}
    </button>
  );
}
