"""Build the training corpus from freely licensed packages: fetch, clean, deduplicate, split by file.

    python training/data_recipe.py --fetch --work .cache/train

Writes WORK/train.jsonl, WORK/anneal.jsonl and WORK/heldout.jsonl (one document per line: source, path, group, text)
and training/corpus.tsv (source, version, licence, group, documents, bytes).
"""

import argparse
import gzip
import hashlib
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from html.parser import HTMLParser

import rollout_text

# Wheels with permissive licences. Left out on purpose: the projects whose sources appear in the
# evaluation rollouts (django, sqlfluff, pvlib, astroid, pydicom, marshmallow, astropy).
WHEELS = """openai anthropic smolagents langchain-core pydantic-ai-slim transformers fastapi starlette
aiohttp rich textual sqlalchemy scrapy typer httpx werkzeug trio hypothesis nltk networkx mpmath scipy
tornado twisted celery boto3 docutils pip setuptools jsonschema dask distributed nbformat
jupyter_server notebook ipython poetry mypy black dulwich awscli""".split()
NPM = """rxjs zod immer @tanstack/query-core @tanstack/table-core express eslint lodash vite
react-hook-form openai commander yargs prettier d3-array d3-scale d3-shape d3-hierarchy d3-selection
date-fns axios fastify koa ink marked undici mobx @angular/core ai langchain @langchain/core""".split()
# Debian documentation packages: licence, byte cap.
DEBS = {
    "python3.11-doc": ("PSF-2.0", 9_000_000),
    "sqlite3-doc": ("public-domain", 4_500_000),
    "nodejs-doc": ("MIT", 2_500_000),
    "postgresql-doc-15": ("PostgreSQL", 5_500_000),
    "perl-doc": ("Artistic-1.0-Perl", 2_500_000),
    "rust-doc": ("MIT OR Apache-2.0", 3_500_000),
    "vim-runtime": ("Vim", 2_500_000),
}
CAPS = {"python-stdlib": 7_000_000, "awscli": 2_500_000, "transformers": 1_200_000, "scipy": 1_000_000}
WHEEL_CAP, NPM_CAP = 600_000, 300_000
ROLLOUT_BYTES, ANNEAL_ROLLOUT_BYTES, ANNEAL_SHARE = 6_000_000, 8_000_000, 4
HELDOUT_PERCENT = 2
CODE = (".py", ".js", ".mjs", ".ts", ".tsx", ".jsx", ".c", ".h", ".sh")
TEXT = (".md", ".mdx", ".rst", ".txt", ".pod", ".html")
SKIPPED_TAGS = {"script", "style", "nav", "head", "svg", "button", "footer"}
BLOCK_TAGS = {"p", "div", "li", "h1", "h2", "h3", "h4", "pre", "tr", "dt", "dd", "table", "section"}


class PageText(HTMLParser):
    """Collect the visible text of an HTML page, keeping preformatted blocks as they are."""

    def __init__(self):
        super().__init__()
        self.parts, self.hidden, self.pre = [], 0, 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in SKIPPED_TAGS
        self.pre += tag == "pre"
        if tag in BLOCK_TAGS:
            self.parts.append("\n\n" if tag[0] in "ph" else "\n")

    def handle_endtag(self, tag):
        self.hidden -= tag in SKIPPED_TAGS and self.hidden > 0
        self.pre -= tag == "pre" and self.pre > 0
        if tag in BLOCK_TAGS:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data if self.pre else re.sub(r"\s+", " ", data))


def page_text(html):
    parser = PageText()
    parser.feed(html)
    return re.sub(r"[ \t]+\n", "\n", "".join(parser.parts)).strip()


def run(*command, cwd):
    subprocess.run(command, cwd=cwd, check=True)


def listed_versions(table):
    """{source: version} of a corpus.tsv, empty when there is none."""
    rows = table.read_text().splitlines()[1:] if table.exists() else []
    return dict(row.split("\t")[:2] for row in rows)


