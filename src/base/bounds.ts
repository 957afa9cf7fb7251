/**
 * Every bound of the program, in one place. The README's table of bounds is made from the docstrings below (`npm run docs`), each
 * of the form "what is counted (unit). Reached: what then happens."; a bound that is reached becomes an issue or a sentence with
 * the number, and what was read before it stays.
 */

/**
 * One rendering of a conversation by a chat template (steps, and 500 more for each value and one for each character of the
 * conversation). Reached: an issue at the record, and no rollout; the other records load.
 */
export const MAX_TEMPLATE_STEPS = 100_000;

/** Steps of a chat template that stand in each other (steps). Reached: the same. */
export const MAX_TEMPLATE_DEPTH = 400;

/**
 * A text or list that a chat template makes (characters and entries, and 64 more for each character of the conversation). Reached:
 * the same.
 */
export const MAX_TEMPLATE_TEXT = 1_000_000;

/**
 * A parse worker of which nothing is heard (seconds, and one more for each 50,000 bytes of the record that it is at). Reached: it is
 * ended and another reads the record once more; then the record is an issue, and all others load.
 */
export const MAX_SILENT_SECONDS = 15;

/** A tokenizer that is made ready in a worker (seconds). Reached: the files are not opened, and a sentence says why. */
export const MAX_CONFIGURE_SECONDS = 120;

/** Workers that die at the same record, or before any record of a part of a file (workers). Reached: an issue; the rest loads. */
export const MAX_DEATHS_AT_RECORD = 3;

/** Records of one 4 MiB part of a file that stop their workers (records). Reached: each further one of that part is an issue. */
export const MAX_STUCK_RECORDS = 8;

/**
 * What the forests of a tab take while files are opened, by what was read of them (bytes; a renderer is held to about 4 GB). Reached:
 * reading ends there, what was read stays, and each file that is not read to its end is an issue with the numbers.
 */
export const MAX_TAB_FOREST_BYTES = 3_000_000_000;

/** The page's session that answers nothing (seconds). Reached: the page says so, and offers to open the files again. */
export const MAX_SILENT_SESSION_SECONDS = 20;

/** The page's language model that is loaded or run (minutes in which nothing is heard of it). Reached: it is ended; its scores stay. */
export const MAX_SILENT_MODEL_MINUTES = 10;

/**
 * The page's session or model that is told to stop, or to open other files (seconds). Reached: it is ended, and a new one takes its
 * place.
 */
export const MAX_STOPPING_SECONDS = 5;

/**
 * One line, or one record that is read at once (bytes; engines hold texts of up to 2^29 − 24 characters). Reached: an issue; the
 * records around it load.
 */
export const MAX_TEXT_BYTES = 500_000_000;

/**
 * A file whose lines together are one or several rollouts, such as a session of a coding agent (bytes). Reached: an issue, and nothing
 * of it is read; the other files load.
 */
export const MAX_TOGETHER_BYTES = 256 << 20;

/** Connections to the server of the page at once (connections). Reached: further ones are closed; those that stand go on. */
export const MAX_CONNECTIONS = 256;

/** Requests that wait on one connection to the server of the page (requests). Reached: the connection is closed. */
export const MAX_WAITING_REQUESTS = 64;

/** The head of a request to the server of the page (bytes). Reached: status 431 in a sentence, and the connection is closed. */
export const MAX_REQUEST_HEAD_BYTES = 16_384;

/** A request to the server of the page, until it is whole (seconds). Reached: status 408 in a sentence, and the connection is closed. */
export const REQUEST_HEAD_SECONDS = 10;

/** A connection to the server of the page over which nothing goes (seconds). Reached: it is closed, and the file that it read. */
export const SILENT_CONNECTION_SECONDS = 60;

/**
 * Window of a zstd frame longer than 128 KiB (bytes; `zstd --long` asks for as many). Reached: an issue; what was unpacked before is
 * read.
 */
export const MAX_ZSTD_WINDOW_BYTES = 128 << 20;

/** Bytes that a packed file gives before their ratio to its own counts (bytes). Reached: the ratio below holds. */
export const FREE_UNPACKED_BYTES = 256 << 20;

/**
 * Bytes that a packed file gives beyond those, all that it holds together (bytes for each of its own). Reached: an issue at the member;
 * what was unpacked before is read, and what comes after it is not.
 */
export const MAX_UNPACK_RATIO = 2000;

/** One member of a packed file (bytes). Reached: an issue at the member; what was unpacked before is read. */
export const MAX_UNPACKED_BYTES = 2 ** 36;

/** Surprisal of a token that was drawn (nats; float32 holds no smaller probability). Reached: a note; it counts as unknown. */
export const MAX_SURPRISAL = 104;

