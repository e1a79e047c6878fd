"""How well the search finds: nDCG@10 and recall@20 over the judged queries of Tests/Relevance, beside two peers.

The peers are what PostgreSQL offers by itself: full text by the configuration `simple`, and trigrams. All three look at the
same entries, those of the catalogues that a query was judged over.
"""
import csv
import hashlib
import json
import math
import os
import subprocess
import sys
import urllib.parse
import urllib.request

from measure import BASE, DATABASE, ROOT, rows

SOURCES = {
    "tw-taoyuan.csv.gz": "TW-TAOYUAN", "tw-taichung.csv": "TW-TAICHUNG", "us-cdc.data.json.gz": "US-CDC",
    "us-baltimore-20200722.data.json": "US-BALTIMORE", "us-dc-20201118.data.json.gz": "US-DC"}
JUDGED_OVER = {"zh": ["TW-TAOYUAN", "TW-TAICHUNG"], "en": ["US-CDC", "US-BALTIMORE", "US-DC"]}


def queries():
    with open(f"{ROOT}/Tests/Relevance/queries.json", encoding="utf-8") as file:
        return json.load(file)["queries"]


def entry(judgement):
    digest = hashlib.sha256(judgement["identifier"].encode()).hexdigest()
    return f"{SOURCES[judgement['catalogue']]}-{digest[:16].upper()}"


def load(program, administration):
    """The judged catalogues, and the synonyms of the demonstration."""
    for name, source in SOURCES.items():
        subprocess.run([program, "import", "directory", f"{ROOT}/../shared/data/catalogs/{name}", "--source", source,
                        "--administration", administration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    token = subprocess.run([program, "token", "create", "--party", administration, "--role", "administrator"], check=True,
                           capture_output=True, text=True).stdout.split()[-1]
    with open(f"{ROOT}/demonstration/market/synonyms.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            request = urllib.request.Request(
                f"{BASE}/v1/search/synonyms/{urllib.parse.quote(row['word'])}", method="PUT",
                data=json.dumps({"synonyms": row["synonyms"].split("|")}).encode(),
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
            urllib.request.urlopen(request).close()


def by_search(query):
    asked = urllib.parse.urlencode(
        {"q": query["query"], "limit": 20, "source": JUDGED_OVER[query["language"]]}, doseq=True)
    with urllib.request.urlopen(f"{BASE}/v1/search?{asked}") as answer:
        return [item["code"] for item in json.load(answer)["items"]]


def by_statement(order, condition):
    def find(query):
        text = query["query"].replace("'", "''")
        sources = ", ".join(f"'{source}'" for source in JUDGED_OVER[query["language"]])
        return [row[0] for row in rows(
            f"SELECT code FROM relevance_peer WHERE source IN ({sources}) AND {condition.replace('$1', text)} "
            f"ORDER BY {order.replace('$1', text)} DESC, code LIMIT 20")]
    return find


def scores(found, query):
    grades = {entry(judgement): judgement["grade"] for judgement in query["judgements"]}
    gain = sum((2 ** grades.get(code, 0) - 1) / math.log2(place + 2) for place, code in enumerate(found[:10]))
    best = sum((2 ** grade - 1) / math.log2(place + 2)
               for place, grade in enumerate(sorted(grades.values(), reverse=True)[:10]))
    return gain / best, sum(code in grades for code in found) / min(20, len(grades))


def compare():
    rows("DROP TABLE IF EXISTS relevance_peer")
    rows("""CREATE TABLE relevance_peer AS SELECT entry.code, source.code AS source, text, to_tsvector('simple', text) AS words
        FROM directory_entry AS entry JOIN directory_source AS source ON source.id = entry.source_id
        JOIN entry_in_force ON entry_in_force.entry_id = entry.id
        JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = entry_in_force.number
        CROSS JOIN LATERAL (SELECT concat_ws(' ', version.title, document->>'keywords', document->'publisher'->>'name',
            document->'descriptions'->0->>'text') AS text) AS texts""")
    finders = {
        "this search": by_search,
        "to_tsvector('simple')": by_statement("ts_rank(words, plainto_tsquery('simple', '$1'))",
                                              "words @@ plainto_tsquery('simple', '$1')"),
        "trigrams": by_statement("word_similarity('$1', text)", "word_similarity('$1', text) > 0.3")}
    judged = queries()
    print(f"{'judged queries':<16}{'number':>8}  {'found by':<24}{'nDCG@10':>9}{'recall@20':>11}")
    for language in sorted({query["language"] for query in judged}):
        asked = [query for query in judged if query["language"] == language]
        for name, find in finders.items():
            measured = [scores(find(query), query) for query in asked]
            means = [sum(column) / len(asked) for column in zip(*measured)]
            print(f"{language:<16}{len(asked):>8}  {name:<24}{means[0]:>9.3f}{means[1]:>11.3f}", flush=True)
            if os.environ.get("EACH"):
                for query, (gain, recall) in zip(asked, measured):
                    print(f"    {query['query']}: {gain:.2f} {recall:.2f}", file=sys.stderr)
    rows("DROP TABLE relevance_peer")