def fetch(work, versions, wheels, npm, debs):
    """Download every package through its ordinary client, wheels and npm packages in the version that `versions` names."""
    for folder in ("wheels", "npm", "debs"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    pinned = lambda name, key, sign: f"{name}{sign}{versions[key]}" if key in versions else name
    pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", ".")
    run(*pip, *(pinned(name, name.replace("-", "_"), "==") for name in wheels), cwd=work / "wheels")
    run("npm", "pack", "--silent", *(pinned(name, "npm:" + name, "@") for name in npm), cwd=work / "npm")
    run("apt-get", "download", "-qq", *debs, cwd=work / "debs")


def zip_files(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def tar_files(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.isfile():
                yield member.name, archive.extractfile(member).read()


def folder_files(root, skip):
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not any(part in name for part in skip):
            yield name, path.read_bytes()


def licence_of(metadata):
    """Read the licence of a wheel from its METADATA text."""
    for pattern in (
        r"^License-Expression: (.+)",
        r"^Classifier: License :: (?:OSI Approved :: )?(.+)",
        r"^License: (.+)",
        r"Licensed under the (.+?)[,(]",
    ):
        found = re.search(pattern, metadata, re.M)
        if found:
            return found.group(1).strip()[:60]
    return "see package"


def sources(work):
    """Yield (name, version, licence, byte cap, iterable of (path, bytes)) for every source."""
    stdlib = pathlib.Path(sysconfig.get_path("stdlib"))
    skip = ("site-packages", "__pycache__", "lib2to3/tests/data", "test/cjkencodings", "encodings/", "pydoc_data")
    yield "python-stdlib", sys.version.split()[0], "PSF-2.0", CAPS["python-stdlib"], folder_files(stdlib, skip)
    yield from packages(work, DEBS)
    licences = pathlib.Path("/usr/share/common-licenses")
    yield "debian:base-files", "common-licenses", "verbatim copies", 500_000, folder_files(licences, ())


def packages(work, debs):
    """The fetched packages; `debs` gives licence and byte cap of the Debian ones."""
    for path in sorted((work / "wheels").glob("*.whl")):
        name, version = path.name.split("-")[:2]
        files = dict(zip_files(path))
        metadata = next(data for key, data in files.items() if key.endswith(".dist-info/METADATA")).decode()
        yield name, version, licence_of(metadata), CAPS.get(name, WHEEL_CAP), files.items()
    for path in sorted((work / "npm").glob("*.tgz")):
        files = dict(tar_files(path.read_bytes()))
        package = json.loads(files["package/package.json"])
        yield "npm:" + package["name"], package["version"], package["license"], NPM_CAP, files.items()
    for path in sorted((work / "debs").glob("*.deb")):
        name, version = path.name.split("_")[:2]
        licence, cap = debs[name]
        tar = subprocess.run(("dpkg", "--fsys-tarfile", path), capture_output=True, check=True).stdout
        yield "debian:" + name, version.replace("%3a", ":"), licence, cap, tar_files(tar)


def wanted(name, path):
    """Per source, which files are worth reading."""
    if name == "debian:base-files":
        return True
    if name == "debian:python3.11-doc":
        return path.endswith(".rst.txt")
    if name == "debian:rust-doc":
        return path.endswith(".html") and re.search(r"/html/(book|reference|rust-by-example|nomicon|cargo|edition-guide)/", path)
    if name == "debian:vim-runtime":
        return "/doc/" in path and path.endswith(".txt")
    if name == "debian:nodejs-doc":
        return path.endswith(".html") and not path.endswith("all.html")
    if name == "debian:perl-doc":
        return path.endswith(".pod")
    if re.search(r"\.min\.|/dist/umd|\.d\.[cm]?ts$|/locale|/cjs/|\.cjs$|_vendor/|/bundles?/", path):
        return False
    return path.endswith(CODE + TEXT)


def clean(path, data):
    """Decode one file; None when it is too large, not UTF-8, mostly not English or machine-made."""
    if path.endswith(".gz"):
        data = gzip.decompress(data)
    if not 200 < len(data) < 600_000:
        return None
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    if path.endswith(".html"):
        text = page_text(text)
    if "\0" in text or len(text) < 200:
        return None
    lines = text.count("\n") + 1
    if len(text) / lines > 160 or sum(ord(c) > 127 for c in text) > 0.03 * len(text):
        return None
    digits = sum(c.isdigit() for c in text)
    return None if digits > 0.25 * len(text) else text


def digest(text):
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def is_heldout(key):
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % 100 < HELDOUT_PERCENT


def deduplicate(text, seen):
    """Drop paragraphs that were already read, in this file or another."""
    kept = []
    for paragraph in text.split("\n\n"):
        normal = re.sub(r"\s+", " ", paragraph).strip()
        if len(normal) >= 60:
            key = digest(normal)
            if key in seen:
                continue
            seen.add(key)
        kept.append(paragraph)
    return "\n\n".join(kept).strip("\n")


def collect(found):
    """Read all sources in hash order up to their caps; return documents and one table row per source."""
    documents, rows = [], []
    for name, version, licence, cap, files in found:
        chosen = [(path, data) for path, data in files if wanted(name, path)]
        chosen.sort(key=lambda item: digest(f"{name}/{item[0]}"))
        taken = 0
        rows.append((name, version, licence))
        for path, data in chosen:
            text = clean(path, data)
            if text and taken < cap:
                taken += len(text)
                group = "code" if path.endswith(CODE) else "text"
                documents.append({"source": name, "path": path, "group": group, "text": text})
    return documents, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/train"))
    parser.add_argument("--table", type=pathlib.Path, default=pathlib.Path(__file__).with_name("corpus.tsv"))
    parser.add_argument("--fetch", action="store_true", help="download the packages first")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    if args.fetch:
        fetch(args.work, listed_versions(args.table), WHEELS, NPM, DEBS)

    documents, rows = collect(sources(args.work))
    parts = {"train": [], "anneal": [], "heldout": []}
    for document in documents:
        parts["heldout" if is_heldout(f"{document['source']}/{document['path']}") else "train"].append(document)
    seen = set()
    for part in ("train", "heldout"):  # training files first: nothing held out repeats them
        for document in parts[part]:
            document["text"] = deduplicate(document["text"], seen)
        parts[part] = [document for document in parts[part] if len(document["text"]) >= 200]
    # The last part of the training reads more rollout-like text beside a quarter of the files.
    real = parts["train"]
    parts["anneal"] = [d for d in real if digest(d["path"])[0] % ANNEAL_SHARE == 0] + rollout_text.generate(
        real, ANNEAL_ROLLOUT_BYTES, "anneal"
    )
    parts["train"] = real + rollout_text.generate(real, ROLLOUT_BYTES, "train")
    parts["heldout"] += rollout_text.generate(parts["heldout"], ROLLOUT_BYTES * HELDOUT_PERCENT // 100, "heldout")
    rows.append(("espalier-rollout-text", "2", "made by rollout_text.py"))

    write_parts(args.work, parts)
    write_table(args.table, parts, rows)


def write_parts(work, parts):
    for part, chosen in parts.items():
        random.Random(part).shuffle(chosen)
        with open(work / f"{part}.jsonl", "w", encoding="utf-8") as out:
            out.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in chosen)
        print(part, len(chosen), "documents", sum(len(d["text"].encode()) for d in chosen), "bytes")


def write_table(path, parts, rows):
    """One row per source and group: documents of the first part, bytes of every part."""
    names = list(parts)
    with open(path, "w", encoding="utf-8") as out:
        out.write("source\tversion\tlicence\tgroup\tdocuments\tbytes" + "".join(f"\t{part}_bytes" for part in names[1:]) + "\n")
        for name, version, licence in rows:
            for group in ("text", "code", "rollout"):
                size = {
                    part: [len(d["text"].encode()) for d in chosen if d["source"] == name and d["group"] == group]
                    for part, chosen in parts.items()
                }
                if any(size.values()):
                    columns = "\t".join(str(sum(size[part])) for part in names)
                    out.write(f"{name}\t{version}\t{licence}\t{group}\t{len(size[names[0]])}\t{columns}\n")


if __name__ == "__main__":
    main()
