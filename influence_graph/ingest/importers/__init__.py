"""Importers of public data sets: each turns the published files, as they are, into record batches.

:data:`IMPORTERS` is the catalog. An importer names its files, its license and the records that it makes
of them; the code that reads them is loaded when it is used. A second import yields the same records
with the same event ids, so that a store has nothing to change.
"""

from __future__ import annotations

from influence_graph.ingest.importers.base import Importer, ImportOptions

__all__ = ["IMPORTERS", "ImportOptions", "Importer"]

_CATALOG = (
    Importer(
        name="lastfm",
        about="Last.fm listeners, their friends and the artists they played; undated, so all at one nominal date",
        citation="Cantador, Brusilovsky, Kuflik: HetRec workshop, RecSys 2011",
        license="non-commercial use only",
        files=("artists.dat", "user_artists.dat", "user_friends.dat"),
        source="HetRec 2011 Last.fm 2K, GroupLens",
    ),
    Importer(
        name="ciao",
        about="Ciao reviewers, whom they trust (follows), and their dated 1 to 5 star reviews of products",
        citation="Tang, Gao, Liu: mTrust, WSDM 2012",
        license="none stated, research data",
        files=("ciao_trust_57544.csv", "ciao_ratings_36065.csv"),
        source="Ciao of J. Tang, the version of LibMF with 36,065 ratings, as comma-separated integers",
    ),
    Importer(
        name="stackexchange",
        about="Who was active under which Android question, seconds after its first author, and the users' links",
        citation="Sankar, Zhang, Krishnan, Han: Inf-VAE, WSDM 2020",
        license="CC BY-SA",
        files=("edges.txt", "cascades.txt"),
        source="Inf-VAE Android cascades",
    ),
    Importer(
        name="airline",
        about="Tweets to six airlines with their sentiment; one pseudonymous consumer per tweet",
        citation="Crowdflower, Twitter US Airline Sentiment, 2015",
        license="CC BY-NC-SA 4.0",
        files=("tweets.csv",),
        source="Twitter US Airline Sentiment, Kaggle, with the column tweet_created",
    ),
    Importer(
        name="cdnow",
        about="Purchases of compact discs at CDNOW, 1997 to June 1998; the first of each customer, then repeats",
        citation="Fader, Hardie: CDNOW master data set",
        license="MIT by way of the package lifetimes",
        files=("CDNOW_master.txt",),
        source="CDNOW master data set of B. Hardie, or of the package lifetimes",
    ),
    Importer(
        name="edges",
        about="Any network: edge list, KONECT, Matrix Market, Pajek, GraphML, GEXF, GML, Gephi or neo4j-admin CSV",
        citation="whoever published the file",
        license="that of the file",
        files=("*",),
        source="SNAP, KONECT, Gephi, networkx and the like, or a file of your own",
    ),
    Importer(
        name="story",
        about="Annie, June, the singer, the sweater, the restaurant and the concert: small enough to read",
        citation="this project",
        license="Apache-2.0",
        files=(),
        source="the folder datasets/story of this project",
    ),
    Importer(
        name="town",
        about="A synthetic town of any size with known truth: who influences whom, what each concert sold",
        citation="this project",
        license="Apache-2.0",
        files=(),
        source="the file datasets/town/parameters.json of this project",
    ),
)

IMPORTERS: dict[str, Importer] = {importer.name: importer for importer in _CATALOG}
"""All importers by name."""
