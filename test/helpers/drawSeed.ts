/**
 * What property tests draw from: one seed, so that a run that passed passes again, and a change is not stopped by a draw that it has
 * nothing to do with. `ESPALIER_SEED=random` draws anew, `ESPALIER_SEED=7` from that seed.
 */
import fc from 'fast-check';

const SEED = 20_261_130;
// A browser has no environment.
const asked = typeof process === 'undefined' ? undefined : process.env['ESPALIER_SEED'];
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: asked === undefined ? SEED : Number(asked) });
