/** How wide and tall the panels are, and which are folded; kept in this browser. Null: as the window's size suggests. */
import { create } from 'zustand';
import { keepStored, readStored } from './stored.ts';

export type PaneName = 'left' | 'right' | 'bottom';

export interface Pane {
  /** Pixels. */
  readonly size: number | null;
  readonly isFolded: boolean;
}

export type Layout = Readonly<Record<PaneName, Pane>>;

export const DEFAULT_LAYOUT: Layout = {
  left: { size: null, isFolded: false },
  right: { size: null, isFolded: false },
  bottom: { size: null, isFolded: false },
};

/** Pixels: least and most of each. */
export const PANE_LIMITS: Readonly<Record<PaneName, readonly [number, number]>> = {
  left: [180, 720],
  right: [240, 720],
  bottom: [140, 640],
};

const KEY = 'espalier-layout';

interface LayoutState {
  readonly layout: Layout;
  readonly setPane: (name: PaneName, change: Partial<Pane>) => void;
  readonly setLayout: (layout: Layout) => void;
}

export const useLayout = create<LayoutState>()((set, get) => ({
  layout: readLayout(parsed(readStored(KEY))) ?? DEFAULT_LAYOUT,
  setPane(name, change) {
    const { layout } = get();
    get().setLayout({ ...layout, [name]: { ...layout[name], ...change } });
  },
  setLayout(layout) {
    set({ layout });
    keepStored(KEY, JSON.stringify(layout));
  },
}));

/** Pixels within the limits of a pane. */
export function paneSize(name: PaneName, size: number): number {
  const [least, most] = PANE_LIMITS[name];
  return Math.round(Math.min(Math.max(size, least), most));
}

/** Of what was kept or saved; null where it is no layout. */
export function readLayout(value: unknown): Layout | null {
  const pane = (name: PaneName): Pane | null => {
    const [found] = membersOf(value, name);
    const [size, isFolded] = membersOf(found, 'size', 'isFolded');
    if (typeof isFolded !== 'boolean') return null;
    if (size === null) return { size: null, isFolded };
    return typeof size === 'number' && Number.isFinite(size) ? { size: paneSize(name, size), isFolded } : null;
  };
  const left = pane('left');
  const right = pane('right');
  const bottom = pane('bottom');
  return left && right && bottom && { left, right, bottom };
}

function membersOf(value: unknown, ...names: readonly string[]): unknown[] {
  const members = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return names.map((name) => members.get(name));
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
