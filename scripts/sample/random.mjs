/** Seeded random numbers: one independent stream per name, equal on every machine. */

/**
 * Four 32-bit words from a text (FNV-1a per lane with different offsets, then an avalanche).
 * @param {string} text
 * @returns {number[]}
 */
function seedWords(text) {
  return [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((offset) => {
    let h = offset | 0;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
    h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
    h = Math.imul(h ^ (h >>> 15), 0x27d4eb2d);
    return (h ^ (h >>> 16)) | 0;
  });
}

/**
 * A stream of uniform numbers in [0, 1) with 53 random bits each, from the sfc32 generator
 * (Doty-Humphrey, PractRand; public domain algorithm).
 * @param {string} name streams of different names are independent
 * @returns {() => number}
 */
export function randomStream(name) {
  let [a, b, c, counter] = seedWords(name);
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}
