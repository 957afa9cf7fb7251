/*
 * The canonical text of JSON arguments, straight from how they are written, and its hash: for canonical-arguments.ts, which says what
 * each function is asked and what is left to others. It puts the text into this module's memory with a zero byte behind it.
 *
 * scripts/wasm.mjs builds this file and writes the module's bytes into canonical-arguments.built.ts.
 */
typedef unsigned char byte;
typedef unsigned short unit;
typedef unsigned int u32;

#define EXPORT(name) __attribute__((export_name(#name))) name

/* Lists and objects that are this deep in others are left to others, and objects with more members. */
#define DEEPEST 24u
#define MEMBERS 512u
/* Digits of a decimal number that a double always gives back, and places behind its dot up to which no exponent is written. */
#define SURE_DIGITS 15
#define SURE_PLACES 6

/* Where the text is read, and where the canonical one is written: it is never longer. */
static const byte *at;
static unit *out;
/* Members of the objects around: units of the name with its quotes, and of all with name and value. */
typedef struct { unit *from; u32 name, size; } Member;
static Member members[MEMBERS];
static u32 held;
static struct { u32 lanes[4], length; } made;

extern byte __heap_base;
byte *EXPORT(room)(void) { return &__heap_base; }
void *EXPORT(state)(void) { return &made; }

static u32 write_value(u32 depth);

static inline byte next(void) {
  while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') at++;
  return *at;
}

/* What `\s` matches. */
static inline u32 is_blank(u32 code) {
  if (code < 0x80) return code == ' ' || (code >= 9 && code <= 13);
  return code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f ||
         code == 0x205f || code == 0x3000 || code == 0xfeff;
}

/* Whether a time or a UUID may be of these bytes. */
static u32 may_be_volatile(const byte *from, const byte *to) {
  if (to - from < 10 || (from[4] != '-' && from[8] != '-')) return 0;
  for (; from < to; from++) {
    byte low = *from | 32;
    if ((*from < '0' || *from > ':') && (low < 'a' || low > 'f') && low != 't' && low != 'z' && *from != ' ' && *from != '.' &&
        *from != '+' && *from != '-')
      return 0;
  }
  return 1;
}

/* With one space for every run of blanks, and none at the ends. 0, as all that follow: it is left to others. */
static u32 write_string(void) {
  const byte *from = ++at;
  unit *to = out, *start = out + 1;
  *to++ = '"';
  u32 parted = 1;
  for (;;) {
    u32 code = *at++;
    if (code <= '"' || code == '\\' || code >= 0x80) {
      if (code == '"') break;
      if (code < ' ') return 0;
      if (code == '\\') {
        code = *at++;
        if (code == 'n' || code == 't' || code == 'r' || code == 'f') code = ' ';
        else if (code == '"' || code == '\\') *to++ = '\\';
        else if (code != '/') return 0;
      } else if (code >= 0xf0) {
        code = (code & 7) << 18 | (at[0] & 63u) << 12 | (at[1] & 63u) << 6 | (at[2] & 63u);
        at += 3;
        *to++ = 0xd7c0 + (code >> 10);
        code = 0xdc00 | (code & 0x3ff);
      } else if (code >= 0xe0) {
        code = (code & 15) << 12 | (at[0] & 63u) << 6 | (at[1] & 63u);
        at += 2;
      } else if (code >= 0x80) code = (code & 31) << 6 | (*at++ & 63u);
      if (is_blank(code)) code = ' ';
    }
    /* Words are short, and a branch at each of their ends would be guessed wrong: a second blank is written and then written over. */
    u32 blank = code == ' ';
    *to = code;
    to += 1 - (blank & parted);
    parted = blank;
  }
  if (may_be_volatile(from, at - 1)) return 0;
  if (parted && to > start) to--;
  *to++ = '"';
  out = to;
  return 1;
}

/* A name of which each character stands for itself. */
static u32 write_name(void) {
  if (next() != '"') return 0;
  *out++ = '"';
  for (at++; *at != '"';) {
    u32 code = *at++;
    if (code < ' ' || code == '\\' || code >= 0x80) return 0;
    *out++ = code;
  }
  at++;
  *out++ = '"';
  return 1;
}

static u32 copy(u32 bytes) {
  while (bytes-- > 0) *out++ = *at++;
  return 1;
}

static u32 write_word(const char *word) {
  u32 size = 0;
  for (; word[size] != 0; size++) if (at[size] != (byte)word[size]) return 0;
  return copy(size);
}

static inline u32 digits(const byte *from) {
  u32 count = 0;
  while (from[count] >= '0' && from[count] <= '9') count++;
  return count;
}

/* A whole number or a short decimal one, as JavaScript would write it. */
static u32 write_number(void) {
  u32 sign = *at == '-';
  const byte *from = at + sign;
  u32 whole = digits(from), dot = from[whole] == '.', places = dot ? digits(from + whole + 1) : 0;
  if (whole == 0 || whole + places > SURE_DIGITS) return 0;
  if (from[0] == '0' && (whole > 1 || (sign && !dot))) return 0;
  if (dot && (places == 0 || places > SURE_PLACES || from[whole + places] == '0')) return 0;
  return copy(sign + whole + dot + places);
}

