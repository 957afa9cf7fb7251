/** Over the drawing: which arrangement and which colours; and the legend. */
import { colourIn, usePicked } from '../../state/choices.ts';
import { coloursOf } from '../../state/looks.ts';
import { Segments, Select } from '../../widgets/controls.tsx';
import { NARROW, useMedia } from '../../widgets/media.ts';
import { mainViewOf } from '../main/chosen.ts';
import { MAIN_VIEWS } from '../main/registry.ts';
import { Legend } from './legend.tsx';

/** Beside each other in a narrow window. */
const MOST_SEGMENTS = 4;

export function TreeBar() {
  const { shape, colour, treeView, set } = usePicked(({ shape, colour, treeView, set }) => ({ shape, colour, treeView, set }));
  const narrow = useMedia(NARROW);
  const view = mainViewOf(shape);
  const views = MAIN_VIEWS.filter(({ tab }) => tab === view.tab);
  const Choice = narrow && views.length > MOST_SEGMENTS ? Select : Segments;
  // A view by itself brings its own bar.
  if (views.length === 1 && !view.hasColours) return null;
  return (
    <div className={'flex min-h-9 flex-none flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1 text-t1'}>
      {views.length > 1 && (
        <Choice
          label="Arrangement"
          choices={views.map(({ id, label, key, help }) => ({ value: id, label, keycap: key, about: help }))}
          value={view.id}
          onChange={(value) => set({ shape: value })}
        />
      )}
      {view.hasColours && (
        <>
          <Select
            label="Colour by"
            choices={coloursOf(treeView)}
            value={colourIn({ treeView, colour })}
            onChange={(value) => set({ colour: value })}
            className="max-w-[150px]"
          />
          <Legend />
        </>
      )}
    </div>
  );
}
