/** What a view of the middle of the workbench is. Bar, keys, palette, help, address and tabs derive from its registry. */
import type { ComponentType } from 'react';
import type { CanvasView } from '../../canvas/tree-canvas.ts';

export interface MainViewProps {
  /** Of views that are drawn on the canvas. */
  readonly arrangement: CanvasView | undefined;
}

export interface MainView {
  /** As the address spells it. */
  readonly id: string;
  /** In the bar. */
  readonly label: string;
  /** In the palette and the help sheet, where there is more room. */
  readonly name: string;
  /** Shows it; a binding as `bindingOf` spells it. */
  readonly key: string;
  /** One sentence. */
  readonly help: string;
  /** Its tab in a narrow window; views of one name share the tab. */
  readonly tab: string;
  /** Views of one component keep it mounted, with its camera and selection. It may be lazy. */
  readonly Component: ComponentType<MainViewProps>;
  readonly arrangement?: CanvasView;
  /** The path to the selected node stands below it, as below every view with colours. */
  readonly hasPath?: boolean;
  /** Colours and legend stand in its bar. */
  readonly hasColours: boolean;
}
