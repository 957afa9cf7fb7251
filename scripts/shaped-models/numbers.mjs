/** Random numbers of weights: the same for the same name, whatever the file they are written to. */

const PIECE = 1 << 22;

/** xorshift32, seeded by the name (FNV-1a). */
function source(name) {
  let state = 2_166_136_261;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 16_777_619);
  state = state || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}

/** The power of two nearest to a number. */
const exponent = (scale) => Math.round(Math.log2(scale));

/** Of 32 bits, a float and two halves: the given power of two times 1 to 2, of either sign where `isSigned`. */
const FILLS = {
  float: (scale, isSigned) => {
    const [kept, set] = [isSigned ? 0x807fffff : 0x007fffff, (exponent(scale) + 127) << 23];
    return (bits) => (bits & kept) | set;
  },
  half: (scale, isSigned) => {
    const [kept, one] = [isSigned ? 0x83ff83ff : 0x03ff03ff, exponent(scale) + 15];
    return (bits) => (bits & kept) | (one << 26) | (one << 10);
  },
  bytes: () => (bits) => bits,
};

/** Pieces of `length` bytes. @param kind of FILLS @param scale about the size of the numbers */
export function* randomPieces({ name, kind, scale, isSigned }, length) {
  const [next, fill] = [source(name), FILLS[kind](scale, isSigned)];
  for (let done = 0; done < length; done += PIECE) {
    const words = new Int32Array(Math.ceil(Math.min(PIECE, length - done) / 4));
    for (let i = 0; i < words.length; i++) words[i] = fill(next());
    yield new Uint8Array(words.buffer, 0, Math.min(PIECE, length - done));
  }
}

const view = new DataView(new ArrayBuffer(4));

/** Bits of the half nearest to zero of a number within ±65504; what is smaller than its smallest normal one becomes 0. */
export function halfBits(value) {
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  const power = ((bits >>> 23) & 0xff) - 112;
  return ((bits >>> 16) & 0x8000) | (power <= 0 ? 0 : (power << 10) | ((bits >>> 13) & 0x3ff));
}
