/** Which entries of the legend are looked at alone: nodes of all others are pale. Forgotten with the colouring. */
import { create } from 'zustand';
import type { ColourBy } from './looks.ts';

interface LegendChoice {
  readonly colour: ColourBy;
  /** Swatches of the entries; empty: all nodes are shown. */
  readonly only: readonly number[];
  readonly toggle: (colour: ColourBy, swatch: number) => void;
  readonly clear: () => void;
}

const NONE: readonly number[] = [];

export const useLegendChoice = create<LegendChoice>()((set, get) => ({
  colour: 'kind',
  only: NONE,
  toggle(colour, swatch) {
    const before = get().colour === colour ? get().only : NONE;
    set({ colour, only: before.includes(swatch) ? before.filter((each) => each !== swatch) : [...before, swatch] });
  },
  clear: () => set({ only: NONE }),
}));

/** The entries chosen in a colouring. */
export function onlyIn({ colour, only }: Pick<LegendChoice, 'colour' | 'only'>, shown: ColourBy): readonly number[] {
  return colour === shown ? only : NONE;
}
