/** Over the drawing: which arrangement and which colours; and the legend. */
import { colourIn, usePicked } from '../../state/choices.ts';
import type { ColourBy, Shape } from '../../state/looks.ts';
import { Segments } from '../../widgets/controls.tsx';
import type { Choice } from '../../widgets/controls.tsx';
import { Legend } from './legend.tsx';

const SHAPES: readonly Choice<Shape>[] = [
  { value: 'icicle', label: 'Icicle', keycap: '1', about: 'Width is tokens, height is reach, in the order of the tree' },
  { value: 'left-heavy', label: 'Left-heavy', keycap: '2', about: 'The most reached child first' },
  { value: 'tree', label: 'Tree', keycap: '3', about: 'A tidy tree of nodes and links' },
  { value: 'rollouts', label: 'Rollouts', keycap: '4', about: 'Every trajectory written out in a row of its own' },
];
const COLOURS: readonly Choice<ColourBy>[] = [
  { value: 'kind', label: 'kind', about: 'Hue where the policy sampled, neutrals elsewhere' },
  { value: 'entropy', label: 'entropy', about: 'Mean nats per sampled token' },
  { value: 'reward', label: 'reward', about: 'Mean reward of the trajectories that pass' },
];

export function TreeBar() {
  const { shape, colour, treeView, set } = usePicked(({ shape, colour, treeView, set }) => ({ shape, colour, treeView, set }));
  const colours = treeView === 'actions' ? COLOURS.filter(({ value }) => value !== 'entropy') : COLOURS;
  return (
    <div
      className={
        'flex min-h-9 flex-none flex-wrap items-center gap-2 border-b ' +
        'border-line px-3 py-1 text-t1 min-[1320px]:h-9 min-[1320px]:flex-nowrap'
      }
    >
      <Segments label="Arrangement" choices={SHAPES} value={shape} onChange={(value) => set({ shape: value })} />
      <Segments label="Colour by" choices={colours} value={colourIn({ treeView, colour })} onChange={(value) => set({ colour: value })} />
      <Legend />
    </div>
  );
}
