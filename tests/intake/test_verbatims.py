import pandas as pd

from crmlib import intake, workspace

YAML = """
name: {ja: a, en: a}
currency: JPY
as_of: 2024-12-31
sources:
  - {table: orders, files: raw/orders.csv}
  - {table: customers, files: raw/customers.csv, columns: {customer_id: id, name: [姓, 名], phone: TEL}}
  - {table: interactions, files: raw/calls.csv}
"""
CUSTOMERS = "id,姓,名,カナ,TEL\n1,綾小路,桜子,アヤノコウジサクラコ,090-1234-5678\n"
CALLS = """customer_id,interaction_date,text
1,2024-02-01,綾小路 桜子です。０９０−１２３４−５６７８へお電話ください
,2024-02-02,綾小路様の件。wagaya@example.com まで
,2024-02-03,とても良い
"""


def test_what_was_said_enters_the_store_without_names(tmp_path):
    (tmp_path / "raw").mkdir()
    for name, content in {
        "orders.csv": "customer_id,order_date,amount\n1,2024-01-01,100\n", "customers.csv": CUSTOMERS, "calls.csv": CALLS,
    }.items():  # fmt: skip
        (tmp_path / "raw" / name).write_text(content, "utf-8")
    (tmp_path / "client.yaml").write_text(YAML, "utf-8")
    intake.run(workspace.load(tmp_path))
    said = pd.read_parquet(tmp_path / "store" / "interactions.parquet")["text"].tolist()
    assert sorted(said) == ["[name]です。[phone]へお電話ください", "[name]様の件。[email] まで", "とても良い"]
