/*
 * Numbers as JSON.stringify writes them, for number-text.ts, which says what each function is asked.
 * scripts/wasm.mjs builds this file and writes the module's bytes into number-text.built.ts.
 */
typedef unsigned char byte;
typedef unsigned int u32;
typedef unsigned long long u64;

extern byte __heap_base;
__attribute__((export_name("room"))) byte *room(void) { return &__heap_base; }

static u32 printed;
__attribute__((export_name("printed"))) u32 entries_printed(void) { return printed; }

static const u64 fives[25] = {
  1ull, 5ull, 25ull, 125ull, 625ull, 3125ull, 15625ull, 78125ull, 390625ull, 1953125ull, 9765625ull, 48828125ull, 244140625ull, 1220703125ull,
  6103515625ull, 30517578125ull, 152587890625ull, 762939453125ull, 3814697265625ull, 19073486328125ull, 95367431640625ull, 476837158203125ull,
  2384185791015625ull, 11920928955078125ull, 59604644775390625ull,
};

/* a * b = high * 2^64 + low */
static inline u64 multiply(u64 a, u64 b, u64 *high) {
  u64 a0 = (u32)a, a1 = a >> 32, b0 = (u32)b, b1 = b >> 32;
  u64 low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (u32)middle;
  *high = a1 * b1 + (middle >> 32) + (other >> 32);
  return other << 32 | (u32)low;
}

/*
 * The shortest decimal that reads as `value`, between 1e-6 and 1e4, and among those the nearest, as ECMAScript asks: all digits
 * in the result, and in *point how many of them stand behind the point.
 *
 * value = mantissa * 2^exponent is scaled by 10^n to 17 digits before the point. With 5^n below 2^56 the product is exact:
 * whole + fraction / 2^shift. Numbers up to half a unit of the mantissa away read alike, which is 0.55 to 11.1 of the scaled
 * ones; the ends count where the mantissa is even. So multiples of 100 there are unique, and the next shortest are those of 10.
 */
static inline u64 shortest(double value, int *point) {
  u64 bits;
  __builtin_memcpy(&bits, &value, 8);
  u64 mantissa = (bits & 0xfffffffffffffull) | 0x10000000000000ull;
  int exponent = (int)(bits >> 52) - 1075;
  int n = value < 1e-5 ? 22 : value < 1e-4 ? 21 : value < 1e-3 ? 20 : value < 1e-2 ? 19 : value < 1e-1 ? 18 : value < 1 ? 17 : value < 10 ? 16 : value < 100 ? 15 : value < 1000 ? 14 : 13;
  u32 shift = (u32)(2 - exponent - n);
  u64 high, low = multiply(4 * mantissa, fives[n], &high);
  u64 whole = high << (64 - shift) | low >> shift;
  u64 unit = 1ull << shift, fraction = low & (unit - 1);
  u64 odd = mantissa & 1;
  u64 above = 2 * fives[n] - odd, below = (mantissa == 0x10000000000000ull ? fives[n] : 2 * fives[n]) - odd;
  u32 r = (u32)(whole % 100);
  *point = n;
  u64 down = r * unit + fraction, up = (100 - r) * unit - fraction;
  if (down <= below || up <= above) return down <= below ? whole - r : whole - r + 100;
  r %= 10;
  down = r * unit + fraction;
  up = (10 - r) * unit - fraction;
  int has_down = down <= below, has_up = up <= above;
  if (has_down || has_up) {
    u64 lower = whole - r;
    if (has_down && has_up) has_down = down < up || (down == up && lower / 10 % 2 == 0);
    return has_down ? lower : lower + 10;
  }
  u64 half = unit >> 1;
  return whole + (fraction > half || (fraction == half && (whole & 1)));
}

/* Nine digits, zeros before them. Divisions are of 32 bits, which are multiplications. */
static inline void print_nine(u32 value, byte *out) {
  for (int i = 8; i >= 0; i--) {
    u32 rest = value / 10;
    out[i] = (byte)('0' + (value - 10 * rest));
    value = rest;
  }
}

static inline byte *print(double value, byte *out) {
  int point;
  u64 digits = shortest(value, &point);
  byte text[18];
  u32 high = (u32)(digits / 1000000000);
  print_nine(high, text);
  print_nine((u32)(digits - 1000000000ull * high), text + 9);
  /* The point stands before text[whole]. */
  int whole = 18 - point, end = 18, i = 0;
  while (end > whole && end > 0 && text[end - 1] == '0') end--;
  while (i < whole - 1 && text[i] == '0') i++;
  if (whole <= 0) *out++ = '0';
  for (; i < whole; i++) *out++ = text[i];
  if (end <= whole) return out;
  *out++ = '.';
  for (int zeros = whole; zeros < 0; zeros++) *out++ = '0';
  for (i = whole > 0 ? whole : 0; i < end; i++) *out++ = text[i];
  return out;
}

/* Entries with a comma behind each, sign * value; up to the first of a size that `shortest` does not know. Returns bytes. */
__attribute__((export_name("print"))) u32 print_values(const float *values, u32 count, double sign, byte *out) {
  byte *at = out;
  u32 n = 0;
  for (; n < count; n++) {
    double value = sign * (double)values[n];
    if (value == 0) *at++ = '0';
    else {
      double size = value < 0 ? -value : value;
      if (!(size >= 1e-6 && size < 1e4)) break;
      if (value < 0) *at++ = '-';
      at = print(size, at);
    }
    *at++ = ',';
  }
  printed = n;
  return (u32)(at - out);
}
