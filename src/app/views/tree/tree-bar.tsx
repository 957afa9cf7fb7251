/** Over the drawing: which arrangement and which colours; and the legend. */
import { colourIn, usePicked } from '../../state/choices.ts';
import { coloursOf } from '../../state/looks.ts';
import type { Shape } from '../../state/looks.ts';
import { Segments, Select } from '../../widgets/controls.tsx';
import type { Choice } from '../../widgets/controls.tsx';
import { Legend } from './legend.tsx';

const SHAPES: readonly Choice<Shape>[] = [
  { value: 'icicle', label: 'Icicle', keycap: '1', about: 'Width is tokens, height is reach, in the order of the tree' },
  { value: 'left-heavy', label: 'Left-heavy', keycap: '2', about: 'The most reached child first' },
  { value: 'tree', label: 'Tree', keycap: '3', about: 'A tidy tree of nodes and links' },
  { value: 'rollouts', label: 'Rollouts', keycap: '4', about: 'Every trajectory written out on a row of its own' },
];
export function TreeBar() {
  const { shape, colour, treeView, set } = usePicked(({ shape, colour, treeView, set }) => ({ shape, colour, treeView, set }));
  return (
    <div
      className={
        'flex min-h-9 flex-none flex-wrap items-center gap-2 border-b ' +
        'border-line px-3 py-1 text-t1 min-[1320px]:h-9 min-[1320px]:flex-nowrap'
      }
    >
      <Segments label="Arrangement" choices={SHAPES} value={shape} onChange={(value) => set({ shape: value })} />
      <Select
        label="Colour by"
        choices={coloursOf(treeView)}
        value={colourIn({ treeView, colour })}
        onChange={(value) => set({ colour: value })}
        className="max-w-[150px]"
      />
      <Legend />
    </div>
  );
}
