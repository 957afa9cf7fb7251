/** The settings that the session holds as A, with the scores that they were kept on; a page that is opened anew holds none. */
import { create } from 'zustand';
import type { Settings } from '../../engine/answers/comparing.ts';

export const useHeld = create<{ readonly settings: Settings | null }>()(() => ({ settings: null }));
