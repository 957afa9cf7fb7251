/** Apart from what reads pickles, which is loaded when the first one comes. */

/** A pickle that cannot be read; its message goes into an issue. */
export class DamagedPickle extends Error {
  override readonly name = 'DamagedPickle';
}
