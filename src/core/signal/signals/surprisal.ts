/** Surprisal: how unlikely the token was. */
import { itself, type TokenSignal } from '../signal.ts';

export const surprisal: TokenSignal<'surprisal'> = {
  id: 'surprisal',
  label: 'surprisal',
  help: '−log p of the token: as logged, else by a scoring model.',
  unit: 'nats',
  values({ forest, model }) {
    const logged = forest.channels.surprisal;
    if (logged === null && model === null) return null;
    return (at) => {
      const value = logged === null ? Number.NaN : logged[at];
      return Number.isNaN(value) && model !== null ? model.surprisal[at] : value;
    };
  },
  amplitude: itself,
};
