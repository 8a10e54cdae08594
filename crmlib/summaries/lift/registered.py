"""Tests that were registered in the client's folder: whoever was drawn then is a campaign's arm now."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from crmlib.errors import DataError, Problem
from crmlib.schema import STORE
from crmlib.summaries import Store

FOLDER, DESIGN, DRAW = "tests", "design.json", "draw.csv"


def with_registered(store: Store, client_dir: str | Path) -> Store:
    """The store with each registered test as a campaign of its own: its arms are those that were drawn, whatever was sent.

    Rows of the contact log that name the same campaign are replaced by the draw (intention to treat); their costs are known from the design.

    Args:
        store: The client's store.
        client_dir: The client's folder; its ``tests/<name>/`` hold what `holdout.register` wrote.

    Raises:
        DataError: a registered test that cannot be read.
    """
    found = [_read(path) for path in sorted(Path(client_dir).glob(f"{FOLDER}/*/{DESIGN}"))]
    if not found:
        return store
    drawn = pd.concat([rows for _, rows in found], ignore_index=True)
    names = [str(plan["campaign_id"]) for plan, _ in found]
    own = ibis.memtable(drawn, schema=ibis.schema(STORE["contacts"]))
    others = store.contacts.filter(~ibis.coalesce(store.contacts.campaign_id, "").isin(names))
    contacts = others.select(*STORE["contacts"]).union(own.select(*STORE["contacts"]))
    plans = ibis.memtable(pd.DataFrame([plan for plan, _ in found]), schema=ibis.schema(STORE["campaigns"]))
    listed = store.campaigns.filter(~ibis.coalesce(store.campaigns.campaign_id, "").isin(names))
    campaigns = listed.select(*STORE["campaigns"]).union(plans.select(*STORE["campaigns"]))
    return dataclasses.replace(
        store, contacts=contacts, campaigns=campaigns, present=store.present | {"contacts", "campaigns"}
    )


def _read(path: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    where = f"{FOLDER}/{path.parent.name}"
    try:
        design = json.loads(path.read_text("utf-8"))
        rows = pd.read_csv(path.with_name(DRAW), dtype={"customer_id": "int64", "stratum": "str", "arm": "str"})
        named = {
            "campaign_id": path.parent.name,
            "channel": design["channel"],
            "purpose": "test",
            "version": design["version"],
        }
        facts = named | {"sent_date": pd.Timestamp(design["start"]).date(), "segment": rows["stratum"]}
        float(design["holdout"])
        cost = (rows["arm"] == "treated") * int(design["cost"]) if design["cost"] is not None else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "Restore the folder as it was registered, or move it away."
        raise DataError(
            Problem(f"the registered test cannot be read ({type(error).__name__})", where, hint=hint)
        ) from None
    made = rows[["customer_id", "arm"]].assign(**facts, cost=cost)
    plan = dict.fromkeys(STORE["campaigns"]) | {
        "campaign_id": path.parent.name,
        "name": path.parent.name,
        "purpose": "test",
    }
    plan |= {"holdout_share": float(design["holdout"]), "channel": design["channel"]}
    return plan, made.reindex(columns=list(STORE["contacts"]))
