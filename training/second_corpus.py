"""Build the corpus of the second run: the files of the first, more prose and TypeScript, more kinds of agent text.

    python training/second_corpus.py --fetch --work .cache/train

Reads WORK/train.jsonl and WORK/heldout.jsonl of data_recipe.py, which stay as they are. Writes WORK/second.jsonl,
WORK/second_anneal.jsonl and training/second_corpus.tsv. No file of the new sources is held out; a paragraph that
stands in a held-out file is dropped from them.
"""

import argparse
import gzip
import json
import pathlib
import random
import re

from data_recipe import CODE, clean, collect, deduplicate, digest, fetch, listed_versions, packages, wanted, write_parts, write_table
from session_text import generate_more

WHEELS = ("sympy", "more-itertools", "algorithms")
NPM = ("effect", "viem", "@reduxjs/toolkit", "ajv", "@noble/curves", "@trpc/server", "xstate", "type-fest")
# Debian packages of prose: licence, byte cap, which files.
DEBS = {
    "apt-doc": ("GPL-2.0+", 400_000, r"guide\.html/.*\.html$|guide\.en\.html"),
    "debian-faq": ("verbatim, changed copies under the same notice", 600_000, r"\.en\.html$"),
    "debian-handbook": ("GPL-2.0+ OR CC-BY-SA-3.0", 2_500_000, r"/en-US/.*\.html$"),
    "debian-policy": ("GPL-2.0+", 700_000, r"\.rst\.txt$"),
    "debian-reference-en": ("GPL-2.0+", 800_000, r"\.en\.html$"),
    "developers-reference": ("GPL-2.0+", 500_000, r"\.rst\.txt$"),
    "git-doc": ("GPL-2.0", 1_500_000, r"\.txt$"),
    "gnome-user-docs": ("CC-BY-SA-3.0", 1_500_000, r"/help/C/.*\.page$"),
    "golang-1.19-doc": ("BSD-3-Clause", 900_000, r"\.html$"),
    "installation-guide-amd64": ("GPL-2.0", 700_000, r"/en/.*\.html$"),
    "jargon-text": ("public domain", 1_600_000, r"jargon\.txt(\.gz)?$"),
    "maint-guide": ("GPL-2.0+", 300_000, r"\.en\.html$"),
    "manpages": ("verbatim, GPL-2.0+, BSD", 800_000, r"\.[1-8]\.gz$"),
    "manpages-dev": ("verbatim, GPL-2.0+, BSD", 800_000, r"\.[1-8]\.gz$"),
    "maxima-doc": ("GPL-2.0", 1_500_000, r"html/maxima_\d+\.html$"),
    "octave-doc": ("GPL-3.0+", 1_200_000, r"\.html$"),
    "postfix-doc": ("EPL-2.0 OR IPL-1.0", 900_000, r"html/[A-Z_]+_README\.html$"),
    "python-sympy-doc": ("BSD-3-Clause", 1_500_000, r"\.rst\.txt$"),
    "wordnet-base": ("WordNet-3.0", 2_000_000, r"/wordnet/data\.(noun|verb|adj|adv)$"),
}
CAPS = {"npm:effect": 900_000, "npm:viem": 500_000, "sympy": 900_000}
RUDE = re.compile(r"slur|offensive|disparag|obscen|vulgar|sexual|derogatory")
LINES = 400  # of a word list in one document
# Bytes of each part: agent text, new sources, code and text of the first corpus.
SHARES = {
    "second": {"rollout": 10_000_000, "new": 12_000_000, "code": 12_000_000, "text": 7_000_000},
    "second_anneal": {"rollout": 7_000_000, "new": 2_500_000, "code": 5_000_000, "text": 2_000_000},
}


def manual_text(source):
    """The text of a manual page without its formatting requests."""
    source = re.sub(r"^[.'](?:SH|SS|TP|TH|IP) ?(.*)$", r"\n\1", source, flags=re.M)
    source = re.sub(r"^[.'](?:B|I|BR|IR|RB|RI|BI|IB) (.*)$", lambda m: m[1].replace('"', ""), source, flags=re.M)
    source = re.sub(r"^[.'](?:PP|P|LP)$", "", source, flags=re.M)
    source = re.sub(r"^[.'].*\n", "", source, flags=re.M)
    return (
        re.sub(r"\\(?:f[BIRP]|f\(..|&|,|/)", "", source).replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\").replace("\\ ", " ")
    )


