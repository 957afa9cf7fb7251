/** Goes from one group of views to another; within a group, the view that was shown last comes back. */
import { useEffect } from 'react';
import { usePicked } from '../../state/choices.ts';
import { Segments, Select } from '../../widgets/controls.tsx';
import { useMedia } from '../../widgets/media.ts';
import { mainViewOf } from '../main/chosen.ts';
import { MAIN_VIEWS } from '../main/registry.ts';

const TABS = [...new Set(MAIN_VIEWS.map(({ tab }) => tab))].map((tab) => {
  const views = MAIN_VIEWS.filter((view) => view.tab === tab);
  const keys = views.map(({ key }) => key);
  return {
    value: tab,
    label: tab,
    about: views.length === 1 ? (views[0]?.help ?? '') : views.map(({ label }) => label).join(', '),
    keycap: keys.length === 1 ? (keys[0] ?? '') : `${keys[0] ?? ''} to ${keys.at(-1) ?? ''}`,
  };
});

/** Group -> the view of it that was shown last. */
const last = new Map<string, string>();

/** From this width on all names fit beside what else the bar holds. */
const ROOMY = '(min-width: 1400px)';

export function ViewTabs() {
  const { shape, set } = usePicked(({ shape, set }) => ({ shape, set }));
  const view = mainViewOf(shape);
  const isRoomy = useMedia(ROOMY);
  useEffect(() => void last.set(view.tab, view.id), [view]);
  const show = (tab: string): void => {
    const id = last.get(tab) ?? MAIN_VIEWS.find((each) => each.tab === tab)?.id;
    // In a narrow window the middle comes forward too.
    if (id !== undefined) set({ shape: id, tab: 'tree' });
  };
  return isRoomy ? (
    <Segments label="View" choices={TABS} value={view.tab} onChange={show} />
  ) : (
    <Select label="View" choices={TABS} value={view.tab} onChange={show} />
  );
}