/** Entropy of a token (nats; that of 2^32 tokens, more than any vocabulary has). Reached: a note; it counts as unknown. */
export const MAX_ENTROPY = 22.181;

/**
 * How far a log-prob lies above 0, or an entropy below it, by the rounding of whoever computed it (nats). Reached: it counts as
 * unknown; up to there as 0. A note says how many of either there are.
 */
export const ROUNDING_NATS = 0.001;

/**
 * What the probabilities that a log lists for one token add up to beyond 1 (of probability; servers in half precision round so).
 * Reached: a note; the list is not used.
 */
export const ROUNDING_MASS = 0.05;

/** Entropy, surprisal or gradient norm of a token in a scores file (as given). Reached: the file is refused. */
export const MAX_SCORE_NATS = 100_000;

/** A reward, by its size (as logged). Reached: a note; it counts as unknown. */
export const MAX_REWARD = 1e100;

/** An advantage or an imported score, by its size (as given; float32 holds its products). Reached: a note; it counts as unknown. */
export const MAX_ADVANTAGE = 1e30;

/** A token id (as logged; ids are held in 32 bits). Reached: a note, and the record's texts are used; where it has none, an issue. */
export const MAX_TOKEN_ID = 2_147_483_647;
/**
 * Lists and objects inside one another in a record, a document around records, or JSON in a text (levels). Reached: the record is an
 * issue with its depth; what is no record is not read.
 */
export const MAX_NESTING = 512;

/**
 * What one record comes to once all its rollouts and branches are written out, what they share in each (bytes, four for a token, one
 * for a character of other text, and 16 more for each byte of the record). Reached: an issue with the number; what goes beyond is not
 * read.
 */
export const MAX_EXPANSION = 1 << 26;

/** What a record may come to in addition for each of its own bytes (bytes). Reached: as above. */
export const EXPANSION_PER_BYTE = 16;

/**
 * Messages of one rollout over all its branches, shared ones in each (messages; eight times as many may be referred to by its model
 * calls). Reached: an issue with the number.
 */
export const MAX_ROLLOUT_MESSAGES = 1 << 21;

/**
 * Fields of one record beside its conversation (numbers, verdicts, and words of up to 256 characters). Reached: the first are columns,
 * the others are counted.
 */
export const MAX_FIELDS_OF_A_RECORD = 64;

/**
 * Columns of such fields over all records, of which there are at most 128 (cells). Reached: those that the most rollouts have are kept,
 * the others are counted.
 */
export const MAX_FIELD_CELLS = 1 << 24;

/** What surrounds the records of a JSON document (bytes). Reached: an issue; the records load without it. */
export const MAX_SURROUNDING_BYTES = 1 << 26;

/**
 * Issues and notes of one kind that are told of one file (issues or notes). Reached: the first in the file are told, the others are
 * counted.
 */
export const MAX_ISSUES_OF_A_KIND = 1000;

/** Notes of one kind that are told of one record (notes). Reached: the first are told, the others are counted. */
export const MAX_NOTES_OF_A_RECORD = 100;

/** Issues and notes that are told of all files together (issues and notes). Reached: those of later files are counted only. */
export const MAX_ISSUES = 100_000;

/** The text of an issue that says what was expected, or what was found (characters). Reached: the text is cut, and says so. */
export const MAX_ISSUE_TEXT = 400;

/**
 * A pipe, a device, standard input, or an address that states no length (bytes). Reached: an issue at it, and what came before is read;
 * of an address a sentence, and nothing.
 */
export const MAX_STREAM_BYTES = 2 ** 30;

/** A file that a flag names, where it is a pipe or a device (bytes). Reached: a sentence, and exit code 2. */
export const MAX_FLAG_STREAM_BYTES = 64 << 20;

/** A file of verdicts, or of notes and labels (characters). Reached: a sentence that says so, and nothing of the file is used. */
export const MAX_NOTES_LENGTH = 64 << 20;

/**
 * A pipe, a device or standard input before any line that begins as JSON does (bytes). Reached: an issue, as of a file that is no log;
 * no more is read.
 */
export const MAX_STREAM_TEXT_BYTES = 4 << 20;

/**
 * The text of a filter (characters; half as many in an act, a fortieth as many parentheses or denials in each other). Reached: a
 * sentence; nothing is filtered.
 */
export const MAX_FILTER_CHARACTERS = 4000;

/**
 * A search in one record (seconds, and one more for each 50,000 bytes of it). Reached: the search ends with a sentence; what was found
 * before it is lost.
 */
export const MAX_SEARCH_SECONDS = 5;

/** Lines of a stack of acts (lines). Reached: a sentence; the stack stays as it was. */
export const MAX_ACTS = 64;

/** Nodes or rollouts that one line of a stack of acts names (keys). Reached: the same. */
export const MAX_ACT_KEYS = 4_096;