def gloss_lines(source):
    """Words with their meanings and examples, one sense per line, without the rude ones."""
    for line in source.splitlines():
        parts = line.split()
        if not line.startswith(" ") and len(parts) > 4 and not RUDE.search(line):
            words = parts[4 : 4 + 2 * int(parts[3], 16) : 2]
            yield f"{', '.join(words).replace('_', ' ')}: {line.split(' | ')[1].strip()}"


def readable(name, path, data):
    """(path, bytes) that data_recipe.clean can read; several for a word list."""
    if name == "debian:wordnet-base":
        lines = list(gloss_lines(data.decode()))
        random.Random(path).shuffle(lines)
        return [(f"{path}/{i}.txt", "\n".join(lines[i : i + LINES]).encode()) for i in range(0, len(lines), LINES)]
    if path.endswith(".gz"):
        path, data = path.removesuffix(".gz"), gzip.decompress(data)
    text = data.decode("utf-8", "replace")
    if name.startswith("debian:manpages"):
        return [(path + ".txt", manual_text(text).encode())]
    if path.endswith(".page"):
        return [(path + ".txt", re.sub(r"[ \t]*\n\s*\n\s*", "\n\n", re.sub(r"(?s)<info>.*?</info>|<[^>]+>", "", text)).encode())]
    if name == "debian:jargon-text":  # one file of 1.5 MB
        return [(f"{path}/{i}.txt", text[i : i + 40_000].encode()) for i in range(0, len(text), 40_000)]
    return [(path, data)]


def new_sources(work):
    """The packages of this list as data_recipe.sources gives them, their wanted files made readable."""
    for name, version, licence, cap, files in packages(work, {key: value[:2] for key, value in DEBS.items()}):
        pattern = DEBS[name.removeprefix("debian:")][2] if name.startswith("debian:") else None
        chosen = [
            (path, data)
            for path, data in files
            if (re.search(pattern, path) if pattern else wanted(name, path) and not re.search(r"/dist/|/_(types|esm|cjs)/|/tests?/", path))
        ]
        read = [item for path, data in chosen for item in readable(name, path, data)]
        yield name, version, licence, CAPS.get(name, cap), read


def read_part(work, part):
    with open(work / f"{part}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def up_to(documents, limit, salt):
    """Documents in the order of a hash up to so many characters."""
    chosen, size = [], 0
    for document in sorted(documents, key=lambda d: digest(f"{salt}/{d['source']}/{d['path']}")):
        if size < limit:
            chosen.append(document)
            size += len(document["text"])
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/train"))
    parser.add_argument("--table", type=pathlib.Path, default=pathlib.Path(__file__).with_name("second_corpus.tsv"))
    parser.add_argument("--fetch", action="store_true", help="download the packages first")
    args = parser.parse_args()
    packed = args.work / "second"
    if args.fetch:
        fetch(packed, listed_versions(args.table), WHEELS, NPM, DEBS)

    first = [document for document in read_part(args.work, "train") if document["group"] != "rollout"]
    seen = set()
    for document in [*read_part(args.work, "heldout"), *first]:
        deduplicate(document["text"], seen)  # nothing new repeats what was held out or read before
    new, rows = collect((name, version, licence, cap, files) for name, version, licence, cap, files in new_sources(packed))
    for document in new:
        document["text"] = deduplicate(document["text"], seen)
        document["group"] = "code" if document["path"].endswith(CODE) else "text"
    new = [document for document in new if len(document["text"]) >= 200]

    rng = random.Random("second")
    agent = generate_more(rng, first + new, sum(share["rollout"] for share in SHARES.values()))
    parts = {}
    for part, share in SHARES.items():
        made = up_to(agent, share["rollout"], part) if part == "second" else [d for d in agent if all(d is not o for o in parts["second"])]
        parts[part] = [*made, *up_to(new, share["new"], part)]
        for group in ("code", "text"):
            parts[part] += up_to([d for d in first if d["group"] == group], share[group], part)
    old = {name: (name, "as in corpus.tsv", "as in corpus.tsv") for name in sorted({d["source"] for d in first})}
    write_parts(args.work, parts)
    write_table(args.table, parts, [*rows, *old.values(), ("espalier-session-text", "1", "made by session_text.py and reasoning_text.py")])


if __name__ == "__main__":
    main()
