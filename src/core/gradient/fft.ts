/** The discrete Fourier transform of complex columns in place, radix 2. */

/** Both columns hold `size` numbers, a power of two. */
export type Fft = (real: Float64Array, imaginary: Float64Array) => void;

/** X_k = Σ_n x_n · exp(−2πi·kn/size), unscaled. */
export function makeFft(size: number): Fft {
  const levels = Math.log2(size);
  if (!Number.isInteger(levels)) throw new Error(`expected a power of two, found ${size}`);
  const swap = new Int32Array(size);
  for (let i = 0; i < size; i++) swap[i] = (swap[i >> 1] >> 1) | ((i & 1) * (size >> 1));
  const cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  return (real, imaginary) => {
    for (let i = 0; i < size; i++) {
      const j = swap[i];
      if (j <= i) continue;
      const [re, im] = [real[i], imaginary[i]];
      real[i] = real[j];
      imaginary[i] = imaginary[j];
      real[j] = re;
      imaginary[j] = im;
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = start + k;
          const b = a + half;
          const cos = cosines[k * stride];
          const sin = sines[k * stride];
          const re = real[b] * cos + imaginary[b] * sin;
          const im = imaginary[b] * cos - real[b] * sin;
          real[b] = real[a] - re;
          imaginary[b] = imaginary[a] - im;
          real[a] += re;
          imaginary[a] += im;
        }
      }
    }
  };
}
