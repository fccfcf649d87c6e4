"""Names of columns: which are the ends, in which direction, and which are none."""

from __future__ import annotations

import pytest

from influence_graph.ingest.networks.names import roles_of

FORWARD = (
    "source,target",
    "FromNodeId,ToNodeId",
    "SrcID,DstID",
    "fromnodeid,tonodeid",
    "from_id,to_id",
    "follower_id,followee_id",
    "user_from,user_to",
    "userID,friendID",
    "source_user_name,target_user_name",
    "truster,trustee",
    "id_1,id_2",
    "nodeA,nodeB",
    "startNode,endNode",
    "start,end",
    "Follower,Following",
    "sender,receiver",
    "from_user,to_user",
    "name,friend",
    "fan,page",
)
NONE = (
    "ann,june",
    "id,name",
    "from_paris,to_rome",
    "start_date,end_date",
    "sima,simb",
    "tweet,retweet",
    "x,y",
    "source,source",
    "id,followers",
)


@pytest.mark.parametrize("names", FORWARD)
def test_both_ends_are_known_in_either_order(names):
    first, second = names.split(",")
    assert (roles_of([first, second]).ends, roles_of([first, second]).certain) == ((0, 1), True)
    if first[-1] not in "1A":
        assert (roles_of([second, first]).ends, roles_of([second, first]).certain) == ((1, 0), True)


@pytest.mark.parametrize("names", NONE)
def test_other_names_are_not_taken_for_ends(names):
    assert not roles_of(names.split(",")).certain


def test_ends_and_time_among_other_columns():
    roles = roles_of(["Id", "Weight", "Source", "Target", "start", "end", "Timestamp"])
    assert (roles.ends, roles.since, roles.certain) == ((2, 3), 6, True)