static u32 write_list(u32 depth) {
  copy(1);
  if (next() != ']')
    for (;;) {
      if (!write_value(depth + 1)) return 0;
      if (next() != ',') break;
      copy(1);
    }
  return *at == ']' && copy(1);
}

/* Whether a name of `size` units is `word`, in small letters or capitals. */
static u32 is_word(const unit *name, u32 size, const char *word) {
  u32 i = 0;
  for (; word[i] != 0; i++) if (i >= size || (name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 32u : name[i]) != (byte)word[i]) return 0;
  return i == size;
}

/* Names whose values differ between identical actions. */
static u32 is_volatile(const unit *name, u32 size) {
  static const char *const words[] = {"id", "uuid", "callid", "call_id", "timestamp", "time", "date", "created", "created_at", "nonce",
                                      "seed", "requestid", "request_id"};
  for (u32 i = 0; i < sizeof words / sizeof *words; i++) if (is_word(name, size, words[i])) return 1;
  return size >= 3 && is_word(name + size - 3, 3, "_id");
}

/* Below 0, 0 or above: order of the names, which are without their quotes. */
static int compare(const Member *a, const Member *b) {
  u32 both = (a->name < b->name ? a->name : b->name) - 2;
  for (u32 i = 1; i <= both; i++) if (a->from[i] != b->from[i]) return a->from[i] < b->from[i] ? -1 : 1;
  return a->name < b->name ? -1 : a->name > b->name;
}

/* Puts the members from `first` on, of which each but the first has a comma before it, in order; 0: a name comes twice. */
static u32 put_in_order(u32 first, unit *begin) {
  u32 ordered = 1, size = out - begin;
  for (u32 i = first + 1; i < held && ordered; i++) ordered = compare(&members[i - 1], &members[i]) < 0;
  if (ordered) return 1;
  for (u32 i = first + 1; i < held; i++) {
    Member moved = members[i];
    u32 to = i;
    for (; to > first && compare(&members[to - 1], &moved) > 0; to--) members[to] = members[to - 1];
    members[to] = moved;
  }
  for (u32 i = first + 1; i < held; i++) if (compare(&members[i - 1], &members[i]) == 0) return 0;
  /* There is room for all of it once more behind it. */
  unit *copied = out;
  for (u32 i = 0; i < size; i++) copied[i] = begin[i];
  unit *to = begin;
  for (u32 i = first; i < held; i++) {
    if (i > first) *to++ = ',';
    const unit *from = copied + (members[i].from - begin);
    for (u32 k = 0; k < members[i].size; k++) *to++ = from[k];
  }
  return 1;
}

static u32 write_object(u32 depth) {
  copy(1);
  unit *begin = out;
  u32 first = held;
  if (next() != '}')
    for (;;) {
      unit *before = out;
      if (held > first) *out++ = ',';
      unit *from = out;
      if (held == MEMBERS || !write_name() || next() != ':') return 0;
      u32 name = out - from;
      copy(1);
      if (!write_value(depth + 1)) return 0;
      if (is_volatile(from + 1, name - 2)) out = before;
      else members[held++] = (Member){from, name, out - from};
      if (next() != ',') break;
      at++;
    }
  u32 fine = put_in_order(first, begin);
  held = first;
  return fine && *at == '}' && copy(1);
}

static u32 write_value(u32 depth) {
  switch (next()) {
    case '"': return write_string();
    case '{': return depth < DEEPEST && write_object(depth);
    case '[': return depth < DEEPEST && write_list(depth);
    case 't': return write_word("true");
    case 'f': return write_word("false");
    case 'n': return write_word("null");
    default: return write_number();
  }
}

/* As hash128Of of base/hash.ts before its end: a multiply-xor lane each. */
static void hash(const unit *from, const unit *to) {
  u32 a = 0x9e3779b9, b = 0x85ebca6b, c = 0xc2b2ae35, d = 0x27d4eb2f;
  made.length = to - from;
  for (u32 i = 0; i < made.length; i++) {
    u32 each = from[i];
    a = (a ^ each) * 0x01000193;
    b = (b ^ each) * 0x5bd1e995 ^ a >> 15;
    c = (c ^ each ^ b >> 13) * 0x1b873593;
    d = (d ^ (each + i)) * 0xcc9e2d51 ^ c >> 16;
  }
  made.lanes[0] = a;
  made.lanes[1] = b;
  made.lanes[2] = c;
  made.lanes[3] = d;
}

/* Of the `size` bytes at `text`, behind the `head` units at `units`. */
u32 EXPORT(canonical)(const byte *text, u32 size, unit *units, u32 head) {
  at = text;
  out = units + head;
  held = 0;
  if (!write_value(0) || next() != 0 || at != text + size) return 0;
  hash(units, out);
  return 1;
}
