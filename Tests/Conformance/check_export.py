#!/usr/bin/env python3
"""Checks what a running market exports from outside: equal triples in all syntaxes, DCAT-AP's shapes, the market's own
stricter ones (which must also notice what is broken on purpose), and a harvester's session with ckanapi.

    check_export.py BASE [VALIDATOR]     VALIDATOR: ../shared/conformance/dcat-ap/validate.py where it is there
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request

import ckanapi
import pyshacl
import rdflib

BASE, VALIDATOR = sys.argv[1], (sys.argv[2:] or [None])[0]
SHAPES = rdflib.Graph().parse(os.path.join(os.path.dirname(__file__), "responsible-party.shapes.ttl"), format="turtle")
SYNTAXES = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/ld+json": "json-ld"}
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
ODRL2 = rdflib.ODRL2
DMT = rdflib.Namespace("urn:datamarket:terms#")
PRODUCT = rdflib.URIRef("urn:datamarket:terms#Product")


def demand(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")
    print(f"ok: {message}", flush=True)


def fetch(media):
    with urllib.request.urlopen(urllib.request.Request(f"{BASE}/catalog", headers={"Accept": media})) as answer:
        demand(answer.headers.get_content_type() == media, f"/catalog answers {media} to who accepts it")
        return answer.read()


def conforms(graph):
    return pyshacl.validate(graph, shacl_graph=SHAPES, inference="none")[0]


def statements(graph):
    """The triples, with each blank node told by what it says: in an export they are trees, each pointed to once."""
    def told(node):
        if not isinstance(node, rdflib.BNode):
            return node.n3()
        return "[" + ";".join(sorted(f"{p} {told(o)}" for p, o in graph.predicate_objects(node))) + "]"
    return collections.Counter((s.n3(), p.n3(), told(o)) for s, p, o in graph if not isinstance(s, rdflib.BNode))


def without(graph, statement):
    broken = rdflib.Graph()
    for triple in graph:
        if triple != statement:
            broken.add(triple)
    return broken


def check_graphs():
    texts = {media: fetch(media) for media in SYNTAXES}
    graphs = {media: rdflib.Graph().parse(data=text, format=SYNTAXES[media]) for media, text in texts.items()}
    turtle = graphs["text/turtle"]
    for media, graph in graphs.items():
        demand(len(graph) == len(turtle) and statements(graph) == statements(turtle),
               f"{media} holds the same {len(turtle)} triples as Turtle")
    return texts["text/turtle"], graphs["text/turtle"]


def check_official(text):
    if not VALIDATOR:
        print("skipped: the official shapes are not beside the project")
        return
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        file.write(text)
        file.flush()
        for profile in ("base", "full"):
            result = subprocess.run([sys.executable, VALIDATOR, "--profile", profile, file.name],
                                    capture_output=True, text=True, check=False)
            if result.returncode:
                print(result.stdout + result.stderr)
            last = (result.stdout.strip().splitlines() or ["no answer"])[-1]
            demand(result.returncode == 0, f"DCAT-AP 3.0.1, profile {profile}: {last}")


def check_own(graph):
    datasets = len(set(graph.subjects(rdflib.RDF.type, DCAT.Dataset)))
    products = len(set(graph.subjects(rdflib.RDF.type, PRODUCT)))
    demand(products > 0 and conforms(graph),
           f"{datasets} datasets, {products} of them products, have a responsible party, and products what they came from")
    product = next(graph.subjects(rdflib.RDF.type, PRODUCT))
    entry = next(s for s in graph.subjects(rdflib.RDF.type, DCAT.Dataset) if (s, rdflib.RDF.type, PRODUCT) not in graph)
    attribution = graph.value(entry, PROV.qualifiedAttribution)
    bare = without(graph, None)
    bare.remove((entry, PROV.qualifiedAttribution, None))
    demand(not conforms(bare), "a dataset without a responsible party is noticed")
    bare = without(graph, (attribution, DCAT.hadRole, graph.value(attribution, DCAT.hadRole)))
    demand(not conforms(bare), "a responsible party without a role is noticed")
    bare = without(graph, None)
    bare.remove((graph.value(attribution, rdflib.DCTERMS.temporal), DCAT.startDate, None))
    demand(not conforms(bare), "a responsible party without a start is noticed")
    bare = without(graph, None)
    bare.remove((product, PROV.wasDerivedFrom, None))
    demand(not conforms(bare), "a product of nothing is noticed")


def check_policies(graph):
    offers = list(graph.subjects(rdflib.RDF.type, ODRL2.Offer))
    entries = list(graph.subjects(rdflib.RDF.type, ODRL2.Set))
    used = {term for triple in graph for term in triple if str(term).startswith(str(ODRL2))}
    unknown = sorted(term for term in used if term not in ODRL2)
    demand(offers and not unknown,
           f"{len(offers)} offers and {len(entries)} entries have policies, of {len(used)} terms of ODRL 2.2 {unknown}")
    demand(set(graph.subjects(DMT.condition)) == {graph.value(predicate=ODRL2.hasPolicy, object=e) for e in entries} != set(),
           "every entry with conditions has a policy")
    for kind, action in (("retention", ODRL2["delete"]), ("redistribution", ODRL2.distribute)):
        stated = len(set(graph.subjects(DMT.kind, rdflib.Literal(kind))))
        demand(0 < stated <= len(set(graph.subjects(ODRL2.action, action))), f"{stated} of {kind} are rules to {action.rpartition('/')[2]}")
    bare = without(graph, None)
    bare.remove((next(graph.subjects(rdflib.RDF.type, ODRL2.Constraint)), ODRL2.rightOperand, None))
    demand(not conforms(bare), "a constraint by nothing is noticed")


def check_harvest():
    portal = ckanapi.RemoteCKAN(BASE, user_agent="datamarket-test")
    names = portal.action.package_list()
    pages = [portal.action.package_list(limit=50, offset=start) for start in range(0, len(names) + 50, 50)]
    demand(names and sum(pages, []) == names, f"package_list pages through all {len(names)} datasets in order")
    found = portal.action.package_search(q="*:*", rows=1000, sort="name asc")
    demand(found["count"] == len(names) and [p["name"] for p in found["results"]] == names[:1000],
           "package_search finds the same")
    package = portal.action.package_show(id=names[0])
    demand(package == portal.call_action("package_show", {"id": package["id"]}, requests_kwargs={}) ==
           found["results"][0], "package_show answers the same by name, by id and in a search")
    organisations = portal.action.organization_list(all_fields=True)
    demand(sum(o["package_count"] for o in organisations) == len(names), f"{len(organisations)} organisations have them all")
    name = organisations[-1]["name"]
    demand(portal.action.organization_show(id=name)["title"] == organisations[-1]["title"], "organization_show knows one")
    of_one = portal.action.package_search(fq=f"organization:{name}", rows=0)["count"]
    demand(of_one == organisations[-1]["package_count"], "a search by organisation counts as many")
    tag = next(t["name"] for p in found["results"] for t in p["tags"])
    tagged = portal.action.package_search(fq=f'tags:"{tag}"', rows=1000)["results"]
    demand(tagged and all(tag in [t["name"] for t in p["tags"]] for p in tagged), "a search by tag finds only what has it")
    everything = portal.action.current_package_list_with_resources(limit=1000, offset=0)
    demand({p["name"] for p in everything} == set(names[:1000]), "current_package_list_with_resources has them all")
    demand(not re.search(r"[\w.]+@[\w-]+\.\w+", json.dumps(everything)), "no e-mail address in any dataset")
    for action, parameters, refusal in (("package_show", {"id": "nothing"}, ckanapi.NotFound),
                                        ("organization_show", {"id": "nothing"}, ckanapi.NotFound),
                                        ("package_search", {"q": "title:(a OR b)"}, ckanapi.ValidationError),
                                        ("package_list", {"limit": -1}, ckanapi.ValidationError)):
        try:
            portal.call_action(action, parameters)
            demand(False, f"{action} refuses {parameters}")
        except refusal:
            demand(True, f"{action} refuses {parameters}")


turtle_text, turtle_graph = check_graphs()
check_official(turtle_text)
check_own(turtle_graph)
check_policies(turtle_graph)
check_harvest()
