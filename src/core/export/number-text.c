/*
 * Floats as JSON.stringify writes numbers, whole ones with ".0" behind, for number-text.ts, which says what each function is asked.
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

/* The two digits of each number below 100. */
static const byte pairs[201] =
  "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869"
  "707172737475767778798081828384858687888990919293949596979899";

/* a * b = high * 2^64 + low */
static inline u64 multiply(u64 a, u64 b, u64 *high) {
  u64 a0 = (u32)a, a1 = a >> 32, b0 = (u32)b, b1 = b >> 32;
  u64 low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (u32)middle;
  *high = a1 * b1 + (middle >> 32) + (other >> 32);
  return other << 32 | (u32)low;
}

/* By power of two from 2^-20 on: 16 less the decimal exponent of that power, and the power of ten above it. */
static const byte places[34] = {23, 22, 22, 22, 21, 21, 21, 20, 20, 20, 20, 19, 19, 19, 18, 18, 18, 17, 17, 17, 16, 16, 16, 16, 15, 15, 15, 14, 14, 14, 13, 13, 13, 13};
static const double next_ten[34] = {
  1e-6, 1e-5, 1e-5, 1e-5, 1e-4, 1e-4, 1e-4, 1e-3, 1e-3, 1e-3, 1e-3, 1e-2, 1e-2, 1e-2, 1e-1, 1e-1, 1e-1, 1, 1, 1,
  10, 10, 10, 10, 100, 100, 100, 1000, 1000, 1000, 1e4, 1e4, 1e4, 1e4,
};

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
  /* 2^-20 < 1e-6 <= value < 1e4 < 2^14: the power of two says the digits before the point but for one. */
  int row = exponent + 72;
  int n = places[row] - (value >= next_ten[row]);
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
  u32 upper = value / 10000, lower = value - 10000 * upper;
  u32 top = upper / 10000, middle = upper - 10000 * top;
  u32 a = middle / 100, b = lower / 100;
  out[0] = (byte)('0' + top);
  __builtin_memcpy(out + 1, pairs + 2 * a, 2);
  __builtin_memcpy(out + 3, pairs + 2 * (middle - 100 * a), 2);
  __builtin_memcpy(out + 5, pairs + 2 * b, 2);
  __builtin_memcpy(out + 7, pairs + 2 * (lower - 100 * b), 2);
}

static inline byte *print(double value, byte *out) {
  int point;
  u64 digits = shortest(value, &point);
  byte text[48];
  u32 high = (u32)(digits / 1000000000);
  print_nine(high, text);
  print_nine((u32)(digits - 1000000000ull * high), text + 9);
  /* The point stands before text[whole]. */
  int whole = 18 - point, end = 18, i = 0;
  while (end > whole && end > 0 && text[end - 1] == '0') end--;
  while (i < whole - 1 && text[i] == '0') i++;
  if (whole <= 0) *out++ = '0';
  for (; i < whole; i++) *out++ = text[i];
  *out++ = '.';
  if (end <= whole) {
    *out++ = '0';
    return out;
  }
  for (int zeros = whole; zeros < 0; zeros++) *out++ = '0';
  int start = whole > 0 ? whole : 0;
  /* As many bytes as there can be: what is too much is written over. */
  __builtin_memcpy(out, text + start, 8);
  __builtin_memcpy(out + 8, text + start + 8, 8);
  __builtin_memcpy(out + 16, text + start + 16, 2);
  return out + (end - start);
}

/* Entries with a comma behind each, sign * value; up to the first of a size that `shortest` does not know. Returns bytes. */
__attribute__((export_name("print"))) u32 print_values(const float *values, u32 count, double sign, byte *out) {
  byte *at = out;
  u32 n = 0;
  for (; n < count; n++) {
    double value = sign * (double)values[n];
    if (value == 0) {
      __builtin_memcpy(at, "0.0", 3);
      at += 3;
    } else {
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
